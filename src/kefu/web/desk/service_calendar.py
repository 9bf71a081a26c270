"""The page of one calendar: its hours, its holidays, and what they would mean."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import available_timezones

from litestar import Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from kefu.actions.desk import Desk
from kefu.actions.service_levels import Saving, ServiceLevels
from kefu.channels.chat import clean
from kefu.core.errors import KefuError
from kefu.core.i18n import LANGUAGES
from kefu.core.records import Agent
from kefu.core.text import SafeText
from kefu.sla.calendar import DAYS
from kefu.sla.errors import CalendarUnknown, NeverOpen
from kefu.web.desk import calendar_form
from kefu.web.desk.calendar_form import CalendarForm
from kefu.web.desk.problems import Problems, status_of, worded
from kefu.web.desk.service import NEW, back
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import reader_of
from kefu.web.desk.trials import hours_of, moment, opens, trial, when_of
from kefu.web.kit import lang_of

_COPIED: Final = 5
"""Days from Monday on that a new calendar has hours for."""


@get("/service/calendars/{key:str}")
async def calendar_page(request: Asked, desk: Desk, agent: Agent, key: str) -> Response[Any]:
    """Return the form of a calendar; `new` is an empty one."""
    levels = await desk.service_levels(agent)
    form = _calendar_of(levels, key, request)
    return _calendar_drawn(request, agent, levels, key, form, {})


@post("/service/calendars/{key:str}", status_code=200)
async def change_calendar(request: Asked, desk: Desk, agent: Agent, key: str) -> Response[Any]:
    """Save a calendar, or fetch holidays into its form, or try it out, or forget it."""
    levels = await desk.service_levels(agent)
    sent = await request.form()
    form, act = calendar_form.typed(sent), sent.get("act", "save")
    problems: Problems = {}
    try:
        match act:
            case "drop":
                await desk.drop_calendar(agent, key)
                return Redirect("/desk/service?saved=dropped", status_code=303)
            case "country":
                form = await _with_country(desk, agent, form, request)
            case "feed":
                form = await _with_feed(desk, agent, form, request)
            case "save":
                problems = await _save_calendar(desk, agent, key, form, sent)
                if not problems:
                    return back(sent)
            case _:
                problems = calendar_form.read(form)[1]
    except KefuError as error:
        place = act if act in ("country", "feed", "drop") else "key"
        problems = {"week" if isinstance(error, NeverOpen) else place: error}
    return _calendar_drawn(request, agent, levels, key, form, problems)


async def _save_calendar(
    desk: Desk, agent: Agent, key: str, form: CalendarForm, sent: Mapping[str, str]
) -> Problems:
    definition, problems = calendar_form.read(form)
    name: dict[str, SafeText] = {}
    for lang in LANGUAGES:
        try:
            is_needed = lang == LANGUAGES[-1] and not name
            safe = await clean(form.name[lang], lang, optional=not is_needed)
            if safe:
                name[lang] = safe
        except KefuError as error:
            problems[f"name.{lang}"] = error
    if problems:
        return problems
    for day, said in definition["names"].items():
        safe = await clean(said, lang="zh-Hans", optional=True)
        definition["names"][day] = safe.value if safe else ""
    saving = Saving(new=key == NEW, recount=bool(sent.get("recount")))
    await desk.save_calendar(agent, form.key if key == NEW else key, name, definition, saving)
    return {}


async def _with_country(
    desk: Desk, agent: Agent, form: CalendarForm, request: Asked
) -> CalendarForm:
    """Return the form with a country's holidays, and the weekend days worked in exchange.

    What stands in it already stays as it is.
    """
    year = _now(request).year
    found, worked = await desk.country_days(agent, form.country, form.region or None, year)
    form = _with_days(form, _from(year, found))
    usual = next(
        (form.week[day] for day in DAYS[:_COPIED] if calendar_form.is_sound(form.week[day])), ""
    )
    lines = form.special.rstrip().splitlines()
    for day in _from(year, dict.fromkeys(sorted(worked), "")):
        if usual and not any(line.strip().startswith(day) for line in lines):
            lines.append(f"{day} {usual.strip()}")
    return replace(form, special="\n".join(lines))


def _from(year: int, found: Mapping[date, str]) -> dict[str, str]:
    """Return the days from a year on, as they are written."""
    return {day.isoformat(): name for day, name in found.items() if day.year >= year}


async def _with_feed(desk: Desk, agent: Agent, form: CalendarForm, request: Asked) -> CalendarForm:
    year = _now(request).year
    return _with_days(form, _from(year, await desk.feed_days(agent, form.feed, year)))


def _with_days(form: CalendarForm, found: Mapping[str, str]) -> CalendarForm:
    typed = form.holidays.rstrip()
    new = {day: " ".join(found[day].split()) for day in found if day not in typed}
    lines = "\n".join(filter(None, [typed, calendar_form.day_lines(new)]))
    offered = sorted({*form.offered.split(), *found})
    return replace(form, holidays=lines, offered=" ".join(offered))


def _calendar_of(levels: ServiceLevels, key: str, request: Asked) -> CalendarForm:
    if key == NEW:
        week = dict.fromkeys(DAYS[:_COPIED], "09:00-18:00")
        zone = request.cookies.get("kefu_zone", "")
        return CalendarForm(timezone=zone, week={day: week.get(day, "") for day in DAYS})
    found = next((each for each in levels.calendars if each.key == key), None)
    if found is None:
        raise CalendarUnknown
    return calendar_form.filled(found)


def _calendar_drawn(
    request: Asked,
    agent: Agent,
    levels: ServiceLevels,
    key: str,
    form: CalendarForm,
    problems: Problems,
) -> Response[Any]:
    reader = reader_of(request, lang_of(request))
    users = [each for each in levels.policies if each.calendar == key]
    hours = hours_of(calendar_form.read(form)[0])
    when = when_of(form.when, hours, reader) if hours else None
    return drawn(
        request,
        "service_calendar.html",
        status=status_of(problems),
        agent=agent,
        key=key,
        is_new=key == NEW,
        form=form,
        days=DAYS,
        zones=sorted(available_timezones()),
        problems=worded(problems, reader.lang),
        users=[each.key for each in users],
        when=when.strftime("%Y-%m-%dT%H:%M") if when else form.when,
        when_words=moment(when, reader.lang) if when else "",
        trials=[trial(each, when, hours, reader.lang) for each in users or levels.policies]
        if when and hours
        else [],
        opens=opens(when, hours, reader.lang) if when and hours else "",
    )


def _now(request: Asked) -> datetime:
    return reader_of(request, lang_of(request)).now


handlers = (calendar_page, change_calendar)
