"""The floor, the planner and what administrators set: who may, what is shown, what counts."""

from datetime import UTC, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, event

from kefu import guard
from kefu.actions import setup
from kefu.actions.hand_over import TeamUnknown
from kefu.actions.plan_shifts import ShiftMalformed, ShiftsOverlap, ShiftUnknown
from kefu.actions.service_levels import Saving
from kefu.actions.skills import CapacityMalformed, LanguageMalformed, Skills, TeamMissing
from kefu.actions.staffing import DAYS, PER_DAY, Plan
from kefu.actions.triage import TopicUnknown
from kefu.agents import store as agents
from kefu.core.errors import AgentUnknown, Forbidden
from kefu.core.floor_views import Floor, PersonView
from kefu.core.records import Agent
from kefu.routing import store as routing
from kefu.sla import defaults
from kefu.sla.policies import Conditions, Policy
from tests.house import House


async def one(house: House, name: str) -> Agent:
    """Somebody of the staff, whether at the desk or not."""
    found = await house.database.read(agents.credentials, f"{name}@halden.example")
    assert found is not None
    return found[0]


async def chen(house: House) -> Agent:
    """A supervisor, who is not at the desk to take work."""
    return await one(house, "chen")


async def admin(house: House) -> Agent:
    """An administrator."""

    def hire(tx: Connection) -> None:
        setup.agent(
            tx,
            email="wu@halden.example",
            password="wu password",
            alias="吴 Wu",
            badge="A-20400",
            languages=["en"],
            role="admin",
            at=house.at,
        )

    await house.database.write(hire)
    return await one(house, "wu")


async def floor(house: House) -> Floor:
    return await house.desk.floor(await chen(house), UTC)


def person(found: Floor, alias: str) -> PersonView:
    return next(one for one in found.people if one.alias == alias)


async def takes_work(house: House, name: str) -> Agent:
    """Somebody at the desk, who is given four customers at once."""
    agent = await house.agent(name)
    await house.database.write(routing.set_skills, agent.id, teams=["front"], topics=[], capacity=4)
    return agent


async def waits(house: House, text: str = "Where is my deposit?") -> UUID:
    cid = (await house.says(await house.visitor(), text)).conversation_id
    await house.follows(cid)
    return cid


async def test_the_floor_shows_who_waits_in_which_queue_since_when(house: House) -> None:
    since = house.at
    first = await waits(house)
    house.later(60)
    second = await waits(house)
    found = await floor(house)
    front = found.teams[0]
    assert (front.key, front.waiting, front.longest_since) == ("front", 2, since)
    assert [(one.where.id, one.ahead) for one in found.waiting] == [(first, 0), (second, 1)]
    assert [team.waiting for team in found.teams[1:]] == [0, 0]


async def test_the_floor_shows_every_agent_with_state_load_and_shift(house: House) -> None:
    supervisor = await chen(house)
    lin = await takes_work(house, "lin")
    ends = house.at + timedelta(hours=7)
    await house.desk.add_shifts(supervisor, lin.id, [(house.at - timedelta(hours=1), ends)])
    cid = await waits(house)
    assert (await house.state(cid)).assignee is not None
    house.later(30)
    await house.desk.work(lin, "break")
    found = await floor(house)
    shown = person(found, lin.alias)
    assert (shown.work_state, shown.load, shown.is_here) == ("break", 1, True)
    assert (shown.since_at, shown.shift_ends_at) == (house.at, ends)
    maya = person(found, "Maya")
    assert (maya.is_here, maya.shift_ends_at) == (False, None)
    assert "Reader" not in {one.alias for one in found.people}


async def test_a_late_answer_is_a_risk_until_it_is_given(house: House) -> None:
    cid = await waits(house)
    assert [r.kind for r in (await floor(house)).risks if r.kind in ("late", "soon")] == ["soon"]
    house.later(121)
    [late] = [risk for risk in (await floor(house)).risks if risk.kind == "late"]
    assert (late.where.id, late.what) == (cid, "first")
    await house.answers(await house.agent("lin"), cid, "It is on its way.")
    await house.follows(cid)
    assert [risk for risk in (await floor(house)).risks if risk.kind in ("late", "soon")] == []


async def test_who_can_be_served_by_nobody_is_a_risk_with_its_reason(house: House) -> None:
    cid = await waits(house)
    stuck = [risk for risk in (await floor(house)).risks if risk.kind == "unservable"]
    assert [(risk.where.id, risk.what) for risk in stuck] == [(cid, "nobody")]
    await takes_work(house, "lin")
    assert not [risk for risk in (await floor(house)).risks if risk.kind == "unservable"]


