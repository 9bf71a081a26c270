"""Busier than usual: noticed, said on every surface, and withdrawn, by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from kefu.agents import permissions as may
from kefu.reads import queue
from kefu.reads.queue import Line
from kefu.routing import peaks, promised, store
from kefu.routing.estimate import middle
from kefu.routing.peaks import Peak, Sample
from kefu.routing.store import TEAMS

TARGET: Final = timedelta(minutes=2)
"""Within which chats are meant to be answered, whatever a policy says of a group of them."""

_MINUTE: Final = timedelta(minutes=1)


def look(tx: Connection, *, at: datetime) -> bool:
    """Bring the peaks of the teams up to date; return whether one began or ended."""
    before = queue.peak_states(tx)
    present = store.servers(tx, may_reply=may.REPLY, at=at)
    lines = queue.lines(tx, list(TEAMS), may_reply=may.REPLY, at=at, ids=())
    arrivals = queue.arrivals(tx, since=at - _MINUTE)
    handling = promised.handling(tx, at=at)
    changed = False
    for team in TEAMS:
        of_team = [line for key, line in lines.items() if key[0] == team]
        places = sum(server.capacity for server in present if team in server.teams)
        served = places * (_MINUTE / handling)
        sample = Sample(_wait(of_team), TARGET, arrivals.get(team, 0), served)
        state = before.get(team, Peak())
        after = peaks.step(state, sample, at)
        if after != state:
            store.note_peak(tx, team, after, at=at)
            changed = changed or (after.raised_at is None) != (state.raised_at is None)
    return changed


def _wait(lines: Sequence[Line]) -> timedelta | None:
    """Return what somebody who came now would wait, in the middle, in the slowest line."""
    waits = [
        middle(line.length, line.rate, line.calibration) if line.rate else None for line in lines
    ]
    known = [wait for wait in waits if wait is not None]
    if len(known) < len(waits):
        return None
    return max(known, default=timedelta())
