"""What is owed to whom: policies, which of them counts, and the due times it makes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from kefu.sla.errors import (
    PoliciesLackFallback,
    PolicyMalformed,
    PolicyNeverMatches,
    PolicyRepeated,
)
from kefu.sla.hours import Hours, Range, due_at

T = TypeVar("T")

FIELDS: Final = ("tier", "priority", "topic", "language", "channel")
"""What a policy may ask for. Between two that ask for equally many, the earlier one decides."""


class Conditions(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which cases a policy is for: each field lists values of which one must be the case's.

    An empty field asks for nothing. A language covers its variants, a topic what lies below it.
    """

    channel: frozenset[str] = frozenset()
    priority: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    tier: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()


class Target(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="open"):
    """Something owed within an amount of open time.

    goal: the share of cases that is to be in time, for reports.
    latest: for the rest of them.
    warn_lead: open time before the due time at which its end is announced; without it, that
        is when warn_share of `within` has passed.
    """

    within: timedelta
    goal: float = 1.0
    latest: timedelta | None = None
    warn_share: float = 0.75
    warn_lead: timedelta | None = None

    @property
    def warn_after(self) -> timedelta:
        """The open time after which the warning comes."""
        if self.warn_lead is not None:
            return self.within - self.warn_lead
        return self.within * self.warn_share


class Slot(Struct, frozen=True, forbid_unknown_fields=True, tag="slot"):
    """A first response at an appointed time, as of a callback: owed when the slot ends.

    warn_lead: how long before the slot begins it is announced.
    """

    warn_lead: timedelta


class Targets(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is owed: a first response, one to each further message, the solution, and the
    answer to an escalation."""

    first: Target | Slot | None = None
    next: Target | None = None
    resolution: Target | None = None
    escalation: Target | None = None


class Policy(Struct, frozen=True):
    """Targets for the cases that meet the conditions, in the open time of a calendar."""

    key: str
    conditions: Conditions
    targets: Targets
    calendar: str


class Facts(NamedTuple):
    """What is known of a case. topics: its topic, then the ones above it."""

    channel: str
    priority: str | None = None
    language: str | None = None
    tier: str | None = None
    topics: Sequence[str] = ()


class Due(NamedTuple):
    """When a target is announced, owed, and owed at the very latest."""

    warn_at: datetime
    due_at: datetime
    latest_at: datetime | None


def choose(policies: Iterable[Policy], facts: Facts) -> Policy | None:
    """Return the most specific policy that the case meets; None if it meets none.

    That is the one with the most conditions; then the one with the earliest of FIELDS that the
    other leaves open; then the nearer topic, the closer language, the shorter lists, the key.
    """
    meeting = (policy for policy in policies if _meets(policy.conditions, facts))
    return min(meeting, key=lambda policy: _rank(policy, facts), default=None)


def due(target: Target, start: datetime, hours: Hours, paused: Sequence[Range] = ()) -> Due:
    """Return the times of a target whose clock began at start; all count open time.

    Raises as `hours.due_at`.
    """
    early = target.warn_after
    return Due(
        warn_at=due_at(start, early, hours, paused) if early else start,
        due_at=due_at(start, target.within, hours, paused),
        latest_at=due_at(start, target.latest, hours, paused) if target.latest else None,
    )


def slot_due(slot: Slot, begins: datetime, ends: datetime) -> Due:
    """Return the times of an appointment, which no calendar moves."""
    return Due(warn_at=begins - slot.warn_lead, due_at=ends, latest_at=None)


def read(key: str, conditions: Any, targets: Any, calendar: str) -> Policy:
    """Return the policy that JSON values say; spans of time are ISO 8601 (`PT2M`).

    Raises PolicyMalformed.
    """
    policy = Policy(
        key,
        _converted(key, "conditions", conditions, Conditions),
        _converted(key, "targets", targets, Targets),
        calendar,
    )
    _refuse_bad_targets(policy)
    return policy


def check(
    policies: Sequence[Policy], calendars: Collection[str], known: Mapping[str, Collection[str]]
) -> None:
    """Refuse a set of policies that must not be saved.

    known: the values that there are, for those of FIELDS that have a fixed list.
    Raises PoliciesLackFallback, PolicyRepeated, PolicyNeverMatches, PolicyMalformed.
    """
    seen: dict[Conditions, str] = {}
    for policy in policies:
        _refuse_bad_targets(policy)
        if policy.calendar not in calendars:
            raise PolicyMalformed(key=policy.key, field="calendar")
        for field, values in known.items():
            if not getattr(policy.conditions, field) <= set(values):
                raise PolicyNeverMatches(key=policy.key, field=field)
        if policy.conditions in seen:
            raise PolicyRepeated(key=policy.key, other=seen[policy.conditions])
        seen[policy.conditions] = policy.key
    if Conditions() not in seen:
        raise PoliciesLackFallback


def _meets(conditions: Conditions, facts: Facts) -> bool:
    return (
        (not conditions.channel or facts.channel in conditions.channel)
        and (not conditions.priority or facts.priority in conditions.priority)
        and (not conditions.tier or facts.tier in conditions.tier)
        and (not conditions.topic or not conditions.topic.isdisjoint(facts.topics))
        and (not conditions.language or _closeness(conditions.language, facts.language) > 0)
    )


def _closeness(languages: Iterable[str], language: str | None) -> int:
    """Return the length of the longest tag that covers language; 0 if none does."""
    spoken = f"{language or ''}-".lower()
    return max((len(tag) for tag in languages if spoken.startswith(f"{tag}-".lower())), default=0)


def _rank(policy: Policy, facts: Facts) -> tuple[Any, ...]:
    """Return what is smallest for the policy that counts."""
    lists = {field: getattr(policy.conditions, field) for field in FIELDS}
    near = (n for n, topic in enumerate(facts.topics) if topic in policy.conditions.topic)
    return (
        -sum(bool(values) for values in lists.values()),
        tuple(not lists[field] for field in FIELDS),
        next(near, 0),
        -_closeness(policy.conditions.language, facts.language),
        sum(map(len, lists.values())),
        policy.key,
    )


def _converted(key: str, field: str, value: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise PolicyMalformed(key=key, field=field) from None


def _refuse_bad_targets(policy: Policy) -> None:
    targets = policy.targets
    named = {field: getattr(targets, field) for field in Targets.__struct_fields__}
    if not any(named.values()):
        raise PolicyMalformed(key=policy.key, field="targets")
    for field, target in named.items():
        sound = target is None or (
            target.warn_lead >= timedelta() if isinstance(target, Slot) else _is_sound(target)
        )
        if not sound:
            raise PolicyMalformed(key=policy.key, field=field)
    first, last = targets.first, targets.resolution
    if isinstance(first, Target) and last is not None and last.within < first.within:
        raise PolicyMalformed(key=policy.key, field="resolution")


def _is_sound(target: Target) -> bool:
    return (
        timedelta() <= target.warn_after < target.within
        and 0 < target.goal <= 1
        and (target.latest is None or target.latest >= target.within)
    )
