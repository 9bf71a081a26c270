"""A policy as a form: what was typed, what it means, and what is wrong with it.

Pure. A form keeps every character that was typed, so that nothing is lost by a refusal.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

from msgspec import Struct, field

from kefu.core.errors import KefuError
from kefu.sla import durations
from kefu.sla.errors import PolicyMalformed, ShareMalformed
from kefu.sla.policies import FIELDS, Conditions, Policy, Slot, Target, Targets
from kefu.web.desk.problems import Problems

T = TypeVar("T")

KINDS: Final = ("first", "next", "resolution", "escalation")
LISTS: Final = ("tier", "language", "topic")
"""Conditions that are typed as lists; the others are boxes to tick."""

_APART: Final = re.compile(r"[\s,，、;；]+")


class TargetForm(Struct):
    """A target as it is typed; a slot has a lead only."""

    within: str = ""
    goal: str = ""
    latest: str = ""
    share: str = ""
    lead: str = ""
    slot: bool = False


class PolicyForm(Struct):
    """A policy as it is typed."""

    key: str = ""
    calendar: str = ""
    lists: dict[str, str] = field(default_factory=dict)
    ticked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    targets: dict[str, TargetForm] = field(default_factory=dict)


def typed(form: Mapping[str, str], boxes: Callable[[str], Sequence[str]]) -> PolicyForm:
    """Return what was sent of a policy's form. boxes: the values ticked under a name."""
    return PolicyForm(
        key=form.get("key", "").strip(),
        calendar=form.get("calendar", ""),
        lists={name: form.get(name, "") for name in LISTS},
        ticked={name: tuple(boxes(name)) for name in FIELDS if name not in LISTS},
        targets={
            kind: TargetForm(
                **{part: form.get(f"{kind}.{part}", "").strip() for part in _PARTS},
                slot=bool(form.get(f"{kind}.slot")),
            )
            for kind in KINDS
        },
    )


_PARTS: Final = ("within", "goal", "latest", "share", "lead")


def filled(policy: Policy) -> PolicyForm:
    """Return the form of a stored policy."""
    conditions = policy.conditions
    return PolicyForm(
        key=policy.key,
        calendar=policy.calendar,
        lists={name: ", ".join(sorted(getattr(conditions, name))) for name in LISTS},
        ticked={n: tuple(sorted(getattr(conditions, n))) for n in FIELDS if n not in LISTS},
        targets={kind: _filled_target(getattr(policy.targets, kind)) for kind in KINDS},
    )


def _filled_target(target: Target | Slot | None) -> TargetForm:
    match target:
        case Slot():
            lead = durations.written(target.warn_lead) if target.warn_lead else ""
            return TargetForm(lead=lead, slot=True)
        case Target():
            return TargetForm(
                within=durations.written(target.within),
                goal=f"{100 * target.goal:g}",
                latest=durations.written(target.latest) if target.latest else "",
                share="" if target.warn_lead is not None else f"{100 * target.warn_share:g}",
                lead=durations.written(target.warn_lead) if target.warn_lead else "",
            )
    return TargetForm()


def read(form: PolicyForm) -> tuple[Policy | None, Problems]:
    """Return the policy a form means, None if there are problems."""
    problems: Problems = {}
    conditions = Conditions(
        **{name: frozenset(_listed(form.lists.get(name, ""))) for name in LISTS},
        **{name: frozenset(values) for name, values in form.ticked.items()},
    )
    targets: dict[str, Any] = {
        kind: _target(kind, form.targets.get(kind, TargetForm()), problems) for kind in KINDS
    }
    if not any(targets.values()) and not problems:
        problems["targets"] = PolicyMalformed(key=form.key, field="targets")
    if problems:
        return None, problems
    return Policy(form.key, conditions, Targets(**targets), form.calendar), problems


def _listed(text: str) -> list[str]:
    return [part for part in _APART.split(text) if part]


def _target(kind: str, form: TargetForm, problems: Problems) -> Target | Slot | None:
    """Return a target, None where nothing was typed or something is wrong."""
    within = _part(f"{kind}.within", form.within, durations.read, problems)
    latest = _part(f"{kind}.latest", form.latest, durations.read, problems)
    lead = _part(f"{kind}.lead", form.lead, durations.read, problems)
    goal = _part(f"{kind}.goal", form.goal, _share, problems)
    share = _part(f"{kind}.share", form.share, _share, problems)
    if kind == "first" and form.slot:
        return Slot(lead or timedelta())
    if within is None:
        if latest or lead:
            problems.setdefault(f"{kind}.within", PolicyMalformed(key=kind, field=kind))
        return None
    return Target(
        within=within,
        goal=1.0 if goal is None else goal,
        latest=latest,
        warn_share=0.75 if share is None else share,
        warn_lead=lead,
    )


def _part(place: str, text: str, read: Callable[[str], T], problems: Problems) -> T | None:
    if not text:
        return None
    try:
        return read(text)
    except KefuError as error:
        problems[place] = error
        return None


def _share(text: str) -> float:
    """Return a share written in percent. Raises ShareMalformed."""
    try:
        percent = float(text.rstrip(" %％"))
    except ValueError:
        raise ShareMalformed from None
    if not 0 < percent <= 100:
        raise ShareMalformed
    return percent / 100
