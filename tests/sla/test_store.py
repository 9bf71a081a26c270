"""Calendars and policies as they are saved, refused, and counted anew for open cases."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from kefu import guard
from kefu.actions import recompute, service_levels
from kefu.actions.recompute import RECOMPUTE
from kefu.actions.service_levels import Saving
from kefu.core.errors import KefuError
from kefu.sla import defaults, store
from kefu.sla.errors import (
    CalendarUnknown,
    CalendarUsed,
    FieldMalformed,
    KeyMalformed,
    KeyRepeated,
    NeverOpen,
    OpeningEmpty,
    OpeningsOverlap,
    PoliciesLackFallback,
    PolicyMalformed,
    PolicyNeverMatches,
    PolicyRepeated,
    PolicyUnknown,
    TimeMalformed,
    ZoneUnknown,
)
from kefu.sla.policies import Conditions, Policy, Target, Targets
from kefu.sla.targets import Clock
from kefu.storage import outbox, tables
from tests.house import START, House

NEW = Saving(new=True)
RECOUNT = Saving(recount=True)
NAME = {"en": guard.clean("Hong Kong")}
WEEK: dict[str, Any] = {"mon": [["09:00", "18:00"]], "fri": [["22:00", "06:00"]]}
HOURS: dict[str, Any] = {"timezone": "Asia/Hong_Kong", "business_hours": WEEK}
CHAT = defaults.POLICIES[1]


async def save_calendar(
    house: House, key: str, definition: dict[str, Any], saving: Saving = NEW
) -> None:
    await house.database.write(
        service_levels.save_calendar, key, NAME, definition, saving, at=house.at
    )


async def save_policy(house: House, policy: Policy, saving: Saving = NEW) -> None:
    await house.database.write(service_levels.save_policy, policy, saving, at=house.at)


def policy(key: str = "vip", calendar: str = "desk", minutes: int = 1, **asks: set[str]) -> Policy:
    conditions = Conditions(**{name: frozenset(values) for name, values in asks.items()})
    return Policy(key, conditions, Targets(first=Target(timedelta(minutes=minutes))), calendar)


async def test_a_calendar_is_stored_as_it_was_written_and_read_as_hours(house: House) -> None:
    definition = HOURS | {"holidays": ["2026-10-01"], "names": {"2026-10-01": "National Day"}}
    await save_calendar(house, "hong-kong", definition)
    saved = await house.database.read(store.saved)
    found = next(each for each in saved if each.key == "hong-kong")
    assert (found.name, found.definition) == ({"en": "Hong Kong"}, definition)
    hours = (await house.database.read(store.book)).hours["hong-kong"]
    assert [day.isoformat() for day in hours.holidays] == ["2026-10-01"]
    with pytest.raises(KeyRepeated):
        await save_calendar(house, "hong-kong", HOURS)
    await save_calendar(house, "hong-kong", HOURS, Saving())
    assert not (await house.database.read(store.book)).hours["hong-kong"].holidays


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"business_hours": {}}, NeverOpen),
        ({"timezone": "Asia/Kowloon"}, ZoneUnknown),
        ({"timezone": "../etc/passwd"}, ZoneUnknown),
        ({"business_hours": {"mon": [["09:00", "18:60"]]}}, TimeMalformed),
        ({"business_hours": {"mon": [["09:00", "09:00"]]}}, OpeningEmpty),
        ({"business_hours": {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}}, OpeningsOverlap),
        (
            {"business_hours": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}},
            OpeningsOverlap,
        ),
        ({"business_hours": {"moon": []}}, FieldMalformed),
        ({"holidays": ["2026-02-30"]}, FieldMalformed),
    ],
)
async def test_a_calendar_that_must_not_be_is_refused_and_the_old_one_stays(
    house: House, change: dict[str, Any], error: type[KefuError]
) -> None:
    await save_calendar(house, "hong-kong", HOURS)
    with pytest.raises(error):
        await save_calendar(house, "hong-kong", HOURS | change, Saving())
    assert (
        next(
            each.definition for each in await house.database.read(store.saved) if each.key != "desk"
        )
        == HOURS
    )


@pytest.mark.parametrize("key", ["", "Hong Kong", "-a", "new", "a" * 41, "a/b"])
async def test_a_key_is_a_short_plain_word(house: House, key: str) -> None:
    with pytest.raises(KeyMalformed):
        await save_calendar(house, key, HOURS)
    with pytest.raises(KeyMalformed):
        await save_policy(house, policy(key, tier={"VIP"}))


async def test_a_calendar_goes_only_when_no_policy_counts_by_it(house: House) -> None:
    with pytest.raises(CalendarUsed) as used:
        await house.database.write(service_levels.drop_calendar, "desk")
    assert used.value.values["key"] in {each.key for each in defaults.POLICIES}
    await save_calendar(house, "hong-kong", HOURS)
    await house.database.write(service_levels.drop_calendar, "hong-kong")
    with pytest.raises(CalendarUnknown):
        await house.database.write(service_levels.drop_calendar, "hong-kong")
    with pytest.raises(CalendarUnknown):
        await save_calendar(house, "hong-kong", HOURS, Saving())


async def test_a_policy_is_stored_and_counts_for_the_cases_it_asks_for(house: House) -> None:
    await save_policy(house, policy(channel={"chat"}, priority={"high", "urgent"}))
    found = {each.key: each for each in (await house.database.read(store.book)).policies}
    assert found["vip"] == policy(channel={"chat"}, priority={"high", "urgent"})
    await save_policy(house, policy(minutes=3, tier={"VIP"}), Saving())
    found = {each.key: each for each in (await house.database.read(store.book)).policies}
    assert found["vip"] == policy(minutes=3, tier={"VIP"})
    await house.database.write(service_levels.drop_policy, "vip")
    with pytest.raises(PolicyUnknown):
        await house.database.write(service_levels.drop_policy, "vip")
    with pytest.raises(PolicyUnknown):
        await save_policy(house, policy(tier={"VIP"}), Saving())


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (policy(), PolicyRepeated),  # the standard one asks for nothing too
        (policy(channel={"pigeon"}), PolicyNeverMatches),
        (policy(priority={"later"}), PolicyNeverMatches),
        (policy(topic={"horoscopes"}), PolicyNeverMatches),
        (policy(language={"plain english"}), PolicyNeverMatches),
        (policy(calendar="nowhere", tier={"VIP"}), PolicyMalformed),
        (policy(minutes=0, tier={"VIP"}), PolicyMalformed),
        (Policy("vip", Conditions(tier=frozenset({"VIP"})), Targets(), "desk"), PolicyMalformed),
    ],
)
async def test_a_policy_that_must_not_be_is_refused(
    house: House, bad: Policy, error: type[KefuError]
) -> None:
    before = (await house.database.read(store.book)).policies
    with pytest.raises(error):
        await save_policy(house, bad)
    assert (await house.database.read(store.book)).policies == before


async def test_the_policy_for_everything_stays(house: House) -> None:
    with pytest.raises(PoliciesLackFallback):
        await house.database.write(service_levels.drop_policy, "standard")
    with pytest.raises(PoliciesLackFallback):
        await save_policy(house, policy("standard", tier={"VIP"}), Saving())


async def test_a_policy_of_old_that_cannot_be_read_is_named_and_can_be_mended(
    house: House,
) -> None:
    broken = update(tables.sla_policy).where(tables.sla_policy.c.key == "social")
    await house.database.write(lambda tx: tx.execute(broken.values(targets={"first": 5})))
    levels = await house.database.read(service_levels.service_levels)
    assert levels.unreadable == ("social",)
    await save_policy(house, defaults.POLICIES[2], Saving())
    assert (await house.database.read(service_levels.service_levels)).unreadable == ()


async def owed(house: House) -> UUID:
    cid = (await house.says(await house.visitor(), "Where is my deposit?")).conversation_id
    await house.follows(cid)
    return cid


async def first(house: House, cid: UUID) -> Clock:
    return (await house.clocks(cid))["first", 1]


async def effects(house: House) -> list[dict[str, Any]]:
    """What is left in the outbox to be counted anew."""
    rows = select(tables.outbox.c.payload).where(tables.outbox.c.name == RECOMPUTE)
    return list(await house.database.read(lambda tx: tx.execute(rows).scalars().all()))


async def run(house: House, most: int = recompute.BATCH) -> int:
    """Run what the outbox holds of it, as the effects' loop does; return how many cases."""
    total = 0
    while claimed := await house.database.write(outbox.claim, at=house.at, only=(RECOMPUTE,)):
        for effect in claimed:
            after = effect.payload["after"]
            total += await house.database.write(
                recompute.recompute, UUID(after) if after else None, at=house.at, most=most
            )
        await house.database.write(outbox.finish, [effect.id for effect in claimed])
    return total


