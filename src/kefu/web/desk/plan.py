"""The planner of shifts: two weeks by the half hour, where too few are planned, and the shifts."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.actions.plan_shifts import ShiftMalformed, ShiftsOverlap, Span
from kefu.actions.staffing import Half, Plan
from kefu.core.errors import AgentUnknown, KefuError
from kefu.core.floor_views import PersonView
from kefu.core.i18n import say
from kefu.core.records import FRONT, TEAMS, Agent
from kefu.routing.staffing import SLOT
from kefu.web.desk.floor import named, short
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import error_text, lang_of

MOST_DAYS: Final = 14
BAR: Final = 10
TALL: Final = 60


class Shift(Struct):
    """The form of a new shift: on so many days in a row, from one time of day to another."""

    agent_id: str = ""
    day: str = ""
    begins: str = ""
    ends: str = ""
    days: str = "1"
    team: str = FRONT


class Run(Struct, frozen=True):
    """Half hours on end with the same figures."""

    time: str
    expected: str
    needed: int
    planned: int
    share: str

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(self.needed - self.planned, 0)


class ShiftLine(Struct, frozen=True):
    """A shift in words."""

    id: UUID
    who: str
    time: str


class Bar(Struct, frozen=True):
    """A half hour in the picture: where it begins, how high what is planned reaches."""

    x: int
    y: float
    height: float
    is_short: bool


class Day(Struct, frozen=True):
    """A day of the plan. line: the points of what is needed; missing: the most that is."""

    date: str
    name: str
    runs: tuple[Run, ...]
    shifts: tuple[ShiftLine, ...]
    bars: tuple[Bar, ...]
    line: str
    top: int
    missing: int
    short_hours: str
    share: str


@get("/floor/plan")
async def plan(request: Asked, desk: Desk, agent: Agent, team: str = FRONT) -> Response[Any]:
    """Return the plan of a team."""
    return await _drawn(request, desk, agent, team, Shift(team=team))


@post("/floor/plan/shifts", status_code=303)
async def add_shift(
    request: Asked,
    desk: Desk,
    agent: Agent,
    data: Annotated[Shift, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Plan an agent; what is refused stays in the form."""
    reader = reader_of(request, lang_of(request))
    team = data.team if data.team in TEAMS else FRONT
    try:
        await desk.add_shifts(agent, _agent(data.agent_id), _spans(data, reader))
    except (ShiftMalformed, ShiftsOverlap, AgentUnknown) as refused:
        return await _drawn(request, desk, agent, team, data, refused)
    return Redirect(f"/desk/floor/plan?team={team}#day-{data.day}", status_code=303)


@post("/floor/plan/shifts/{shift_id:uuid}/remove", status_code=303)
async def remove_shift(
    desk: Desk, agent: Agent, shift_id: UUID, team: str = FRONT, day: str = ""
) -> Redirect:
    """Take a shift away."""
    await desk.remove_shift(agent, shift_id)
    anchor = f"#day-{day}" if _date(day) else ""
    team = team if team in TEAMS else FRONT
    return Redirect(f"/desk/floor/plan?team={team}{anchor}", status_code=303)


