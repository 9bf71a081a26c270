"""The floor as supervisors see it live: queues, risks, people, and the note of the last shift."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct
from msgspec.structs import replace

from kefu.actions.desk import Desk
from kefu.actions.refuse import ReplyRefused
from kefu.channels.chat import clean
from kefu.core.floor_views import Floor, PersonView, Risk, ShiftNote, TeamView, WaitingView, Where
from kefu.core.i18n import catalogue, say
from kefu.core.records import Agent
from kefu.guard import TextEmpty, TextRefused, TextTooLong
from kefu.web.desk import rows
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import error_text, lang_of

_LATE: Final = timedelta(minutes=5)
_SLOW: Final = timedelta(minutes=2)
_CHIPS: Final = {
    "late": "is-danger",
    "soon": "is-warn",
    "promise": "is-warn",
    "escalation": "is-danger",
    "unservable": "is-danger",
}
_STATES: Final = {"available": "is-ok", "wrapup": "is-warn", "break": "", "away": ""}


class Team(Struct, frozen=True):
    """A team's queue in words."""

    of: TeamView
    name: str
    longest: str
    level: str
    expected: str
    peak: str
    kept: str


class Place(Struct, frozen=True):
    """A conversation in words, with the way to it."""

    of: Where
    name: str
    about: str


class Mark(Struct, frozen=True):
    """What is wrong with a conversation, in words."""

    chip: str
    what: str
    when: str
    full_time: str


class RiskLine(Struct, frozen=True):
    """A conversation to step in for, and all that is wrong with it."""

    place: Place
    marks: tuple[Mark, ...]


class WaitLine(Struct, frozen=True):
    """A customer in the queue in words."""

    of: WaitingView
    place: Place
    wait: str
    level: str


class PersonLine(Struct, frozen=True):
    """An agent in words; full: how much of what they take they have, in percent."""

    of: PersonView
    state: str
    chip: str
    since: str
    skills: str
    shift: str
    full: int


class NoteLine(Struct, frozen=True):
    """A note with its time in words."""

    of: ShiftNote
    time: str
    full_time: str


class Note(Struct):
    """The form of the hand-over note."""

    text: str = ""


