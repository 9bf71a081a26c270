"""Which policy counts, what it owes, and which sets are refused."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.core.errors import KefuError
from kefu.sla import calendar, defaults, policies
from kefu.sla.errors import (
    PoliciesLackFallback,
    PolicyMalformed,
    PolicyNeverMatches,
    PolicyRepeated,
)
from kefu.sla.policies import Conditions, Facts, Policy, Slot, Target, Targets, choose

HOUR: Final = timedelta(hours=1)
CHANNELS: Final = {
    "api", "chat", "community", "email", "facebook", "form", "instagram", "phone", "telegram",
    "whatsapp", "x",
}  # fmt: skip


def policy(key: str, **conditions: str) -> Policy:
    """Return a policy whose conditions are written `chat email`."""
    asked = {field: frozenset(values.split()) for field, values in conditions.items()}
    return Policy(key, Conditions(**asked), Targets(first=Target(HOUR)), "desk")


@pytest.mark.parametrize(
    ("candidates", "facts", "chosen"),
    [
        ([policy("all")], Facts("chat"), "all"),
        ([policy("all"), policy("chat", channel="chat")], Facts("chat"), "chat"),
        ([policy("all"), policy("chat", channel="chat")], Facts("email"), "all"),
        ([policy("chat", channel="chat")], Facts("email"), None),
        (  # more conditions win over a weightier one
            [policy("a", tier="vip"), policy("b", channel="chat", language="zh")],
            Facts("chat", language="zh-Hans", tier="vip"), "b",
        ),
        (
            [policy("a", channel="chat"), policy("b", tier="vip")],
            Facts("chat", tier="vip"), "b",
        ),
        (
            [policy("a", language="zh"), policy("b", language="zh-Hant")],
            Facts("chat", language="zh-Hant-HK"), "b",
        ),
        ([policy("a", language="zh-Hant"), policy("b")], Facts("chat", language="zh"), "b"),
        ([policy("a", language="zh"), policy("b")], Facts("chat", language="zhx"), "b"),
        ([policy("a", language="zh"), policy("b")], Facts("chat"), "b"),
        (
            [policy("a", topic="deposits"), policy("b", topic="onchain")],
            Facts("chat", topics=("onchain", "deposits")), "b",
        ),
        (
            [policy("a", channel="chat email"), policy("b", channel="chat")],
            Facts("chat"), "b",
        ),
        (
            [policy("b", channel="chat email"), policy("a", channel="chat x")],
            Facts("chat"), "a",
        ),
    ],
)  # fmt: skip
def test_the_most_specific_policy_counts(
    candidates: list[Policy], facts: Facts, chosen: str | None
) -> None:
    for order in (candidates, candidates[::-1]):
        found = choose(order, facts)
        assert (found.key if found else None) == chosen


VALUES: Final = {
    "channel": ["chat", "email"],
    "priority": ["low", "high"],
    "language": ["zh", "zh-Hans", "en"],
    "tier": ["vip"],
    "topic": ["deposits", "onchain"],
}
some_conditions = st.fixed_dictionaries(
    {field: st.frozensets(st.sampled_from(values)) for field, values in VALUES.items()}
).map(lambda values: Conditions(**values))
some_facts = st.builds(
    Facts,
    st.sampled_from(["chat", "email", "phone"]),
    st.sampled_from([None, "low", "high"]),
    st.sampled_from([None, "zh-Hans", "en"]),
    st.sampled_from([None, "vip"]),
    st.sampled_from([(), ("deposits",), ("onchain", "deposits")]),
)


@given(st.lists(some_conditions, max_size=8, unique=True), some_facts, st.randoms())
@settings(max_examples=200, deadline=None)
def test_one_policy_counts_in_whatever_order_they_stand(
    drawn: list[Conditions], facts: Facts, rng: random.Random
) -> None:
    targets = Targets(first=Target(HOUR))
    known = [Policy(f"p{n}", each, targets, "desk") for n, each in enumerate(drawn)]
    known.append(Policy("all", Conditions(), targets, "desk"))
    chosen = choose(known, facts)
    assert chosen is not None and _holds(chosen.conditions, facts)
    for other in known:
        if _holds(other.conditions, facts):
            assert _asked(other.conditions) <= _asked(chosen.conditions)
    rng.shuffle(known)
    assert choose(known, facts) == chosen


def _asked(conditions: Conditions) -> int:
    return sum(1 for field in VALUES if getattr(conditions, field))


def _holds(conditions: Conditions, facts: Facts) -> bool:
    language = facts.language or ""
    has = {
        "channel": {facts.channel},
        "priority": {facts.priority},
        "language": {language, language.split("-")[0]},
        "tier": {facts.tier},
        "topic": set(facts.topics),
    }
    asked = {field: getattr(conditions, field) for field in VALUES}
    return all(not values or values & has[field] for field, values in asked.items())


def test_a_warning_comes_in_open_time() -> None:
    week = {day: [["09:00", "17:00"]] for day in calendar.DAYS}
    office = calendar.read({"timezone": "UTC", "business_hours": week})
    friday = datetime(2024, 3, 8, 16, tzinfo=UTC)
    due = policies.due(Target(4 * HOUR, latest=10 * HOUR), friday, office)
    assert due.warn_at == datetime(2024, 3, 9, 11, tzinfo=UTC)
    assert due.due_at == datetime(2024, 3, 9, 12, tzinfo=UTC)
    assert due.latest_at == datetime(2024, 3, 10, 10, tzinfo=UTC)
    led = policies.due(Target(4 * HOUR, warn_lead=3 * HOUR + HOUR / 2), friday, office)
    assert led.warn_at == datetime(2024, 3, 8, 16, 30, tzinfo=UTC)
    paused = [(friday, friday + timedelta(days=1))]
    later = policies.due(Target(HOUR), friday, office, paused)
    assert later.due_at == datetime(2024, 3, 9, 17, tzinfo=UTC)
    at_once = policies.due(Target(HOUR, warn_share=0), friday, office)
    assert at_once.warn_at == friday


def test_a_callback_is_due_in_its_slot() -> None:
    begins = datetime(2024, 3, 9, 11, tzinfo=UTC)
    due = policies.slot_due(Slot(timedelta(minutes=10)), begins, begins + HOUR)
    assert due == (begins - timedelta(minutes=10), begins + HOUR, None)


def test_what_a_new_desk_begins_with_may_be_saved() -> None:
    known = {"channel": CHANNELS}
    policies.check(defaults.POLICIES, {defaults.CALENDAR_KEY}, known)
    assert calendar.read(defaults.CALENDAR).never_close
    promised = {"chat": timedelta(minutes=2), "email": 4 * HOUR, "telegram": HOUR, "x": HOUR}
    for channel in CHANNELS:
        chosen = choose(defaults.POLICIES, Facts(channel))
        assert chosen is not None and chosen.targets.first is not None
        first = chosen.targets.first
        if channel in promised:
            assert isinstance(first, Target)
            assert (first.within, first.goal) == (promised[channel], 0.9)
        assert isinstance(first, Slot) == (channel == "phone")
    mail = choose(defaults.POLICIES, Facts("email"))
    assert mail is not None and isinstance(mail.targets.first, Target)
    assert mail.targets.first.latest == 24 * HOUR


def test_a_policy_survives_as_json() -> None:
    for each in defaults.POLICIES:
        stored = msgspec.json.encode((each.conditions, each.targets))
        conditions, targets = msgspec.json.decode(stored)
        assert policies.read(each.key, conditions, targets, each.calendar) == each


@pytest.mark.parametrize(
    ("conditions", "targets", "field"),
    [
        ({"chanel": ["chat"]}, {"first": {"type": "open", "within": "PT2M"}}, "conditions"),
        ({"channel": "chat"}, {"first": {"type": "open", "within": "PT2M"}}, "conditions"),
        ({}, {}, "targets"),
        ({}, {"first": {"type": "open", "within": "2 minutes"}}, "targets"),
        ({}, {"next": {"type": "slot", "warn_lead": "PT2M"}}, "targets"),
        ({}, {"first": {"type": "open", "within": "PT0S"}}, "first"),
        ({}, {"first": {"type": "open", "within": "-PT2M"}}, "first"),
        ({}, {"first": {"type": "open", "within": "PT2M", "warn_share": 1.0}}, "first"),
        ({}, {"first": {"type": "open", "within": "PT2M", "warn_lead": "PT3M"}}, "first"),
        ({}, {"first": {"type": "open", "within": "PT2M", "latest": "PT1M"}}, "first"),
        ({}, {"first": {"type": "open", "within": "PT2M", "goal": 0.0}}, "first"),
        ({}, {"first": {"type": "open", "within": "PT2M", "goal": 1.5}}, "first"),
        ({}, {"first": {"type": "slot", "warn_lead": "-PT2M"}}, "first"),
        (
            {},
            {
                "first": {"type": "open", "within": "PT2M"},
                "resolution": {"type": "open", "within": "PT1M"},
            },
            "resolution",
        ),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(
    conditions: dict[str, Any], targets: dict[str, Any], field: str
) -> None:
    with pytest.raises(PolicyMalformed) as refused:
        policies.read("p", conditions, targets, "desk")
    assert refused.value.values == {"key": "p", "field": field}


@pytest.mark.parametrize(
    ("known", "error"),
    [
        ([], PoliciesLackFallback),
        ([policy("chat", channel="chat")], PoliciesLackFallback),
        ([policy("all"), policy("a", channel="chat"), policy("b", channel="chat")], PolicyRepeated),
        ([policy("all"), policy("a", channel="chta")], PolicyNeverMatches),
        ([Policy("all", Conditions(), Targets(), "desk")], PolicyMalformed),
        ([Policy("all", Conditions(), Targets(first=Target(HOUR)), "x")], PolicyMalformed),
    ],
)
def test_a_set_that_leaves_cases_out_is_refused(
    known: list[Policy], error: type[KefuError]
) -> None:
    with pytest.raises(error):
        policies.check(known, {"desk"}, {"channel": CHANNELS})