def _agent(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise AgentUnknown from None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _spans(data: Shift, reader: Reader) -> list[Span]:
    """Return the shifts a form means, by the reader's clock. Raises ShiftMalformed."""
    day = _date(data.day)
    try:
        begins, ends = time.fromisoformat(data.begins), time.fromisoformat(data.ends)
        days = int(data.days)
    except ValueError:
        raise ShiftMalformed from None
    aware = begins.tzinfo or ends.tzinfo
    if day is None or aware or not 1 <= days <= MOST_DAYS or not 2000 <= day.year <= 2100:
        raise ShiftMalformed
    return [_span(day + timedelta(days=n), begins, ends, reader) for n in range(days)]


def _span(day: date, begins: time, ends: time, reader: Reader) -> Span:
    """Return a shift; one that ends before it begins ends on the next day."""
    last = day if begins < ends else day + timedelta(days=1)
    starts = datetime.combine(day, begins, reader.zone)
    return starts.astimezone(UTC), datetime.combine(last, ends, reader.zone).astimezone(UTC)


async def _drawn(
    request: Asked,
    desk: Desk,
    agent: Agent,
    team: str,
    form: Shift,
    refused: KefuError | None = None,
) -> Response[Any]:
    reader = reader_of(request, lang_of(request))
    found = await desk.staffing(agent, team, reader.zone)
    days = _days(found, reader)
    return drawn(
        request,
        "floor_plan.html",
        status=refused.status if refused else 200,
        agent=agent,
        plan=found,
        team=team,
        teams=[(one.key, named(one.name, reader.lang, one.key)) for one in found.teams],
        days=days,
        people=found.people,
        form=form if form.day else Shift(day=days[0].date, begins="09:00", ends="18:00", team=team),
        problem=error_text(reader.lang, refused) if refused else "",
        handling=short(found.work.handling, reader.lang),
        goal=f"{100 * found.target.share:g}",
        within=short(found.target.within, reader.lang),
        zone=str(reader.zone),
        most_days=MOST_DAYS,
        bar=BAR,
        tall=TALL,
    )


def _days(found: Plan, reader: Reader) -> list[Day]:
    people = {person.id: person for person in found.people}
    by_day = groupby(found.halves, key=lambda half: half.at.astimezone(reader.zone).date())
    return [_day(day, list(halves), found, people, reader) for day, halves in by_day]


def _day(
    day: date, halves: Sequence[Half], found: Plan, people: dict[UUID, PersonView], reader: Reader
) -> Day:
    top = max(1, *(max(half.needed, half.planned) for half in halves))
    lacking = [half for half in halves if half.planned < half.needed]
    first, last = halves[0].at, halves[-1].at + SLOT
    return Day(
        date=day.isoformat(),
        name=f"{say(reader.lang, f'floor.day.{day.weekday()}')} {reader.date(first)}",
        runs=tuple(_runs(halves, reader)),
        shifts=tuple(
            ShiftLine(
                each.id, people[each.agent_id].alias, _times(each.starts_at, each.ends_at, reader)
            )
            for each in found.shifts
            if each.agent_id in people and first <= each.starts_at < last
        ),
        bars=tuple(
            Bar(n * BAR, TALL - h, h, half.planned < half.needed)
            for n, half in enumerate(halves)
            for h in [round(TALL * half.planned / top, 1)]
        ),
        line=" ".join(_steps(halves, top)),
        top=top,
        missing=max((half.needed - half.planned for half in lacking), default=0),
        short_hours=f"{len(lacking) / 2:g}",
        share=_share(halves),
    )


def _steps(halves: Sequence[Half], top: int) -> Iterator[str]:
    for n, half in enumerate(halves):
        y = round(TALL - TALL * half.needed / top, 1)
        yield f"{n * BAR},{y} {(n + 1) * BAR},{y}"


def _runs(halves: Sequence[Half], reader: Reader) -> Iterator[Run]:
    for figures, same in groupby(halves, key=lambda half: (half.needed, half.planned)):
        run = list(same)
        yield Run(
            time=_times(run[0].at, run[-1].at + SLOT, reader),
            expected=f"{sum(half.expected for half in run):.1f}",
            needed=figures[0],
            planned=figures[1],
            share=_share(run),
        )


def _share(halves: Sequence[Half]) -> str:
    """Return the share of customers answered in time as planned; empty with nobody expected."""
    counted = [(half.expected, half.share) for half in halves if half.share is not None]
    total = sum(expected for expected, _ in counted)
    if not total:
        return ""
    return f"{100 * sum(count * share for count, share in counted) / total:.0f} %"


def _times(starts: datetime, ends: datetime, reader: Reader) -> str:
    return f"{reader.clock(starts)}–{reader.clock(ends)}"


handlers = (plan, add_shift, remove_shift)
