"""The guard: what a person wrote becomes SafeText, secrets replaced by mask tokens.

Pure: no clock, database or network. `clean` costs O(length of the text); callers take text
over 4,000 code points off the event loop.
"""

from collections.abc import Sequence
from typing import Final

from kefu.core import text as core
from kefu.core.text import Finding, SafeText
from kefu.guard.errors import TextEmpty, TextRefused, TextTooLong
from kefu.guard.fold import flatten, has_ink, well_formed
from kefu.guard.recall import Memory, Recalled, Said, recall
from kefu.guard.rules import VERSION, find
from kefu.guard.spans import KINDS, Span

__all__ = [
    "KINDS",
    "LIMIT",
    "REFUSALS",
    "VERSION",
    "Memory",
    "Recalled",
    "Said",
    "Span",
    "TextEmpty",
    "TextRefused",
    "TextTooLong",
    "clean",
    "recall",
    "scan",
]

REFUSALS: Final = (TextEmpty, TextRefused, TextTooLong)
"""Every error `clean` raises."""

LIMIT: Final = 8_000
"""Code points a chat message may have."""


def clean(
    text: str, *, lang: str | None = None, asserted: Sequence[tuple[int, int]] = ()
) -> SafeText:
    """Return text with every secret replaced by a mask token; lone surrogates become U+FFFD.

    lang: a hint for rules that need one; today's rules read every language together.
    asserted: spans in code points that the author called harmless. Honoured for kinds that a
        harmless value can look like (keys without a checksum, card numbers), never for the others.
    Raises TextEmpty if nothing can be seen in it, TextTooLong over LIMIT code points,
        TextRefused if it holds a NUL.
    """
    if len(text) > LIMIT:
        raise TextTooLong(limit=LIMIT)
    if "\x00" in text:
        raise TextRefused
    text = well_formed(text)
    if not has_ink(text):
        raise TextEmpty
    spans = scan(text, lang=lang, asserted=asserted)
    return _masked(text, spans) if spans else core.made_safe(core.escape(text))


def scan(
    text: str, *, lang: str | None = None, asserted: Sequence[tuple[int, int]] = ()
) -> list[Span]:
    """Return the secrets in text, in order and apart, in code points of text.

    Takes text of any length; arguments as in `clean`.
    """
    flat = flatten(text)
    found = [flat.origin(span) for span in find(flat)]
    return [span for span in found if not _is_asserted(span, asserted)]


def _is_asserted(span: Span, asserted: Sequence[tuple[int, int]]) -> bool:
    return span.ambiguous and any(a <= span.start and span.end <= b for a, b in asserted)


def _masked(text: str, spans: list[Span]) -> SafeText:
    pieces: list[str] = []
    findings: list[Finding] = []
    at = length = 0
    for span in spans:
        plain = core.escape(text[at : span.start])
        mask = core.token(span.kind, span.detail)
        pieces += (plain, mask)
        start = length + len(plain)
        length = start + len(mask)
        findings.append(Finding(span.kind, start, length, VERSION))
        at = span.end
    pieces.append(core.escape(text[at:]))
    return core.made_safe("".join(pieces), tuple(findings))
