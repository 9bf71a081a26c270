"""Calendars and policies are changed: what must not be saved is refused, whoever else saves.

A change counts for clocks that begin after it; open cases are counted anew on request.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection

from kefu.actions import holidays, recompute
from kefu.core.text import SafeText
from kefu.intake.topics import topics
from kefu.reads.service import PRIORITIES
from kefu.routing import store as routing
from kefu.sla import calendar, defaults, policies, store
from kefu.sla.calendar import Saved
from kefu.sla.errors import (
    CalendarUnknown,
    CalendarUsed,
    KeyMalformed,
    KeyRepeated,
    PolicyNeverMatches,
    PolicyUnknown,
)
from kefu.sla.hours import next_opening
from kefu.sla.policies import Policy
from kefu.storage import timers

_KEY: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_TAKEN: Final = frozenset({"new"})  # the address of an empty form
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class ServiceLevels(Struct, frozen=True):
    """What is owed and when. unreadable: keys of policies from elsewhere that cannot be read."""

    calendars: tuple[Saved, ...]
    policies: tuple[Policy, ...]
    unreadable: tuple[str, ...]


def service_levels(tx: Connection) -> ServiceLevels:
    """Return calendars and policies by key."""
    found, unreadable = store.readable(tx)
    return ServiceLevels(tuple(store.saved(tx)), tuple(found), tuple(unreadable))


def known() -> Mapping[str, Sequence[str]]:
    """Return the values there are for what a policy may ask for, where they are a fixed list."""
    return {
        "channel": defaults.CHANNELS,
        "priority": tuple(PRIORITIES.values()),
        "topic": tuple(topics()),
    }


class Saving(Struct, frozen=True):
    """How to save. new: nothing with the key may be there yet; recount: open cases too."""

    new: bool = False
    recount: bool = False


def save_calendar(
    tx: Connection,
    key: str,
    name: Mapping[str, SafeText],
    definition: dict[str, Any],
    saving: Saving,
    *,
    at: datetime,
) -> None:
    """Store a calendar. Raises what `calendar.read` refuses, NeverOpen also if all it has open
    is past, KeyMalformed, KeyRepeated, CalendarUnknown."""
    _refuse_bad_key(key)
    routing.lock(tx)
    next_opening(at, calendar.read(definition))
    _refuse_wrong_key(key in {each.key for each in store.saved(tx)}, saving, CalendarUnknown)
    store.save_calendar(tx, key, {lang: n.value for lang, n in name.items()}, definition, at=at)
    holidays.watch(tx, key, definition, at=at)
    _recount(tx, saving, at)


def drop_calendar(tx: Connection, key: str) -> None:
    """Forget a calendar. Raises CalendarUnknown, CalendarUsed."""
    routing.lock(tx)
    if key not in {each.key for each in store.saved(tx)}:
        raise CalendarUnknown
    if users := store.policies_by(tx, key):
        raise CalendarUsed(key=users[0])
    store.drop_calendar(tx, key)
    timers.cancel(tx, holidays.HOLIDAYS, key)


def save_policy(tx: Connection, policy: Policy, saving: Saving, *, at: datetime) -> None:
    """Store a policy. Raises what `policies.check` refuses, KeyMalformed, KeyRepeated,
    PolicyUnknown."""
    _refuse_bad_key(policy.key)
    if not all(map(_LANGUAGE.fullmatch, policy.conditions.language)):
        raise PolicyNeverMatches(key=policy.key, field="language")
    routing.lock(tx)
    found, unreadable = store.readable(tx)
    keys = {*unreadable, *(each.key for each in found)}
    _refuse_wrong_key(policy.key in keys, saving, PolicyUnknown)
    others = [each for each in found if each.key != policy.key]
    _check(tx, [*others, policy])
    store.save_policy(tx, policy, at=at)
    _recount(tx, saving, at)


def drop_policy(tx: Connection, key: str) -> None:
    """Forget a policy. Raises PolicyUnknown, PoliciesLackFallback."""
    routing.lock(tx)
    found, unreadable = store.readable(tx)
    if key not in unreadable:
        if key not in {each.key for each in found}:
            raise PolicyUnknown
        _check(tx, [each for each in found if each.key != key])
    store.drop_policy(tx, key)


def _check(tx: Connection, all_of_them: Sequence[Policy]) -> None:
    policies.check(all_of_them, [each.key for each in store.saved(tx)], known())


def _refuse_bad_key(key: str) -> None:
    if not _KEY.fullmatch(key) or key in _TAKEN:
        raise KeyMalformed


def _refuse_wrong_key(is_there: bool, saving: Saving, unknown: Callable[[], Exception]) -> None:
    if saving.new and is_there:
        raise KeyRepeated
    if not saving.new and not is_there:
        raise unknown()


def _recount(tx: Connection, saving: Saving, at: datetime) -> None:
    if saving.recount:
        recompute.begin(tx, at=at)