def chat_within(minutes: int, calendar: str = "desk") -> Policy:
    targets = Targets(first=Target(timedelta(minutes=minutes)), resolution=CHAT.targets.resolution)
    return Policy("chat", CHAT.conditions, targets, calendar)


async def test_a_change_counts_for_new_clocks_and_leaves_those_that_run(house: House) -> None:
    cid = await owed(house)
    await save_policy(house, chat_within(10), Saving())
    assert await effects(house) == []
    assert (await first(house, cid)).due_at == START + timedelta(minutes=2)
    assert (await first(house, await owed(house))).due_at == START + timedelta(minutes=10)


async def test_on_request_open_cases_are_counted_anew_from_their_start(house: House) -> None:
    cid = await owed(house)
    house.later(30)
    await save_policy(house, chat_within(10), RECOUNT)
    assert await run(house) == 1
    clock = await first(house, cid)
    assert (clock.started_at, clock.due_at) == (START, START + timedelta(minutes=10))
    assert clock.warn_at == START + timedelta(minutes=7.5)
    house.later(60)
    await save_policy(house, chat_within(10), RECOUNT)
    await run(house)
    assert await first(house, cid) == clock


async def test_a_calendar_counted_anew_moves_what_is_due_to_its_open_time(house: House) -> None:
    cid = await owed(house)  # Monday, 17:00 in Hong Kong
    await save_calendar(house, "hong-kong", HOURS)
    await save_policy(house, chat_within(90, "hong-kong"), RECOUNT)
    await run(house)
    friday = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
    assert (await first(house, cid)).due_at == friday + timedelta(minutes=30)
    longer = HOURS | {"business_hours": {"mon": [["09:00", "20:00"]]}}
    await save_calendar(house, "hong-kong", longer, RECOUNT)
    await run(house)
    assert (await first(house, cid)).due_at == START + timedelta(minutes=90)


