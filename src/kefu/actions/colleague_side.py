"""What agents ask of their colleagues, at the one door: take over, go further up, help aside."""

from uuid import UUID

from kefu.actions import double_check, escalate, hand_over, side
from kefu.actions.door import Door, require
from kefu.agents import permissions as may
from kefu.conversations.escalations import Reason, To
from kefu.core.records import Agent
from kefu.core.text import SafeText
from kefu.core.views import EscalationView, SideView
from kefu.intake.figures import Figure
from kefu.reads import escalations as cases
from kefu.reads import sides


class ColleagueSide(Door):
    """Handing over, escalating, side threads."""

    async def hand_over(
        self, agent: Agent, conversation_id: UUID, to: UUID, summary: SafeText
    ) -> None:
        """Give the conversation to a colleague, with a note that tells them what it is about."""
        require(agent, may.NOTE)
        await self._act(agent, may.ASSIGN, hand_over.to_colleague, conversation_id, to, summary)

    async def hand_over_to_team(
        self, agent: Agent, conversation_id: UUID, team: str, summary: SafeText
    ) -> None:
        """Put the conversation into a team's queue, with such a note."""
        require(agent, may.NOTE)
        await self._act(agent, may.ASSIGN, hand_over.to_team, conversation_id, team, summary)

    async def escalate(
        self, agent: Agent, conversation_id: UUID, to: To, reason: Reason, summary: SafeText
    ) -> None:
        """Escalate for the customer; the summary is a note for whoever takes over."""
        await self._act(
            agent, may.ESCALATE, escalate.escalate, conversation_id, to, reason, summary
        )

    async def escalations(self, agent: Agent, conversation_id: UUID) -> tuple[EscalationView, ...]:
        """Return the conversation's escalations, oldest first; one at most is open."""
        return await self._see(agent, may.READ, cases.shown, conversation_id)

    async def figures(self, agent: Agent, conversation_id: UUID) -> list[Figure]:
        """Return the figures that the customer wrote, the latest first."""
        return await self._see(agent, may.READ, double_check.beside, conversation_id)

    async def is_sensitive(self, agent: Agent, conversation_id: UUID) -> bool:
        """Return whether the case is about funds or times, so that figures in it are checked."""
        return await self._see(agent, may.READ, double_check.is_sensitive, conversation_id)

    async def open_side(
        self, agent: Agent, conversation_id: UUID, team: str, title: SafeText
    ) -> UUID:
        """Begin a side thread with a team and return its id.

        Its further lines are notes with that id: `Outbound.side`.
        """
        require(agent, may.NOTE)
        change = await self.database.contended_write(
            side.open_side, agent, conversation_id, team, title, at=self._clock()
        )
        await self.tell([change])
        return UUID(change.events[-1].data["side"])

    async def close_side(self, agent: Agent, conversation_id: UUID, side_id: UUID) -> None:
        """End a side thread. Raises SideUnknown."""
        await self._act(agent, may.NOTE, side.close_side, conversation_id, side_id)

    async def sides(self, agent: Agent, conversation_id: UUID) -> tuple[SideView, ...]:
        """Return the conversation's side threads with their lines, oldest first."""
        return await self._see(agent, may.READ, sides.of_conversation, conversation_id)

    async def open_sides(self, agent: Agent, team: str) -> tuple[SideView, ...]:
        """Return what a team is asked aside, longest open first."""
        return await self._see(agent, may.READ, sides.open_of, team)