@get("/floor")
async def floor(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return the floor, which then keeps itself current."""
    return await _page(request, desk, agent)


@get("/floor/part")
async def floor_part(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return the live part of the floor as it stands."""
    reader = reader_of(request, lang_of(request))
    found = await desk.floor(agent, reader.zone)
    return drawn(request, "floor_part.html", agent=agent, **_words(found, reader))


@post("/floor/notes", status_code=303)
async def note(
    request: Asked,
    desk: Desk,
    agent: Agent,
    data: Annotated[Note, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Leave a note to the next shift; what is refused stays in its field."""
    lang = lang_of(request)
    try:
        text = await clean(data.text, lang, optional=False)
        if text is not None:
            await desk.note_shift(agent, text)
    except (TextEmpty, TextTooLong, TextRefused, ReplyRefused) as refused:
        problem = error_text(lang, refused)
        return await _page(request, desk, agent, refused.status, data.text, problem)
    return Redirect("/desk/floor#notes", status_code=303)


async def _page(
    request: Asked, desk: Desk, agent: Agent, status: int = 200, typed: str = "", problem: str = ""
) -> Response[Any]:
    reader = reader_of(request, lang_of(request))
    found = await desk.floor(agent, reader.zone)
    return drawn(
        request,
        "floor.html",
        status=status,
        agent=agent,
        socket_token=desk.socket_token(agent),
        typed=typed,
        problem=problem,
        **_words(found, reader),
    )


def named(name: Mapping[str, str], lang: str, key: str) -> str:
    """Return what a thing is called in a language, or in any, or its key."""
    return name.get(lang) or next(filter(None, name.values()), key)


def topic_name(topic: str | None, lang: str) -> str:
    """Return what a topic is called; empty for none."""
    return catalogue(lang).get(f"topic.{topic}", topic) if topic else ""


def _words(found: Floor, reader: Reader) -> dict[str, Any]:
    reader = replace(reader, now=found.at)
    teams = {team.key: named(team.name, reader.lang, team.key) for team in found.teams}
    return {
        "at": reader.full(found.at),
        "teams": [_team(team, teams[team.key], reader) for team in found.teams],
        "team_names": teams,
        "risks": list(_risks(found.risks, teams, reader)),
        "more": found.more,
        "queue": [_wait(one, reader) for one in found.waiting],
        "people": [_person(one, teams, reader) for one in found.people],
        "notes": [NoteLine(one, reader.since(one.at), reader.full(one.at)) for one in found.notes],
    }


def _team(team: TeamView, name: str, reader: Reader) -> Team:
    lang = reader.lang
    wait = reader.now - team.longest_since if team.longest_since else timedelta()
    ended = team.kept + team.broken
    return Team(
        of=team,
        name=name,
        longest=short(wait, lang) if team.longest_since else "",
        level=_level(wait),
        expected=_range(team.low, team.high, lang),
        peak=short(reader.now - team.peak_since, lang) if team.peak_since else "",
        kept=f"{100 * team.kept / ended:.0f} %" if ended else "",
    )


def _range(low: float | None, high: float | None, lang: str) -> str:
    if low is None or high is None:
        return ""
    if high == 0:
        return say(lang, "floor.at_once")
    first, last = short(timedelta(seconds=low), lang), short(timedelta(seconds=high), lang)
    return first if first == last else say(lang, "floor.range", low=first, high=last)


def _level(wait: timedelta) -> str:
    return "is-danger" if wait >= _LATE else "is-warn" if wait >= _SLOW else ""


def _risks(risks: Sequence[Risk], teams: Mapping[str, str], reader: Reader) -> Iterator[RiskLine]:
    """Yield a line a conversation, in the order of its most urgent risk."""
    by_case: dict[UUID, list[Risk]] = {}
    for risk in risks:
        by_case.setdefault(risk.where.id, []).append(risk)
    for same in by_case.values():
        marks = tuple(_mark(risk, teams, reader) for risk in same)
        yield RiskLine(_place(same[0].where, reader.lang), marks)


def _mark(risk: Risk, teams: Mapping[str, str], reader: Reader) -> Mark:
    ago = reader.now - risk.at
    past = ago >= timedelta()
    when = "floor.since" if past else "floor.in"
    return Mark(
        chip=_CHIPS[risk.kind],
        what=_what(risk, teams, reader.lang),
        when=say(reader.lang, when, span=short(abs(ago), reader.lang)),
        full_time=reader.full(risk.at),
    )


def _what(risk: Risk, teams: Mapping[str, str], lang: str) -> str:
    if risk.kind in ("late", "soon"):
        return say(lang, f"floor.risk.{risk.kind}", clock=say(lang, f"floor.clock.{risk.what}"))
    if risk.kind == "unservable":
        return say(lang, f"floor.stuck.{risk.what}")
    return say(lang, f"floor.risk.{risk.kind}", team=teams.get(risk.what, risk.what))


def _place(where: Where, lang: str) -> Place:
    return Place(
        of=where,
        name=rows.name(where.customer_name, where.customer_tail, lang),
        about=topic_name(where.topic, lang),
    )


def _wait(one: WaitingView, reader: Reader) -> WaitLine:
    span = reader.now - one.since
    return WaitLine(one, _place(one.where, reader.lang), short(span, reader.lang), _level(span))


def _person(one: PersonView, teams: Mapping[str, str], reader: Reader) -> PersonLine:
    lang = reader.lang
    state = one.work_state if one.is_here else "gone"
    until = one.shift_ends_at
    topics = [topic_name(topic, lang) for topic in one.topics] or [say(lang, "floor.every_topic")]
    return PersonLine(
        of=one,
        state=say(lang, f"floor.state.{state}"),
        chip=_STATES.get(state, ""),
        since=reader.since(one.since_at) if one.since_at else "",
        skills=" · ".join([*(teams.get(team, team) for team in one.teams), *topics]),
        shift=say(lang, "floor.shift.until", time=reader.clock(until)) if until else "",
        full=min(100, round(100 * one.load / one.capacity)) if one.capacity else 0,
    )


def short(span: timedelta, lang: str) -> str:
    """Return a span in its largest whole unit, seconds too: `40 s`, `4 min`, `3 h`."""
    for unit, key in (
        (timedelta(days=1), "desk.time.days"),
        (timedelta(hours=1), "desk.time.hours"),
        (timedelta(minutes=1), "desk.time.minutes"),
        (timedelta(seconds=1), "floor.seconds"),
    ):
        if span >= unit:
            return say(lang, key, n=span // unit)
    return say(lang, "floor.seconds", n=0)


handlers = (floor, floor_part, note)
