"""Rows of the list as an agent reads them: one line of preview, the age, what is owed and when."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from kefu.core.i18n import catalogue, say
from kefu.core.text import SafeText
from kefu.core.views import InboxRow
from kefu.web.desk.due import Due, badge
from kefu.web.desk.times import Reader
from kefu.web.words import plain

_PREVIEW: Final = 140


class Entry(Struct, frozen=True):
    """A row and what is computed for the moment it is drawn. language: `ZH`."""

    row: InboxRow
    name: str
    time: str
    at: str
    preview: str
    language: str
    topic: str
    due: Due | None


def entries(rows: Iterable[InboxRow], reader: Reader) -> list[Entry]:
    """Return the rows as they are drawn, in the order given."""
    return [entry(row, reader) for row in rows]


def entry(row: InboxRow, reader: Reader) -> Entry:
    """Return one row as it is drawn."""
    return Entry(
        row=row,
        name=name(row.customer_name, row.customer_tail, reader.lang),
        time=reader.since(row.updated_at),
        at=reader.full(row.updated_at),
        preview=preview(row.preview, reader.lang),
        language=row.language.partition("-")[0].upper(),
        topic=topic_name(row.topic, reader.lang) if row.topic else "",
        due=badge(row.clock, reader) if row.clock else None,
    )


def name(known: SafeText | None, tail: str, lang: str) -> str:
    """Return what a customer is called: the name, or `Visitor 7F3A`."""
    return plain(known, lang) or say(lang, "desk.visitor", tail=tail)


def topic_name(id: str, lang: str) -> str:
    """Return what a topic is called; one that is no longer offered goes by its id."""
    return catalogue(lang).get(f"topic.{id}", id)


def preview(text: SafeText | None, lang: str) -> str:
    """Return the beginning of a message in one line, empty when it has files only."""
    return " ".join(plain(text, lang).split())[:_PREVIEW]
