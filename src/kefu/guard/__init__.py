"""The guard: what a person wrote becomes SafeText, secrets replaced by mask tokens.

Pure: no clock, database or network; an operator's own patterns are set once, at start
(`use_patterns`). `clean` costs O(length of the text); callers take text over 4,000 code points
off the event loop.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from kefu.core import text as core
from kefu.core.text import Finding, SafeText
from kefu.guard.errors import TextEmpty, TextRefused, TextTooLong
from kefu.guard.fold import flatten, has_ink, well_formed
from kefu.guard.own import find_own, use_patterns
from kefu.guard.reading import BudgetSpent
from kefu.guard.recall import Memory, Recalled, Said, recall
from kefu.guard.rules import VERSION, find
from kefu.guard.spans import KINDS, Span, merged
from kefu.guard.talk import ROLES, Role, Verdict, judge

__all__ = [
    "BUDGET",
    "KINDS",
    "LIMIT",
    "LONG",
    "REFUSALS",
    "ROLES",
    "VERSION",
    "Memory",
    "Recalled",
    "Role",
    "Said",
    "Span",
    "TextEmpty",
    "TextRefused",
    "TextTooLong",
    "Verdict",
    "again",
    "clean",
    "judge",
    "masked",
    "recall",
    "scan",
    "use_patterns",
]

_MASK: Final = re.compile("⟪[^⟪⟫]*⟫")
_STOP: Final = "。"

REFUSALS: Final = (TextEmpty, TextRefused, TextTooLong)
"""Every error `clean` raises."""

LIMIT: Final = 8_000
"""Code points a chat message may have."""

LONG: Final = 4_000
"""Code points over which callers take a text off the event loop."""

BUDGET: Final = 6_000
"""Steps that a message may cost: cues found, and looks at the cues beside a value.

LIMIT code points of short messages, each about a secret, cost 900 to 2,100 by language.
"""


def clean(
    text: str,
    *,
    lang: str | None = None,
    asserted: Sequence[tuple[int, int]] = (),
    budget: int = BUDGET,
) -> SafeText:
    """Return text with every secret replaced by a mask token; lone surrogates become U+FFFD.

    Text that costs more than budget steps is held: nothing of it but the token `⟪held⟫` is left.

    lang: a hint for rules that need one; today's rules read every language together.
    asserted: spans in code points that the author called harmless. Honoured for kinds that a
        harmless value can look like (keys without a checksum, card numbers), never for the others;
        `asserted` of the safe text names the kinds.
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
    try:
        found = _spans(text, budget)
    except BudgetSpent:
        return masked("held")
    spans = [span for span in found if not _is_asserted(span, asserted)]
    kinds = tuple({span.kind: None for span in found if span not in spans}) if asserted else ()
    return _masked(text, spans, kinds) if found else core.made_safe(core.escape(text))


def again(text: SafeText, *, asserted: Collection[str] = ()) -> SafeText | None:
    """Return stored text with what today's rules find masked too, or None where that is nothing.

    Masks that stand in it stay; neither they nor their names are read as cues.
    asserted: ambiguous kinds that the author called harmless when it was written.
    """
    read = _MASK.sub(lambda mask: _STOP * len(mask[0]), text.value)
    spans = [span for span in _spans(read) if not (span.ambiguous and span.kind in asserted)]
    return _masked(text.value, spans, escape=str) if spans else None


def masked(kind: str) -> SafeText:
    """Return what a text becomes that is secret as a whole: one mask token."""
    mask = core.token(kind)
    return core.made_safe(mask, (Finding(kind, 0, len(mask), VERSION),))


def scan(
    text: str, *, lang: str | None = None, asserted: Sequence[tuple[int, int]] = ()
) -> list[Span]:
    """Return the secrets in text, in order and apart, in code points of text.

    Takes text of any length; arguments as in `clean`.
    """
    return [span for span in _spans(text) if not _is_asserted(span, asserted)]


def _spans(text: str, budget: int | None = None) -> list[Span]:
    flat = flatten(text)
    found = [flat.origin(span) for span in find(flat, budget)]
    own = list(find_own(well_formed(text)))
    return merged([*found, *own]) if own else found


def _is_asserted(span: Span, asserted: Sequence[tuple[int, int]]) -> bool:
    return span.ambiguous and any(a <= span.start and span.end <= b for a, b in asserted)


def _masked(
    text: str,
    spans: list[Span],
    asserted: tuple[str, ...] = (),
    *,
    escape: Callable[[str], str] = core.escape,
) -> SafeText:
    pieces: list[str] = []
    findings: list[Finding] = []
    at = length = 0
    for span in spans:
        plain = escape(text[at : span.start])
        mask = core.token(span.kind, span.detail)
        pieces += (plain, mask)
        start = length + len(plain)
        length = start + len(mask)
        findings.append(Finding(span.kind, start, length, VERSION))
        at = span.end
    pieces.append(escape(text[at:]))
    return core.made_safe("".join(pieces), tuple(findings), asserted)
