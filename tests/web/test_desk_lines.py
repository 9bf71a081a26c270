"""A conversation's events as the lines of a thread: pure, in the agent's words and zone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from kefu import guard
from kefu.core.i18n import LANGUAGES, say
from kefu.core.records import Author, Event
from kefu.web.desk import lines, rows
from kefu.web.desk.lines import Line
from kefu.web.desk.times import Reader

AT = datetime(2026, 3, 2, 15, 58, tzinfo=UTC)
READER = Reader("en", ZoneInfo("Asia/Shanghai"), AT + timedelta(minutes=10))
CUSTOMER = Author("customer")
LIN = Author("agent", UUID(int=1), "林 Lin", "A-20417")
MAYA = Author("agent", UUID(int=2), "Maya", "A-20418")
EVENT = Event(UUID(int=9), UUID(int=8), 1, "message", "public", CUSTOMER, AT)


def said(seq: int, author: Author = CUSTOMER, text: str = "Hello", **changes: Any) -> Event:
    return replace(EVENT, seq=seq, author=author, text=guard.clean(text), **changes)


def assigned(author: Author, to: Author | None, left: Author | None = None) -> Event:
    named = [{"id": str(a.id), "name": a.name} if a else None for a in (to, left)]
    data = {"agent": named[0], "from": named[1]}
    return replace(EVENT, kind="assignment", author=author, data=data)


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
    assert line.claims == (f"desk.line.harmless{key}",)
    assert all(say(lang, line.claims[0]) for lang in LANGUAGES)


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
