"""What a rule finds: a stretch of text and the kind of secret in it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

KINDS: Final = (
    "held",
    "mnemonic",
    "xprv",
    "wif",
    "private_key",
    "api_secret",
    "iban",
    "national_id",
    "card_number",
    "card_cvv",
    "password",
    "otp",
    "own",
)
"""Kinds of secret, the more dangerous first: where two overlap, that one is kept."""

_RANK: Final = {kind: at for at, kind in enumerate(KINDS)}


class Span(NamedTuple):
    """One secret, `text[start:end]`.

    detail: what a reader may still know: a phrase's number of words, a card's last four, the
        operator's name for a pattern.
    ambiguous: a harmless value can look the same, so the author's word counts.
    """

    start: int
    end: int
    kind: str
    detail: str = ""
    ambiguous: bool = False


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap joined under the more dangerous kind."""
    apart: list[Span] = []
    for span in sorted(spans):
        if apart and span.start < apart[-1].end:
            apart[-1] = _joined(apart[-1], span)
        else:
            apart.append(span)
    return apart


def _joined(one: Span, other: Span) -> Span:
    if other.end <= one.end and not one.ambiguous and _RANK[one.kind] <= _RANK[other.kind]:
        return one
    kept = min(one, other, key=lambda span: _RANK[span.kind])
    return kept._replace(
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        ambiguous=one.ambiguous and other.ambiguous,
    )
