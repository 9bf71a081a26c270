"""The one door: every read and write of a person, a bot or a channel comes through here.

It checks the actor's permission, runs the action in one transaction, and after the commit
lets everybody know. Pages, sockets, API and commands call it and nothing below it.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from msgspec.structs import replace

from kefu import guard
from kefu.actions import double_check, escalate, receive, refuse, reply
from kefu.actions.agent_side import AgentSide
from kefu.actions.batch import Plan
from kefu.actions.colleague_side import ColleagueSide
from kefu.actions.customer_side import CustomerSide
from kefu.actions.door import require
from kefu.actions.floor_side import FloorSide
from kefu.actions.health import Health, Line, Turning
from kefu.actions.live import Live
from kefu.actions.queue_side import QueueSide
from kefu.actions.service_side import ServiceSide
from kefu.actions.waits import Waits
from kefu.agents import permissions as may
from kefu.core import metrics
from kefu.core.clock import Clock, now
from kefu.core.errors import KefuError
from kefu.core.records import Agent, Inbound, Outbound, Receipt
from kefu.core.settings import Settings
from kefu.core.text import SafeText
from kefu.files.blobs import Blobs
from kefu.files.ocr import Ocr
from kefu.intake import figures
from kefu.intake.intents import intent_of
from kefu.realtime.bus import Bus
from kefu.realtime.hub import Hub
from kefu.storage.db import Database
from kefu.storage.lane import Lane


class Desk(CustomerSide, AgentSide, ColleagueSide, QueueSide, FloorSide, ServiceSide):
    """The desk of one process. Errors are KefuErrors; what is acknowledged is committed."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        hub: Hub,
        bus: Bus,
        blobs: Blobs,
        *,
        clock: Clock = now,
        wake: Callable[[], None] = lambda: None,
        loops: Callable[[], Sequence[Turning]] = lambda: (),
        ocr: Ocr | None = None,
    ) -> None:
        live = Live(database, hub, bus)
        super().__init__(settings, database, live, hub, blobs, clock, wake, ocr)
        self.waits = Waits(database, hub, self.inboxes, clock)
        self._health = Health(database, hub, bus, settings.files_path, loops)
        room = settings.writer_queue
        self._received: Lane[Inbound, Receipt] = Lane("receive", self._receive, room=room)
        self._replied: Lane[Outbound, Receipt] = Lane("reply", self._reply, room=room)

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store a customer's message, in the conversation that is open or a new one."""
        require(inbound.visitor, may.OWN_WRITE)
        if inbound.text:
            verdict = await self._judged(inbound.text, "customer")
            intent = intent_of(inbound.text.value, inbound.language)
            inbound = replace(inbound, scams=verdict.reasons, intent=intent)
        return await self._received.put(inbound)

    async def reply(self, outbound: Outbound) -> Receipt:
        """Store an agent's message or note. Raises StaleReply, ConversationClosed, ...

        A message that asks for a secret is not sent: ReplyRefused, and an alert. One with a
        figure that differs from the case is held until it is confirmed: ReplyDiffers.
        """
        internal = outbound.visibility == "internal"
        require(outbound.agent, may.NOTE if internal else may.REPLY)
        if outbound.text and not internal:
            verdict = await self._judged(outbound.text, "agent")
            if verdict.verdict == "block":
                await self._refuse(outbound, verdict.reasons)
            outbound = await self._checked(outbound, outbound.text)
        return await self._replied.put(outbound)

    async def _checked(self, outbound: Outbound, text: SafeText) -> Outbound:
        """Return the message with the figures the agent confirmed. Raises ReplyDiffers."""
        if not figures.may_hold(text.value):
            return outbound
        found = await self.database.read(
            double_check.differing, outbound.conversation_id, text.value
        )
        if found and not outbound.confirmed:
            raise double_check.ReplyDiffers(found)
        return replace(outbound, differing=tuple((one.kind, one.start, one.end) for one in found))

    async def decline(self, agent: Agent, conversation_id: UUID, text: SafeText) -> None:
        """Refuse an escalation; the customer reads why. Raises NotEscalated, ReplyRefused."""
        require(agent, may.ESCALATE)
        verdict = await self._judged(text, "agent")
        if verdict.verdict == "block":
            refused = Outbound(agent, conversation_id, escalate.DECLINE, text)
            await self._refuse(refused, verdict.reasons)
        await self._act(agent, may.REPLY, escalate.decline, conversation_id, text)

    async def _judged(self, text: SafeText, role: guard.Role) -> guard.Verdict:
        """Return what the guard says of a text's words; a long one is read off the event loop."""
        if len(text) > guard.LONG:
            return await self.database.aside(guard.judge, text.value, role=role)
        return guard.judge(text.value, role=role)

    async def _refuse(self, outbound: Outbound, reasons: Sequence[str]) -> None:
        metrics.refusals.labels(refuse.ReplyRefused.code).inc()
        await self._act(outbound.agent, may.REPLY, refuse.refuse, outbound, reasons)
        raise refuse.refusal(reasons)

    async def _receive(self, batch: Sequence[Inbound], careful: bool) -> list[Receipt | KefuError]:
        plan = await self.database.write(receive.receive, batch, careful=careful, at=self._clock())
        return await self._told(plan, "customer")

    async def _reply(self, batch: Sequence[Outbound], careful: bool) -> list[Receipt | KefuError]:
        plan = await self.database.write(reply.reply, batch, at=self._clock())
        return await self._told(plan, "agent")

    async def _told(self, plan: Plan, author: str) -> list[Receipt | KefuError]:
        metrics.messages.labels(author).inc(len(plan.changes))
        for kind in plan.recalled:
            metrics.recalled.labels(kind).inc()
        await self.live.changed(plan.changes.values(), plan.newcomers)
        self._wake()
        return plan.results

    async def health(self, agent: Agent) -> list[Line]:
        """Return how each part of this process does."""
        require(agent, may.STATUS)
        return await self._health.lines((self._received, self._replied), self._clock())

    async def warm(self) -> None:
        """Read what judging needs, off the event loop, so that no first message waits for it."""
        await self.database.aside(guard.judge, "hello", role="customer")
        await self.database.aside(intent_of, "hello")

    async def drained(self) -> None:
        """Return when every accepted message is committed: for a clean stop."""
        await self._received.drained()
        await self._replied.drained()
