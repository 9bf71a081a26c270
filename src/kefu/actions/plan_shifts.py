"""Who is planned when: shifts are added and taken away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.agents import shifts
from kefu.agents import store as agents
from kefu.core.errors import AgentUnknown, KefuError

Span = tuple[datetime, datetime]
LONGEST: Final = timedelta(hours=16)


class ShiftMalformed(KefuError):
    """A shift ends after it begins, and lasts 16 hours at most."""

    code = "shift.malformed"
    status = 422


class ShiftsOverlap(KefuError):
    """The agent has another shift in that time."""

    code = "shift.overlap"
    status = 409


class ShiftUnknown(KefuError):
    """No such shift, or somebody took it away already."""

    code = "shift.unknown"
    status = 404


def add(tx: Connection, agent_id: UUID, spans: Sequence[Span]) -> None:
    """Plan an agent, all of the shifts or none. They may touch.

    Raises ShiftMalformed, AgentUnknown, ShiftsOverlap.
    """
    if not spans or not all(timedelta() < ends - starts <= LONGEST for starts, ends in spans):
        raise ShiftMalformed
    if agents.find(tx, agent_id) is None:
        raise AgentUnknown
    first, last = min(spans)[0], max(ends for _, ends in spans)
    taken = [(each.starts_at, each.ends_at) for each in shifts.of_agent(tx, agent_id, first, last)]
    for earlier, later in pairwise(sorted([*taken, *spans])):
        if later[0] < earlier[1]:
            raise ShiftsOverlap
    shifts.add(tx, agent_id, spans)


def remove(tx: Connection, shift_id: UUID) -> None:
    """Take a shift away. Raises ShiftUnknown."""
    if not shifts.remove(tx, shift_id):
        raise ShiftUnknown