async def test_an_escalation_is_a_risk_until_somebody_accepts_it(house: House) -> None:
    visitor = await house.visitor()
    cid = (await house.says(visitor, "hello")).conversation_id
    await house.desk.escalate_own(visitor, cid, "senior")
    [open_] = [risk for risk in (await floor(house)).risks if risk.kind == "escalation"]
    assert (open_.where.id, open_.what) == (cid, "senior")
    await house.desk.assign(await chen(house), cid, (await house.agent("maya")).id)
    assert not [risk for risk in (await floor(house)).risks if risk.kind == "escalation"]


async def test_the_floor_costs_as_many_statements_for_thirty_as_for_one(house: House) -> None:
    await waits(house)
    few = await _statements(house)
    for n in range(30):
        await waits(house, f"message {n}")
    assert await _statements(house) == few


async def _statements(house: House) -> int:
    supervisor, counted = await chen(house), []
    engine = house.database.engine

    def count(*_: object) -> None:
        counted.append(1)

    event.listen(engine, "before_cursor_execute", count)
    try:
        await house.desk.floor(supervisor, UTC)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)


async def test_only_who_watches_over_the_floor_sees_it(house: House) -> None:
    lin = await house.agent("lin")
    for asked in (
        house.desk.floor(lin, UTC),
        house.desk.staffing(lin, "front", UTC),
        house.desk.note_shift(lin, guard.clean("hello")),
        house.desk.add_shifts(lin, lin.id, []),
        house.desk.remove_shift(lin, UUID(int=1)),
    ):
        with pytest.raises(Forbidden):
            await asked


async def test_a_note_of_the_shift_is_guarded_and_shown_newest_first(house: House) -> None:
    supervisor = await chen(house)
    await house.desk.note_shift(supervisor, guard.clean("Withdrawals on TRON are slow."))
    house.later(1)
    card = "Card 4111 1111 1111 1111 is fine"
    await house.desk.note_shift(supervisor, guard.clean(card))
    notes = (await floor(house)).notes
    assert [str(note.text) for note in notes][1] == "Withdrawals on TRON are slow."
    assert "4111 1111" not in str(notes[0].text)
    assert notes[0].badge == supervisor.badge


async def test_shifts_do_not_overlap_and_have_a_length(house: House) -> None:
    supervisor, lin = await chen(house), await house.agent("lin")
    at, hour = house.at, timedelta(hours=1)
    await house.desk.add_shifts(supervisor, lin.id, [(at, at + 8 * hour)])
    await house.desk.add_shifts(supervisor, lin.id, [(at + 8 * hour, at + 9 * hour)])
    for spans, error in (
        ([(at + hour, at + 2 * hour)], ShiftsOverlap),
        ([(at + 20 * hour, at + 22 * hour), (at + 21 * hour, at + 23 * hour)], ShiftsOverlap),
        ([(at + 30 * hour, at + 31 * hour), (at, at + hour)], ShiftsOverlap),
        ([(at, at)], ShiftMalformed),
        ([(at + hour, at)], ShiftMalformed),
        ([(at, at + 17 * hour)], ShiftMalformed),
        ([], ShiftMalformed),
    ):
        with pytest.raises(error):
            await house.desk.add_shifts(supervisor, lin.id, spans)
    with pytest.raises(AgentUnknown):
        await house.desk.add_shifts(supervisor, UUID(int=7), [(at, at + hour)])
    found = await house.desk.staffing(supervisor, "front", UTC)
    assert len(found.shifts) == 2
    await house.desk.remove_shift(supervisor, found.shifts[0].id)
    with pytest.raises(ShiftUnknown):
        await house.desk.remove_shift(supervisor, found.shifts[0].id)
    assert len((await house.desk.staffing(supervisor, "front", UTC)).shifts) == 1


def half_at(found: Plan, day: int, hour: int) -> int:
    """The number of the half hour that begins at an hour of a day of the plan."""
    return day * PER_DAY + hour * 2


async def test_the_plan_expects_what_came_on_the_same_weekday_at_the_same_time(
    house: House,
) -> None:
    for _ in range(3):
        await waits(house)
    house.later(7 * 86_400 - 3_600)
    found = await house.desk.staffing(await chen(house), "front", UTC)
    assert len(found.halves) == DAYS * PER_DAY
    came = half_at(found, 0, 9)
    assert [found.halves[came].expected, found.halves[came + 1].expected] == [3.0, 0.0]
    assert found.halves[came + 7 * PER_DAY].expected == 3.0
    assert found.halves[came].needed > 0
    assert found.halves[half_at(found, 1, 9)].needed == 0


