"""The supervisors' side of the one door: the floor as it stands, and who is planned when."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, tzinfo
from uuid import UUID

from kefu.actions import plan_shifts, refuse, staffing
from kefu.actions.door import Door, require
from kefu.actions.hand_over import TeamUnknown
from kefu.actions.plan_shifts import Span
from kefu.actions.staffing import Plan
from kefu.agents import permissions as may
from kefu.agents import shifts
from kefu.core.floor_views import Floor
from kefu.core.records import TEAMS, Agent
from kefu.core.text import SafeText
from kefu.reads import floor as floors


class FloorSide(Door):
    """What supervisors look at, note and plan."""

    async def floor(self, agent: Agent, zone: tzinfo) -> Floor:
        """Return the floor as it stands. zone: whose midnight today began at."""
        at = self._clock()
        return await self._see(agent, may.FLOOR, floors.floor, since=_midnight(at, zone), at=at)

    async def note_shift(self, agent: Agent, text: SafeText) -> None:
        """Leave a note to the next shift. Raises ReplyRefused for what agents must not write."""
        require(agent, may.FLOOR)
        refuse.check(text)
        await self.database.write(shifts.add_note, agent.id, text, at=self._clock())

    async def staffing(self, agent: Agent, team: str, zone: tzinfo) -> Plan:
        """Return the plan of a team for two weeks, from today of the zone on.

        Raises TeamUnknown.
        """
        require(agent, may.FLOOR)
        if team not in TEAMS:
            raise TeamUnknown
        at = self._clock()
        starts = _midnight(at, zone)
        return await self.database.read(staffing.read, team, starts, zone, at=at)

    async def add_shifts(self, agent: Agent, agent_id: UUID, spans: Sequence[Span]) -> None:
        """Plan an agent, all of the shifts or none.

        Raises ShiftMalformed, AgentUnknown, ShiftsOverlap.
        """
        require(agent, may.FLOOR)
        await self.database.write(plan_shifts.add, agent_id, spans)

    async def remove_shift(self, agent: Agent, shift_id: UUID) -> None:
        """Take a shift away. Raises ShiftUnknown."""
        require(agent, may.FLOOR)
        await self.database.write(plan_shifts.remove, shift_id)


def _midnight(at: datetime, zone: tzinfo) -> datetime:
    """Return when the day began in the zone."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)
