"""Clocks of a conversation: what its log starts, stops and pauses. A fold, so it can be redone.

first: from the first message to the first answer of a person. next: from each further message
that nobody answered yet. resolution: from the first message to the close; it stands still while
the customer has the word. escalation: from the request to the answer or refusal.
What bots, rules and the desk itself say stops nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from kefu.core.records import Event
from kefu.sla.hours import Hours, Range, due_at
from kefu.sla.policies import Policy, Target

ClockKind = Literal["first", "next", "resolution", "escalation"]


class Clock(Struct, frozen=True):
    """One thing owed. A clock that was met, or stands still, has no next_at.

    number: counts the clocks of its kind in the conversation from 1.
    due_at, warn_at: as things stand; None while it stands still.
    """

    kind: ClockKind
    number: int
    within: timedelta
    warn_after: timedelta
    started_at: datetime
    pauses: tuple[Range, ...] = ()
    paused_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    met_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def runs(self) -> bool:
        """Whether its time is passing."""
        return self.met_at is None and self.paused_at is None

    @property
    def next_at(self) -> datetime | None:
        """When something is to be said of it next: the warning, then the breach."""
        if not self.runs or self.breached_at is not None:
            return None
        return self.warn_at if self.warned_at is None else self.due_at


Clocks = Mapping[tuple[ClockKind, int], Clock]


def fold(clocks: Clocks, events: Sequence[Event], policy: Policy, hours: Hours) -> Clocks:
    """Return the clocks after events. Raises as `hours.due_at`."""
    state = _Fold(dict(clocks), policy, hours)
    for event in events:
        state.take(event)
    return state.clocks


class _Fold:
    def __init__(
        self, clocks: dict[tuple[ClockKind, int], Clock], policy: Policy, hours: Hours
    ) -> None:
        self.clocks = clocks
        self._policy = policy
        self._hours = hours

    def take(self, event: Event) -> None:
        """Start, stop, pause and resume what the event does."""
        match event.kind, event.author.kind:
            case "message", "customer":
                self._asked(event.at)
            case "message", "agent" if event.visibility == "public":
                self._answered(event.at)
            case "state", _:
                self._moved(event)
            case "escalation", _:
                self._escalated(event)

    def _asked(self, at: datetime) -> None:
        first = self._last("first")
        if first is None:
            self._start("first", at)
        elif first.met_at is not None and not self._open("next"):
            self._start("next", at)
        if self._last("resolution") is None:
            self._start("resolution", at)
        self._resume(at)

    def _answered(self, at: datetime) -> None:
        self._each(("first", "next"), lambda clock: _met(clock, at))
        self._each(("resolution",), lambda clock: _paused(clock, at))

    def _moved(self, event: Event) -> None:
        match event.data.get("to"):
            case "closed":
                self._each(("resolution", "escalation"), lambda clock: _met(clock, event.at))
                self._each(("first", "next"), lambda clock: _paused(clock, event.at))
            case "reopened":
                if (last := self._last("resolution")) and last.met_at is not None:
                    self._keep(replace(last, met_at=None, paused_at=last.met_at))
                self._resume(event.at)

    def _escalated(self, event: Event) -> None:
        match event.data.get("step"):
            case "requested" if not event.data.get("again"):
                self._start("escalation", event.at)
            case "answered" | "declined":
                self._each(("escalation",), lambda clock: _met(clock, event.at))

    def _start(self, kind: ClockKind, at: datetime) -> None:
        target = getattr(self._policy.targets, kind)
        if not isinstance(target, Target):
            return
        number = max((n for k, n in self.clocks if k == kind), default=0) + 1
        self._keep(self._timed(Clock(kind, number, target.within, target.warn_after, at)))

    def _resume(self, at: datetime) -> None:
        """Let what stands still go on; only the time it ran counts."""
        for clock in list(self.clocks.values()):
            if clock.met_at is None and clock.paused_at is not None:
                self._keep(self._timed(_resumed(clock, at)))

    def _timed(self, clock: Clock) -> Clock:
        return _timed(clock, self._hours)

    def _last(self, kind: ClockKind) -> Clock | None:
        of_kind = [clock for (k, _), clock in self.clocks.items() if k == kind]
        return max(of_kind, key=lambda clock: clock.number, default=None)

    def _open(self, kind: ClockKind) -> bool:
        return any(k == kind and clock.met_at is None for (k, _), clock in self.clocks.items())

    def _each(self, kinds: Sequence[ClockKind], change: Callable[[Clock], Clock]) -> None:
        for clock in list(self.clocks.values()):
            if clock.kind in kinds and clock.met_at is None:
                self._keep(change(clock))

    def _keep(self, clock: Clock) -> None:
        self.clocks[clock.kind, clock.number] = clock


def _timed(clock: Clock, hours: Hours) -> Clock:
    due = due_at(clock.started_at, clock.within, hours, clock.pauses)
    warn = (
        due_at(clock.started_at, clock.warn_after, hours, clock.pauses)
        if clock.warn_after
        else clock.started_at
    )
    return replace(clock, due_at=due, warn_at=warn)


def retimed(clock: Clock, policy: Policy, hours: Hours, at: datetime) -> Clock:
    """Return the clock by a policy or hours that changed, from its start and its pauses.

    One that was met stays, and so does one of a kind that the policy no longer has. Its warning
    and its breach count as said only while the new times have passed too. Raises as
    `hours.due_at`.
    """
    target = getattr(policy.targets, clock.kind)
    if clock.met_at is not None or not isinstance(target, Target):
        return clock
    clock = replace(clock, within=target.within, warn_after=target.warn_after)
    if not clock.runs:
        return clock
    clock = _timed(clock, hours)
    return replace(
        clock,
        warned_at=clock.warned_at if clock.warn_at and clock.warn_at <= at else None,
        breached_at=clock.breached_at if clock.due_at and clock.due_at <= at else None,
    )


def _met(clock: Clock, at: datetime) -> Clock:
    return replace(_resumed(clock, at), met_at=at)


def _resumed(clock: Clock, at: datetime) -> Clock:
    """Return the clock with the span it stood still for, if it does, among its pauses."""
    if clock.paused_at is None:
        return clock
    stood = ((clock.paused_at, at),) if clock.paused_at < at else ()
    return replace(clock, pauses=(*clock.pauses, *stood), paused_at=None)


def _paused(clock: Clock, at: datetime) -> Clock:
    if clock.paused_at is not None:
        return clock
    return replace(clock, paused_at=at, due_at=None, warn_at=None)


EARLIER: Final = "warned"
TOO_LATE: Final = "breached"


def told(clock: Clock, at: datetime) -> tuple[Clock, list[str]]:
    """Return the clock with what is due to be said of it by `at` said, and what that is."""
    steps = []
    if clock.runs and clock.warned_at is None and clock.warn_at and clock.warn_at <= at:
        steps.append(EARLIER)
        clock = replace(clock, warned_at=clock.warn_at)
    if clock.runs and clock.breached_at is None and clock.due_at and clock.due_at <= at:
        steps.append(TOO_LATE)
        clock = replace(clock, breached_at=clock.due_at)
    return clock, steps