async def test_a_planned_shift_counts_for_its_team_and_serves_who_comes(house: House) -> None:
    for _ in range(3):
        await waits(house)
    house.later(7 * 86_400 - 3_600)
    supervisor, lin = await chen(house), await house.agent("lin")
    before = await house.desk.staffing(supervisor, "front", UTC)
    came = half_at(before, 0, 9)
    assert (before.halves[came].planned, before.halves[came].share) == (0, 0.0)
    starts = before.halves[came].at - timedelta(hours=1)
    await house.desk.add_shifts(supervisor, lin.id, [(starts, starts + timedelta(hours=8))])
    after = await house.desk.staffing(supervisor, "front", UTC)
    assert after.halves[came].planned == 1
    assert (after.halves[came].share or 0) > 0.5
    assert (await house.desk.staffing(supervisor, "senior", UTC)).halves[came].planned == 0
    with pytest.raises(TeamUnknown):
        await house.desk.staffing(supervisor, "kitchen", UTC)


async def test_how_long_a_customer_takes_is_read_from_the_log(house: House) -> None:
    supervisor, lin = await chen(house), await house.agent("lin")
    assumed = await house.desk.staffing(supervisor, "front", UTC)
    assert assumed.spells == 0
    for minutes in (10, 20):
        cid = await waits(house)
        await house.desk.take(lin, cid)
        house.later(minutes * 60)
        await house.answers(lin, cid, "Done.")
        await house.closes(lin, cid)
    found = await house.desk.staffing(supervisor, "front", UTC)
    assert (found.spells, found.work.handling) == (2, timedelta(minutes=15))
    assert found.work.concurrency == 1


async def test_skills_are_checked_and_count_at_once(house: House) -> None:
    wu, lin = await admin(house), await house.agent("lin")
    good = Skills(("front", "senior"), ("withdrawals",), ("en", "zh-Hans"), 2)
    for bad, error in (
        (Skills((), (), ("en",), 2), TeamMissing),
        (Skills(("kitchen",), (), ("en",), 2), TeamUnknown),
        (Skills(("front",), ("horoscopes",), ("en",), 2), TopicUnknown),
        (Skills(("front",), (), (), 2), LanguageMalformed),
        (Skills(("front",), (), ("english please",), 2), LanguageMalformed),
        (Skills(("front",), (), ("en",), -1), CapacityMalformed),
        (Skills(("front",), (), ("en",), 51), CapacityMalformed),
    ):
        with pytest.raises(error):
            await house.desk.set_skills(wu, lin.id, bad)
    with pytest.raises(AgentUnknown):
        await house.desk.set_skills(wu, UUID(int=9), good)
    await house.desk.set_skills(wu, lin.id, good)
    _, people = await house.desk.staff(wu)
    shown = next(one for one in people if one.id == lin.id)
    assert (shown.teams, shown.topics) == (good.teams, good.topics)
    assert (shown.languages, shown.capacity) == (good.languages, 2)


async def test_whoever_gets_room_by_new_skills_gets_who_waits(house: House) -> None:
    wu, lin = await admin(house), await house.agent("lin")
    cid = await waits(house)
    assert (await house.state(cid)).assignee is None
    await house.desk.set_skills(wu, lin.id, Skills(("front",), (), ("en",), 1))
    assert (await house.state(cid)).assignee is not None


async def test_teams_are_renamed_by_administrators(house: House) -> None:
    wu = await admin(house)
    await house.desk.rename_team(wu, "front", {"en": guard.clean("First aid")})
    with pytest.raises(TeamUnknown):
        await house.desk.rename_team(wu, "kitchen", {"en": guard.clean("Kitchen")})
    teams, _ = await house.desk.staff(wu)
    assert teams[0].name == {"en": "First aid"}


async def test_only_administrators_change_what_is_owed(house: House) -> None:
    supervisor = await chen(house)
    policy = Policy(
        "vip", Conditions(tier=frozenset({"VIP"})), defaults.POLICIES[0].targets, "desk"
    )
    for asked in (
        house.desk.service_levels(supervisor),
        house.desk.save_policy(supervisor, policy, Saving(new=True)),
        house.desk.drop_policy(supervisor, "chat"),
        house.desk.save_calendar(supervisor, "desk", {}, dict(defaults.CALENDAR), Saving()),
        house.desk.drop_calendar(supervisor, "desk"),
        house.desk.country_days(supervisor, "CN", None, 2026),
        house.desk.feed_days(supervisor, "https://calendar.example/cn.ics", 2026),
        house.desk.staff(supervisor),
        house.desk.set_skills(supervisor, supervisor.id, Skills(("front",), (), ("en",), 1)),
        house.desk.rename_team(supervisor, "front", {}),
    ):
        with pytest.raises(Forbidden):
            await asked
