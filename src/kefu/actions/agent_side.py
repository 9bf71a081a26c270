"""The agents' side of the one door: sign in, the list, threads, and acts on them."""

import time
from typing import Final
from uuid import UUID

from kefu.actions import assign, case, open_file, sign_in, status, upload
from kefu.actions.door import Door, require
from kefu.actions.sign_in import SignedIn
from kefu.agents import passwords
from kefu.agents import permissions as may
from kefu.agents import store as agents
from kefu.core import crypto
from kefu.core.errors import AlertUnknown, ConversationUnknown, SignInNeeded, SignInRefused
from kefu.core.records import Agent
from kefu.core.views import Alert, CaseView, Colleague, InboxPage, InboxRow, Thread, View
from kefu.files.rows import FileRow
from kefu.reads import alerts as listing
from kefu.reads import conversation as conversations
from kefu.reads import inbox as lists
from kefu.realtime import hub as topics
from kefu.realtime.connection import Connection
from kefu.trust import store as trust

SOCKET_TOKEN_SECONDS: Final = 120
PRESENCE_SECONDS: Final = 60
MOST_SESSIONS: Final = 10_000


class AgentSide(Door):
    """What an agent may do, by the permissions of their role."""

    async def sign_in(self, email: str, password: str, client: str, address: str = "") -> SignedIn:
        """Return a session for the right password. Raises SignInRefused, RateLimited.

        client: what the session is bound to; address: where the request came from.
        """
        if len(email) > sign_in.LONGEST_ADDRESS:
            raise SignInRefused
        self._tries.begin(email, address, time.monotonic())
        found = await self.database.read(agents.credentials, email.strip())
        stored = found[1] if found else None
        right = await self.database.aside(passwords.matches, stored, password)
        if found is None or not right:
            raise SignInRefused
        self._tries.succeeded(email, address)
        agent = found[0]
        signed = await self.database.write(sign_in.start, agent, client, at=self._clock())
        await self.route()
        return signed

    async def agent(self, token: str, client: str) -> Agent | None:
        """Return the agent of a session cookie sent by the client it was given to, or None."""
        agent = await self.database.read(
            agents.by_session, at=self._clock(), token=token, client=client
        )
        if agent is not None and self._is_late(agent.session_id):
            await self.present(agent)
        return agent

    def _is_late(self, session_id: UUID | None) -> bool:
        """Return whether a session's presence is to be noted again: once a minute."""
        now = time.monotonic()
        if now - self._seen.get(session_id, float("-inf")) < PRESENCE_SECONDS:
            return False
        if len(self._seen) > MOST_SESSIONS:
            self._seen.clear()
        self._seen[session_id] = now
        return True

    async def sign_out(self, agent: Agent) -> None:
        """End the agent's session and its sockets, in every process."""
        if agent.session_id is not None:
            await self.database.write(sign_in.end, agent, agent.session_id, at=self._clock())
            await self.live.ended(topics.session_topic(agent.session_id))

    def socket_token(self, agent: Agent) -> str:
        """Return a token for the socket's hello, good for two minutes."""
        expires = int(time.time()) + SOCKET_TOKEN_SECONDS
        return crypto.sign(self.settings.secret_key, "socket", str(agent.session_id), expires)

    async def agent_of_socket(self, token: str) -> Agent:
        """Return the agent of a socket token. Raises SignInNeeded."""
        session = crypto.signed_subject(self.settings.secret_key, "socket", token, time.time())
        if session is None:
            raise SignInNeeded
        agent = await self.database.read(
            agents.by_session, at=self._clock(), session_id=UUID(session)
        )
        if agent is None:
            raise SignInNeeded
        return agent

    async def present(self, agent: Agent) -> None:
        """Note that the agent is at the desk, and let them have what waits for them."""
        await self.database.write(agents.touch, agent.id, agent.session_id, at=self._clock())
        await self.route()

    async def inbox(self, agent: Agent, view: View, after: str | None = None) -> InboxPage:
        """Return a page of a view of the list; its counts tell supervisors of alerts too."""
        page = await self._see(agent, may.READ, lists.page, view, agent.id, after=after)
        if may.may(agent.permissions, may.ALERTS):
            page.counts["alerts"] = await self.database.read(listing.unsettled)
        return page

    async def row(self, agent: Agent, conversation_id: UUID) -> InboxRow:
        """Return one conversation as the list shows it. Raises ConversationUnknown."""
        found = await self._see(agent, may.READ, lists.row, conversation_id)
        if found is None:
            raise ConversationUnknown
        return found

    async def thread(
        self, agent: Agent, conversation_id: UUID, *, after: int = 0, before: int | None = None
    ) -> Thread:
        """Return a conversation with its customer and a page of its log."""
        found = await self._see(
            agent, may.READ, conversations.thread, conversation_id, after=after, before=before
        )
        if found is None:
            raise ConversationUnknown
        return found

    async def case(self, agent: Agent, conversation_id: UUID) -> CaseView:
        """Return what a conversation is beside its lines. Raises ConversationUnknown."""
        return await self._see(agent, may.READ, case.case, agent, conversation_id)

    async def colleagues(self, agent: Agent) -> tuple[Colleague, ...]:
        """Return whom a conversation can be given to."""
        return await self._see(agent, may.AGENTS, conversations.colleagues)

    async def take(self, agent: Agent, conversation_id: UUID, *, free: bool = False) -> None:
        """Make the conversation the agent's own. Raises as `assign.take`."""
        await self._act(agent, may.ASSIGN, assign.take, conversation_id, free)

    async def assign(self, agent: Agent, conversation_id: UUID, to: UUID | None) -> None:
        """Give the conversation to a colleague, or to nobody."""
        await self._act(agent, may.ASSIGN, assign.assign, conversation_id, to)

    async def close(self, agent: Agent, conversation_id: UUID) -> None:
        """Close the conversation."""
        await self._act(agent, may.CLOSE, status.close, conversation_id)

    async def reopen(self, agent: Agent, conversation_id: UUID) -> None:
        """Open a closed conversation again. Raises AnotherOpen."""
        await self._act(agent, may.CLOSE, status.reopen, conversation_id)

    async def alerts(self, agent: Agent) -> tuple[Alert, ...]:
        """Return what the desk noticed, what nobody has looked at first."""
        return await self._see(agent, may.ALERTS, listing.listed)

    async def settle(self, agent: Agent, alert_id: UUID) -> None:
        """Note that the agent has looked at an alert. Raises AlertUnknown."""
        require(agent, may.ALERTS)
        at = self._clock()
        if not await self.database.write(trust.settle, [alert_id], agent.id, at=at):
            raise AlertUnknown

    async def open_file(self, agent: Agent, file_id: UUID) -> FileRow:
        """Let the agent see a file that nobody checked, which the log then says."""
        await self._act(agent, may.REPLY, open_file.open_file, file_id)
        return await self._see(agent, may.READ, upload.readable, agent, file_id)

    async def file_row(self, agent: Agent, file_id: UUID) -> FileRow:
        """Return what is known of a file. Raises FileUnknown."""
        return await self._see(agent, may.READ, upload.readable, agent, file_id)

    def arrive(self, agent: Agent, connection: Connection) -> None:
        """Let a socket follow the list."""
        require(agent, may.READ)
        self.hub.join(connection, topics.EVERY_AGENT)
        self.hub.join(connection, topics.session_topic(agent.session_id))

    async def watch(
        self, agent: Agent, connection: Connection, conversation_id: UUID, after: int
    ) -> int:
        """Let a socket follow a conversation from a line on; return its head."""
        found = await self._see(agent, may.READ, conversations.view, conversation_id)
        if found is None:
            raise ConversationUnknown
        self.hub.join(connection, topics.thread_topic(conversation_id))
        await self.resume(connection, conversation_id, after)
        return connection.cursors.get(conversation_id, found.head)

    def unwatch(self, connection: Connection, conversation_id: UUID) -> None:
        """Let a socket no longer follow a conversation."""
        self.hub.leave(connection, topics.thread_topic(conversation_id))
        connection.cursors.pop(conversation_id, None)
