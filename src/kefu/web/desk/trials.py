"""What would be owed to a case that comes at a certain moment: calendars and policies tried out."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from msgspec import Struct

from kefu.core.errors import KefuError
from kefu.core.i18n import say
from kefu.sla import calendar, policies
from kefu.sla.calendar import DAYS
from kefu.sla.hours import Hours, next_opening
from kefu.sla.policies import Policy, Target
from kefu.web.desk.policy_form import KINDS
from kefu.web.desk.times import Reader
from kefu.web.kit import error_text

_EVENING: Final = time(23, 30)
_SATURDAY: Final = 5
_YEARS: Final = range(1970, 2200)


class Trial(Struct, frozen=True):
    """What a policy would owe to a case that comes at a certain instant."""

    policy: str
    dues: tuple[tuple[str, str], ...]


def trial(policy: Policy, when: datetime, hours: Hours, lang: str) -> Trial:
    """Return what a policy would owe to a case that comes then: response, next, resolution."""
    dues = []
    for kind in KINDS[:3]:
        target = getattr(policy.targets, kind)
        if isinstance(target, Target):
            words = _due(target, when, hours, lang)
            dues.append((say(lang, f"floor.clock.{kind}"), words))
    return Trial(policy.key, tuple(dues))


def _due(target: Target, when: datetime, hours: Hours, lang: str) -> str:
    try:
        due_at = policies.due(target, when.astimezone(UTC), hours).due_at
    except KefuError as error:
        return error_text(lang, error)
    return moment(due_at.astimezone(hours.zone), lang)


def opens(when: datetime, hours: Hours, lang: str) -> str:
    """Return when the desk opens next, empty while it is open or never is again."""
    try:
        at = next_opening(when.astimezone(UTC), hours)
    except KefuError:
        return ""
    return moment(at.astimezone(hours.zone), lang) if at > when else ""


def hours_of(definition: Mapping[str, Any]) -> Hours | None:
    """Return the hours of a calendar, or None if it cannot be read."""
    try:
        return calendar.read(definition)
    except KefuError:
        return None


def when_of(text: str, hours: Hours, reader: Reader) -> datetime:
    """Return the wall time that was typed, or the next Saturday's late evening."""
    try:
        typed = datetime.fromisoformat(text).replace(tzinfo=hours.zone)
    except ValueError:
        typed = None
    if typed is not None and typed.year in _YEARS:
        return typed
    today = reader.now.astimezone(hours.zone).date()
    saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
    return datetime.combine(saturday, _EVENING, hours.zone)


def moment(at: datetime, lang: str) -> str:
    """Return an instant in its own zone: the weekday, the date, the time."""
    day = say(lang, f"service.day.{DAYS[at.weekday()]}")
    return say(lang, "service.moment", day=day, date=at.date().isoformat(), time=f"{at:%H:%M}")
