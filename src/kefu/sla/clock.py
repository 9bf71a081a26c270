"""When a clock stood still, read from what happened to a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from kefu.sla.hours import Range

RUNS: Final = {
    "create": True,
    "create_paused": False,
    "pause": False,
    "resume": True,
    "close": False,
    "reopen": True,
}
"""Whether the clock runs after each kind of event, whatever it did before."""


class Stops(NamedTuple):
    """The spans in which a clock stood still, sorted and apart, and since when it does now."""

    spans: tuple[Range, ...]
    since: datetime | None

    def until(self, end: datetime) -> tuple[Range, ...]:
        """Return the spans, with the one that lasts, seen from end."""
        lasts = self.since is not None and self.since < end
        return (*self.spans, (self.since, end)) if lasts and self.since else self.spans


def stops(events: Iterable[tuple[datetime, str]]) -> Stops:
    """Return when the clock stood still; before the first event it runs.

    events: instants and kinds, in any order; of one instant the later one counts. Kinds that
        are not in RUNS say nothing.
    """
    spans: list[Range] = []
    since: datetime | None = None
    for at, kind in sorted(events, key=lambda event: event[0]):
        runs = RUNS.get(kind)
        if runs and since is not None:
            if since < at:
                spans.append((since, at))
            since = None
        elif runs is False and since is None:
            since = at
    return Stops(tuple(spans), since)
