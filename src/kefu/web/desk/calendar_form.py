"""A calendar as a form: what was typed, what it means, and what is wrong with it.

Pure. A form keeps every character that was typed, so that nothing is lost by a refusal.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct, field

from kefu.core.errors import KefuError
from kefu.core.i18n import LANGUAGES
from kefu.sla import calendar
from kefu.sla.calendar import DAYS, Saved
from kefu.sla.errors import DateRepeated, FieldMalformed, LineMalformed, NeverOpen
from kefu.web.desk.problems import Problems

_BETWEEN: Final = re.compile(r"\s*(?:-|–|—|~|～|至|到)\s*")
_APART: Final = re.compile(r"[\s,，、;；]+")
_SHORT: Final = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?")
_DATE: Final = re.compile(r"\s*([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:\s+(.*))?\s*")
_CLOSED: Final = frozenset({"", "closed", "close", "关闭", "休息", "-"})
"""What may stand behind a special day that is closed."""


class CalendarForm(Struct):
    """A calendar as it is typed: a line a day, hours as `09:00-12:00, 13:00-18:00`.

    offered: the days that country and feed gave, so that a later one tells what was by hand.
    """

    key: str = ""
    name: dict[str, str] = field(default_factory=dict)
    timezone: str = ""
    always: bool = False
    week: dict[str, str] = field(default_factory=dict)
    special: str = ""
    holidays: str = ""
    country: str = ""
    region: str = ""
    feed: str = ""
    offered: str = ""
    when: str = ""


def typed(form: Mapping[str, str]) -> CalendarForm:
    """Return what was sent of a calendar's form."""
    return CalendarForm(
        key=form.get("key", "").strip(),
        name={lang: form.get(f"name.{lang}", "") for lang in LANGUAGES},
        timezone=form.get("timezone", "").strip(),
        always=bool(form.get("always")),
        week={day: form.get(f"day.{day}", "") for day in DAYS},
        special=form.get("special", ""),
        holidays=form.get("holidays", ""),
        country=form.get("country", "").strip().upper(),
        region=form.get("region", "").strip().upper(),
        feed=form.get("feed", "").strip(),
        offered=form.get("offered", ""),
        when=form.get("when", ""),
    )


def filled(saved: Saved) -> CalendarForm:
    """Return the form of a stored calendar."""
    form, names = saved.definition, saved.definition.get("names") or {}
    sources = form.get("sources") or {}
    week: Any = form.get("business_hours")
    special = form.get("special_days") or {}
    return CalendarForm(
        key=saved.key,
        name={lang: saved.name.get(lang, "") for lang in LANGUAGES},
        timezone=form.get("timezone", ""),
        always=week == "always",
        week={day: "" if week == "always" else _hours_text(week.get(day, [])) for day in DAYS},
        special="\n".join(f"{day} {_hours_text(special[day])}".strip() for day in sorted(special)),
        holidays=day_lines({day: names.get(day, "") for day in form.get("holidays") or []}),
        country=sources.get("country", ""),
        region=sources.get("region", ""),
        feed=sources.get("feed", ""),
        offered=" ".join(sources.get("days") or ()),
    )


def _hours_text(pairs: Sequence[Sequence[str]]) -> str:
    return ", ".join("-".join(pair) for pair in pairs)


def day_lines(days: Mapping[str, str]) -> str:
    """Return dates with their names, a line each."""
    return "\n".join(f"{day} {days[day]}".strip() for day in sorted(days))


def read(form: CalendarForm) -> tuple[dict[str, Any], Problems]:
    """Return the definition a form means, to be saved if there are no problems.

    The names of holidays are still as they were typed.
    """
    problems: Problems = {}
    special: dict[str, str] = {}
    for day, rest in _dated(form.special, "special", problems):
        if special.setdefault(day, rest) != rest:
            problems.setdefault("special", DateRepeated(field="special", date=day))
    holidays = dict(_dated(form.holidays, "holidays", problems))
    definition: dict[str, Any] = {
        "timezone": form.timezone,
        "business_hours": "always"
        if form.always
        else {day: _pairs(text) for day, text in form.week.items() if text.strip()},
        "special_days": {
            day: [] if rest.lower() in _CLOSED else _pairs(rest) for day, rest in special.items()
        },
        "holidays": sorted(holidays),
        "names": {day: name for day, name in holidays.items() if name},
        "sources": _sources(form),
    }
    for day, hours in () if form.always else definition["business_hours"].items():
        alone = {"timezone": "UTC", "business_hours": {day: hours}}
        if (error := _refusal(alone)) is not None:
            problems[f"day.{day}"] = error
    error = _refusal(definition)
    if error is not None and not any(each.values == error.values for each in problems.values()):
        problems.setdefault(_place_of(error), error)
    return definition, problems


def _sources(form: CalendarForm) -> dict[str, Any]:
    """Return where holidays come from: only what was asked once, so that it gave some."""
    days = sorted(dict(_dated("\n".join(form.offered.split()), "offered", {})))
    named = {name: getattr(form, name) for name in ("country", "region", "feed")}
    found = {name: value for name, value in named.items() if value}
    return {**found, "days": days} if days and found else {}


def is_sound(text: str) -> bool:
    """Return whether a day's hours as they are typed could be a calendar of their own."""
    return _refusal({"timezone": "UTC", "business_hours": {DAYS[0]: _pairs(text)}}) is None


def _refusal(definition: Mapping[str, Any]) -> KefuError | None:
    """Return why a calendar is refused, or None."""
    try:
        calendar.read(definition)
    except KefuError as error:
        return error
    return None


def _place_of(error: KefuError) -> str:
    """Return the field of the calendar's form that an error is about."""
    if isinstance(error, FieldMalformed):
        named = str(error.values["field"])
        return {"special_days": "special", "business_hours": "week"}.get(named, named)
    if isinstance(error, NeverOpen):
        return "week"
    day = error.values.get("day")
    if day is None:
        return "timezone"
    return f"day.{day}" if day in DAYS else "special"


def _pairs(text: str) -> list[list[str]]:
    """Return openings as pairs of times; what is none stays as it is, to be refused."""
    tidy = _BETWEEN.sub("-", text.strip().replace("：", ":"))
    return [[_time(each) for each in part.split("-")] for part in _APART.split(tidy) if part]


def _time(text: str) -> str:
    """Return `9` and `9:30` as `09:00` and `09:30`."""
    short = _SHORT.fullmatch(text)
    return f"{int(short[1]):02d}:{short[2] or '00'}" if short else text


def _dated(text: str, place: str, problems: Problems) -> Iterator[tuple[str, str]]:
    """Yield the lines that begin with a date; the first that does not is a problem."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _DATE.fullmatch(line)
        try:
            if match is None:
                raise ValueError
            yield date(*map(int, match.groups()[:3])).isoformat(), (match[4] or "").strip()
        except ValueError:
            problems.setdefault(place, LineMalformed(field=place, line=number))