async def test_what_was_said_of_a_clock_is_said_again_only_for_a_new_time(house: House) -> None:
    cid = await owed(house)
    house.later(121)
    await house.fires()
    late = await first(house, cid)
    assert late.breached_at is not None
    await save_policy(house, CHAT, RECOUNT)
    await run(house)
    assert await first(house, cid) == late
    await save_policy(house, chat_within(10), RECOUNT)
    await run(house)
    again = await first(house, cid)
    assert (again.warned_at, again.breached_at) == (None, None)
    house.later(600)
    await house.fires()
    told = [e.data["step"] for e in await house.log(cid) if e.kind == "target"]
    assert told == ["warned", "breached", "warned", "breached"]


async def test_a_clock_that_was_met_or_is_no_longer_owed_keeps_its_times(house: House) -> None:
    met, kept = await owed(house), await owed(house)
    await house.answers(await house.agent("lin"), met, "It is on its way.")
    await house.follows(met)
    before = await house.clocks(met), await house.clocks(kept)
    only_last = Targets(resolution=CHAT.targets.resolution)
    await save_policy(house, Policy("chat", CHAT.conditions, only_last, "desk"), RECOUNT)
    await run(house)
    assert (await house.clocks(met), await house.clocks(kept)) == before


async def test_many_cases_are_counted_in_batches_each_once(house: House) -> None:
    ids = [await owed(house) for _ in range(7)]
    await save_policy(house, chat_within(10), RECOUNT)
    assert await run(house, most=3) == 7
    for cid in ids:
        assert (await first(house, cid)).due_at == START + timedelta(minutes=10)
