"""Filters of templates: safe text, and times in the reader's words."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from markupsafe import Markup, escape

from kefu.core import i18n
from kefu.core.text import SafeText, parts

_READING: ContextVar[str] = ContextVar("reading", default=i18n.DEFAULT)
_LINK: Final = re.compile(
    r"https?://[^\s<>\"'⟪⟫，。；！？）】」]+[^\s<>\"'⟪⟫，。；！？）】」.,;:!?)\]]"
)


@contextmanager
def reading(lang: str) -> Iterator[None]:
    """Set the reader's language for the filters."""
    token = _READING.set(lang)
    try:
        yield
    finally:
        _READING.reset(token)


def safetext(text: SafeText | None) -> Markup:
    """Return safe text as HTML: escaped, links clickable, masks in words."""
    if text is None:
        return Markup("")
    made = Markup("")
    for part in parts(text.value):
        made += _linked(part.text) if part.kind is None else _mask(part.kind, part.detail)
    return made


def mask_words(lang: str, kind: str, detail: str | None) -> str:
    """Return what stands where a secret was: `recovery phrase removed: 12 words`."""
    texts = i18n.catalogue(lang)
    key = f"chat.mask.{kind}"
    if detail and f"{key}.detail" in texts:
        return texts[f"{key}.detail"].format(detail=detail)
    return texts.get(key) or texts["chat.mask.other"]


def secrets(kinds: Sequence[str]) -> str:
    """Return kinds of secret as one phrase: `a password and a card number`."""
    texts = i18n.catalogue(_READING.get())
    named = {texts.get(f"chat.secret.{kind}") or texts["chat.secret.other"]: None for kind in kinds}
    return str(format_list(list(named), locale=_locale()))


def plain(text: SafeText | None, lang: str) -> str:
    """Return safe text for a plain file, masks in words."""
    if text is None:
        return ""
    return "".join(
        part.text if part.kind is None else f"[{mask_words(lang, part.kind, part.detail)}]"
        for part in parts(text.value)
    )


def _mask(kind: str, detail: str | None) -> Markup:
    return Markup('<span class="mask">{}</span>').format(mask_words(_READING.get(), kind, detail))


def _linked(text: str) -> Markup:
    made, at = Markup(""), 0
    for match in _LINK.finditer(text):
        made += escape(text[at : match.start()])
        made += Markup(
            '<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>'
        ).format(match[0])
        at = match.end()
    return made + escape(text[at:])


def clock(at: datetime) -> str:
    """Return the time of day, in UTC until the browser shows it in its own zone."""
    return str(format_time(at, "short", tzinfo=UTC, locale=_locale()))


def day(at: datetime) -> str:
    """Return the date in words."""
    return str(format_date(at, "long", locale=_locale()))


def ago(at: datetime) -> str:
    """Return how long ago, in words."""
    return str(format_timedelta(at - datetime.now(UTC), add_direction=True, locale=_locale()))


def iso(at: datetime) -> str:
    """Return the instant for a `datetime` attribute."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _locale() -> str:
    return _READING.get().replace("-", "_")
