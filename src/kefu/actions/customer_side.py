"""The customer's side of the one door: hello, identity, their own conversations."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from kefu import guard
from kefu.actions import access, escalate, finish, identify, visit
from kefu.actions import continue_by as continuing
from kefu.actions.door import Door, require
from kefu.actions.inboxes import Inbox
from kefu.actions.live import follow_owner
from kefu.actions.visit import Arrival
from kefu.agents import permissions as may
from kefu.conversations.escalations import To
from kefu.core import metrics
from kefu.core.errors import ConversationUnknown, HelloRefused
from kefu.core.ids import uuid7
from kefu.core.records import Owner, PublicEvent, Visitor
from kefu.core.views import ConversationView
from kefu.customers import store as customers
from kefu.customers import tokens
from kefu.reads import conversation as conversations
from kefu.reads import thread
from kefu.reads.public import public
from kefu.realtime import hub as topics
from kefu.realtime.connection import Connection


class PublicPage(Struct, frozen=True):
    """A stretch of a conversation as its customer sees it; `last` was the last line looked at."""

    conversation: ConversationView
    events: tuple[PublicEvent, ...]
    last: int


class CustomerSide(Door):
    """What a visitor or customer may do, each with what is their own."""

    async def hello(
        self,
        *,
        inbox_key: str | None,
        site: str | None,
        token: str | None,
        identity: str | None,
        language: str,
        listening: Connection | None = None,
    ) -> Arrival:
        """Return who a browser is. A bad visitor token makes a new visitor; a bad identity
        token leaves the visitor nameless and says so. Raises HelloRefused for a foreign site.
        listening: a socket that will follow the visitor.
        """
        inbox = await self.inboxes.by_key(inbox_key)
        origin = visit.origin_of(site) or self.settings.origin
        if origin != self.settings.origin and origin not in inbox.origins:
            raise HelloRefused
        arrival = await self._visit(inbox, origin, token, language, listening)
        return await self._identified(inbox, arrival, identity) if identity else arrival

    async def _visit(
        self,
        inbox: Inbox,
        site: str,
        token: str | None,
        language: str,
        listening: Connection | None,
    ) -> Arrival:
        key, at = self.settings.secret_key, time.time()
        visitor = token and visit.visitor_of(
            key, token, inbox_id=inbox.id, site=site, language=language, now=at
        )
        if visitor:
            if listening is not None:  # before the read: nothing said meanwhile may be missed
                self.hub.join(listening, topics.visitor_topic(visitor.id))
            known = await self.database.read(visit.known, visitor)
            if known is None:
                return Arrival(visitor, None, None)
            if not known.ended:
                named = replace(visitor, customer_id=known.customer_id, uid=known.uid)
                return Arrival(named, None, known.conversation)
        fresh = Visitor(uuid7(), inbox.id, site, language)
        return Arrival(fresh, visit.new_token(key, fresh, at), None)

    async def _identified(self, inbox: Inbox, arrival: Arrival, token: str) -> Arrival:
        try:
            identity = tokens.identity(
                token, inbox.identity_keys, audience=inbox.key, now=self._clock()
            )
            if arrival.visitor.uid == identity.uid:
                return arrival
            name = guard.clean(identity.name) if identity.name else None
            done = await self.database.contended_write(
                identify.identify, arrival.visitor, identity, name, at=self._clock()
            )
        except (tokens.IdentityRefused, *guard.REFUSALS) as error:
            if arrival.visitor.uid is not None and getattr(error, "reason", "") == "expired":
                return arrival  # known already: a browser may send the old token along
            metrics.refusals.labels(tokens.IdentityRefused.code).inc()
            return Arrival(arrival.visitor, arrival.token, arrival.conversation, error.code)
        visitor = done.visitor
        new = visitor.id != arrival.visitor.id
        if done.changes:
            await self.live.changed(done.changes)
        if not new:
            await self.live.joined(visitor.id, Owner(done.customer_id, inbox.id))
        fresh = visit.new_token(self.settings.secret_key, visitor, time.time()) if new else None
        conversation = await self.database.read(conversations.newest_of, done.customer_id, inbox.id)
        return Arrival(visitor, fresh or arrival.token, conversation)

    async def visitor(self, token: str, language: str) -> Visitor:
        """Return the visitor of a token, for requests after hello. Raises HelloRefused."""
        inbox_id = visit.inbox_of(self.settings.secret_key, token, time.time())
        if inbox_id is None:
            raise HelloRefused
        return await self._visitor(token, await self.inboxes.by_id(inbox_id), language)

    async def _visitor(self, token: str, inbox: Inbox, language: str) -> Visitor:
        for site in (self.settings.origin, *inbox.origins):
            visitor = visit.visitor_of(
                self.settings.secret_key,
                token,
                inbox_id=inbox.id,
                site=site,
                language=language,
                now=time.time(),
            )
            if visitor:
                known = await self.database.read(visit.known, visitor)
                if known is None:
                    return visitor
                if not known.ended:
                    return replace(visitor, customer_id=known.customer_id, uid=known.uid)
        raise HelloRefused

    async def log_out(self, visitor: Visitor) -> None:
        """End the visit: its token is refused from now on."""
        await self.database.write(identify.log_out, visitor, at=self._clock())
        await self.live.ended(topics.visitor_topic(visitor.id))

    async def conversations(self, visitor: Visitor) -> tuple[ConversationView, ...]:
        """Return the customer's conversations in this inbox, newest first."""
        require(visitor, may.OWN_READ)
        if visitor.customer_id is None:
            return ()
        return await self.database.read(conversations.all_of, visitor.customer_id, visitor.inbox_id)

    async def public_events(
        self, visitor: Visitor, conversation_id: UUID, after: int
    ) -> PublicPage:
        """Return the customer's conversation and what they may see after a line, 500 at most."""
        require(visitor, may.OWN_READ)
        found = await self._own(visitor, conversation_id)
        events = await self.database.read(thread.events_after, conversation_id, after)
        shown = tuple(shown for event in events if (shown := public(event)))
        return PublicPage(found, shown, events[-1].seq if events else after)

    async def transcript(
        self, visitor: Visitor, conversation_id: UUID
    ) -> tuple[ConversationView, list[PublicEvent]]:
        """Return the customer's conversation and all they may see of it."""
        page = await self.public_events(visitor, conversation_id, 0)
        events = list(page.events)
        while page.last < page.conversation.head:
            page = await self.public_events(visitor, conversation_id, page.last)
            events += page.events
        return page.conversation, events

    async def solve(self, visitor: Visitor, conversation_id: UUID) -> None:
        """Close the customer's own conversation: they need no more help."""
        require(visitor, may.OWN_WRITE)
        change = await self.database.contended_write(
            finish.solve, visitor, conversation_id, at=self._clock()
        )
        await self.tell([change] if change else [])

    async def escalate_own(self, visitor: Visitor, conversation_id: UUID, to: To) -> None:
        """Have somebody else look at the customer's own conversation, who never had it."""
        require(visitor, may.OWN_WRITE)
        change = await self.database.contended_write(
            escalate.own, visitor, conversation_id, to, at=self._clock()
        )
        await self.tell([change] if change else [])

    async def continue_by(self, visitor: Visitor, conversation_id: UUID, choice: str) -> None:
        """Remember how the answer is to reach a customer who will not wait in the chat."""
        require(visitor, may.OWN_WRITE)
        inbox = await self.inboxes.by_id(visitor.inbox_id)
        change = await self.database.contended_write(
            continuing.continue_by,
            visitor,
            conversation_id,
            choice,
            has_app=inbox.exchange is not None,
            at=self._clock(),
        )
        await self.tell([change] if change else [])

    async def speak(self, visitor: Visitor, language: str) -> None:
        """Remember the language the customer chose."""
        require(visitor, may.OWN_WRITE)
        if visitor.customer_id is not None:
            await self.database.write(
                customers.set_language, visitor.id, visitor.customer_id, language
            )

    @contextmanager
    def waiting(self, visitor: Visitor) -> Iterator[Connection]:
        """Give a connection that stirs when something of the customer's moves: for polling."""
        connection = Connection("customer")
        if visitor.owner is not None:
            follow_owner(self.hub, connection, visitor.owner)
        try:
            yield connection
        finally:
            self.hub.leave_all(connection)

    async def _own(self, visitor: Visitor, conversation_id: UUID) -> ConversationView:
        found = await self.database.read(conversations.view, conversation_id)
        if found is None or not await self.database.read(access.owns, visitor, found.customer_id):
            raise ConversationUnknown
        return found

    def follow(self, connection: Connection, arrival: Arrival) -> None:
        """Let a socket follow its own customer; a conversation that exists waits for resume."""
        self.hub.join(connection, topics.visitor_topic(arrival.visitor.id))
        if arrival.visitor.owner is not None:
            follow_owner(self.hub, connection, arrival.visitor.owner)
        if arrival.conversation is not None:
            connection.awaiting.add(arrival.conversation.id)

    async def resume_own(
        self, visitor: Visitor, connection: Connection, conversation_id: UUID, after: int
    ) -> ConversationView:
        """Send a socket of the customer what came after a line. Raises ConversationUnknown."""
        found = await self._own(visitor, conversation_id)
        await self.resume(connection, conversation_id, after)
        return found
