"""Rows of the list as an agent reads them: one line of preview, the age, who waits how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from kefu.core.i18n import say
from kefu.core.text import SafeText
from kefu.core.views import InboxRow
from kefu.web.desk.times import Reader
from kefu.web.words import plain

# Until response targets exist, a wait turns amber and red at these spans.
_WORTH_SAYING: Final = timedelta(minutes=1)
_SLOW: Final = timedelta(minutes=3)
_LATE: Final = timedelta(minutes=10)
_PREVIEW: Final = 140


class Wait(Struct, frozen=True):
    """How long a customer waits for an answer, and the dress of the chip that says so."""

    text: str
    level: str


class Entry(Struct, frozen=True):
    """A row and what is computed for the moment it is drawn."""

    row: InboxRow
    name: str
    time: str
    at: str
    preview: str
    wait: Wait | None


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
        wait=_wait(row.waiting_since, reader) if row.status == "open" else None,
    )


def name(known: SafeText | None, tail: str, lang: str) -> str:
    """Return what a customer is called: the name, or `Visitor 7F3A`."""
    return plain(known, lang) or say(lang, "desk.visitor", tail=tail)


def preview(text: SafeText | None, lang: str) -> str:
    """Return the beginning of a message in one line, empty when it has files only."""
    return " ".join(plain(text, lang).split())[:_PREVIEW]


def _wait(since: datetime | None, reader: Reader) -> Wait | None:
    span = reader.now - since if since else timedelta(0)
    if span < _WORTH_SAYING:
        return None
    level = "is-danger" if span >= _LATE else "is-warn" if span >= _SLOW else ""
    return Wait(reader.length(span), level)
