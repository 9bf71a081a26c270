"""A conversation's events as the lines of a thread: pure, in the agent's words and zone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from kefu import guard
from kefu.core.i18n import LANGUAGES, say
from kefu.core.records import SYSTEM, Author, Event, EventKind
from kefu.core.views import ClockView
from kefu.web.desk import lines, rows
from kefu.web.desk.due import badge
from kefu.web.desk.lines import Line
from kefu.web.desk.times import Reader

AT = datetime(2026, 3, 2, 15, 58, tzinfo=UTC)
READER = Reader("en", ZoneInfo("Asia/Shanghai"), AT + timedelta(minutes=10))
CUSTOMER = Author("customer")
LIN = Author("agent", UUID(int=1), "林 Lin", "A-20417")
MAYA = Author("agent", UUID(int=2), "Maya", "A-20418")
EVENT = Event(UUID(int=9), UUID(int=8), 1, "message", "public", CUSTOMER, AT)
OWNER = {"id": str(UUID(int=2)), "name": "Maya", "badge": "A-20418"}
SOON = (AT + timedelta(minutes=20)).isoformat()
BRIBE = replace(EVENT, kind="warning", visibility="internal", data={"reasons": ["scam.bribe"]})


def said(seq: int, author: Author = CUSTOMER, text: str = "Hello", **changes: Any) -> Event:
    return replace(EVENT, seq=seq, author=author, text=guard.clean(text), **changes)


def assigned(author: Author, to: Author | None, left: Author | None = None) -> Event:
    named = [{"id": str(a.id), "name": a.name} if a else None for a in (to, left)]
    data = {"agent": named[0], "from": named[1]}
    return replace(EVENT, kind="assignment", author=author, data=data)


def event(what: EventKind, author: Author, **data: Any) -> Event:
    return replace(EVENT, kind=what, author=author, data=data)


def state(author: Author, **data: Any) -> Event:
    return event("state", author, **data)


def step(step: str, author: Author, **data: Any) -> Event:
    return event("escalation", author, step=step, to="senior", **data)


def owed(step: str, clock: str) -> Event:
    return event("target", SYSTEM, step=step, clock=clock, due_at=SOON)


def drawn(*events: Event) -> list[Line]:
    return lines.lines(events, READER)


def test_lines_of_one_author_within_a_minute_share_a_head() -> None:
    soon, later = AT + timedelta(seconds=30), AT + timedelta(seconds=95)
    events = (said(1), said(2, at=soon), said(3, at=later), said(4, LIN, at=later))
    assert [line.first for line in drawn(*events)] == [True, False, True, True]


def test_a_note_never_joins_the_group_of_a_reply() -> None:
    note = said(2, LIN, kind="note", visibility="internal")
    assert [(line.side, line.first) for line in drawn(said(1, LIN), note)] == [
        ("agent", True),
        ("note", True),
    ]


def test_the_day_changes_at_the_midnight_of_the_reader() -> None:
    after_midnight = said(2, at=AT + timedelta(minutes=5))
    assert [line.day for line in drawn(said(1), after_midnight)] == ["Yesterday", "Today"]
    in_utc = Reader("en", UTC, READER.now)
    assert [line.day for line in lines.lines([said(1), after_midnight], in_utc)] == ["Today", ""]


def test_a_live_line_is_drawn_as_on_load() -> None:
    events = [said(1), said(2), said(3, LIN)]
    assert lines.following(events, 1, READER) == drawn(*events)[1:]


@pytest.mark.parametrize(
    ("event", "key", "values"),
    [
        (assigned(LIN, LIN), "taken", {}),
        (assigned(LIN, LIN, MAYA), "taken_over", {"left": "Maya"}),
        (assigned(LIN, MAYA), "given", {"to": "Maya"}),
        (assigned(LIN, MAYA, LIN), "handed_over", {"to": "Maya"}),
        (assigned(LIN, MAYA, Author("agent", UUID(int=3), "Chen")), "moved", {"left": "Chen"}),
        (assigned(LIN, None, LIN), "released", {}),
        (replace(EVENT, kind="state", data={"to": "open"}), "open.customer", {}),
        (replace(EVENT, kind="state", author=LIN, data={"to": "closed"}), "closed", {}),
        (replace(EVENT, kind="state", data={"to": "reopened"}), "reopened.customer", {}),
        (replace(EVENT, kind="redaction", author=LIN, data={"seq": 4}), "redacted", {"seq": "4"}),
        (replace(EVENT, kind="warning", data={"reasons": ["scam.fee"]}), "warning", {}),
        (BRIBE, "warning.internal", {}),
        (state(CUSTOMER, to="open", follows="7YYK-TXTX"), "follows", {"reference": "7YYK-TXTX"}),
        (state(SYSTEM, to="closed"), "closed.idle", {}),
        (state(SYSTEM, to="moved"), "recognised", {}),
        (state(CUSTOMER, to="language", language="de"), "language", {"language": "de"}),
        (state(LIN, to="topic", topic="card"), "topic", {"topic": "Card"}),
        (state(LIN, to="topic", topic="no.longer"), "topic", {"topic": "no.longer"}),
        (state(LIN, to="team", team="senior"), "team", {"team": "Senior agents"}),
        (state(LIN, to="priority", priority=2), "priority", {"priority": "Urgent"}),
        (state(SYSTEM, to="priority", priority=1), "priority.system", {"priority": "High"}),
        (state(SYSTEM, to="idle", closes_at=SOON), "idle", {"at": "00:18"}),
        (step("requested", CUSTOMER, by="customer"), "escalation.requested.customer", {}),
        (step("requested", CUSTOMER, by="phrase"), "escalation.requested.phrase", {}),
        (step("requested", LIN, by="agent"), "escalation.requested.agent", {}),
        (step("requested", LIN, again=True), "escalation.requested.again", {}),
        (step("accepted", LIN, owner=OWNER), "escalation.accepted", {"owner": "Maya"}),
        (step("answered", MAYA, owner=OWNER), "escalation.answered", {"owner": "Maya"}),
        (step("declined", MAYA, owner=OWNER), "escalation.declined", {"owner": "Maya"}),
        (step("withdrawn", CUSTOMER), "escalation.withdrawn", {"team": "Senior agents"}),
        (owed("warned", "first"), "target.warned", {"clock": "First answer"}),
        (owed("breached", "resolution"), "target.breached", {"clock": "Solution"}),
        (event("promise", SYSTEM, due_at=SOON, kind="wait"), "promise", {}),
        (event("promise", SYSTEM, due_at=SOON, kind="renewed"), "promise.renewed", {}),
        (event("continuation", CUSTOMER, choice="app"), "continuation.app", {}),
        (event("continuation", CUSTOMER, choice="pigeon"), "continuation", {}),
        (event("note", LIN, side="x", step="closed"), "side_closed", {}),
        (assigned(SYSTEM, LIN), "routed", {"to": "林 Lin"}),
        (assigned(SYSTEM, None, LIN), "released.absent", {"left": "林 Lin"}),
    ],
)
def test_what_happened_is_said_in_every_language(
    event: Event, key: str, values: dict[str, str]
) -> None:
    (line,) = drawn(event)
    assert (line.side, line.says) == ("system", f"desk.said.{key}")
    assert values.items() <= line.values.items()
    for lang in LANGUAGES:
        assert "{" not in say(lang, line.says, who="x", **line.values)


def test_a_phrase_taken_out_of_several_messages_is_told_once_and_each_is_redrawn() -> None:
    found = [
        replace(EVENT, seq=seq, kind="redaction", data={"seq": line, "kind": "mnemonic"})
        for seq, line in ((5, 1), (6, 2))
    ]
    assert [line.says for line in drawn(*found)] == ["desk.said.redacted.mnemonic", ""]
    later = replace(found[1], at=AT + timedelta(seconds=1))
    assert [line.says for line in drawn(found[0], later)] == ["desk.said.redacted.mnemonic"] * 2


@pytest.mark.parametrize(
    ("kind", "key"),
    [("card_number", ".card_number"), ("private_key", ".private_key"), ("iban", "")],
)
def test_what_an_author_called_harmless_is_told_with_the_line(kind: str, key: str) -> None:
    (line,) = drawn(said(1, data={"asserted": [kind]}))
    assert line.asserted == (f"desk.line.asserted{key}",)
    assert all(say(lang, line.asserted[0]) for lang in LANGUAGES)


def test_only_pictures_of_known_size_are_shown_in_place() -> None:
    picture = {"id": UUID(int=5), "name": "a.png", "content_type": "image/png", "size": 46_100}
    sized = picture | {"width": 640, "height": 360}
    paper = picture | {"name": "a.pdf", "content_type": "application/pdf", "size": 3_400_000}
    (line,) = drawn(said(1, data={"files": [picture, sized, paper]}))
    assert [(file.picture, file.size) for file in line.files] == [
        (False, "46 kB"),
        (True, "46 kB"),
        (False, "3.4 MB"),
    ]


def test_a_preview_is_one_line_without_the_secret() -> None:
    text = guard.clean("pay with 4111 1111 1111 1111\n\nthanks")
    preview = rows.preview(text, "en")
    assert "\n" not in preview
    assert "4111 1111" not in preview


def test_a_conversation_that_leaves_its_agent_by_an_escalation_says_so_once() -> None:
    left = assigned(CUSTOMER, None, LIN)
    assert [line.says for line in drawn(step("requested", CUSTOMER, by="customer"), left)] == [
        "desk.said.escalation.requested.customer",
        "",
    ]


def test_a_line_of_a_side_thread_is_a_note_that_names_who_is_asked() -> None:
    first = said(1, LIN, kind="note", visibility="internal")
    asks = replace(first, data={"side": "x", "step": "opened", "team": "technical"})
    answer = replace(first, seq=2, data={"side": "x"})
    note = replace(first, seq=3)
    assert [
        (line.side, line.is_aside, line.aside, line.first) for line in drawn(asks, answer, note)
    ] == [
        ("note", True, "Technical support", True),
        ("note", True, "", False),
        ("note", False, "", True),
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3 * 86_400, "3 d"),
        (36 * 3600, "36 h"),
        (119 * 60, "119 min"),
        (600, "10 min"),
        (599.2, "10 min"),
        (599, "9:59"),
        (5, "0:05"),
        (0, "0:00"),
        (-0.5, "0:00"),
        (-1, "0:01 over"),
        (-3 * 3600, "3 h over"),
    ],
)
def test_a_clock_is_told_in_words_until_the_last_ten_minutes(seconds: float, words: str) -> None:
    assert READER.left(READER.now + timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("warn", "due", "level"), [(60, 120, ""), (-1, 120, "is-warn"), (-60, -1, "is-danger")]
)
def test_a_badge_turns_amber_at_the_warning_and_red_at_the_end(
    warn: int, due: int, level: str
) -> None:
    ends, warns = (READER.now + timedelta(seconds=s) for s in (due, warn))
    assert badge(ClockView("first", ends, warns), READER).level == level
    assert badge(ClockView("first", None, None), READER).due == ""


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=4), "4 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2), "Mar 1"),
    ],
)
def test_ages_are_short_and_become_dates_after_a_day(ago: timedelta, words: str) -> None:
    assert READER.since(READER.now - ago) == words
