"""The figures of a text that a mistake in would cost money: amounts, addresses, hashes, times.

`differing` compares an agent's reply with the case: what the customer wrote.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct

from kefu.intake.addresses import Address, addresses
from kefu.intake.amounts import Amount, amounts
from kefu.intake.folding import HANZI, blanked, folded
from kefu.intake.times import Moment, moments

Kind = Literal["amount", "address", "txid", "time", "date"]
_MAY: Final = re.compile(rf"[0-9０-９]|[{HANZI}](?:[点點元块刀美]|\s?[A-Za-z])")


class Figure(Struct, frozen=True):
    """A figure as it stands in a text, at `start` to `end`, and what it says."""

    kind: Kind
    text: str
    start: int
    end: int
    value: Amount | Address | Moment


def may_hold(text: str) -> bool:
    """Return whether it is worth looking for figures."""
    return _MAY.search(text) is not None


def figures(text: str) -> list[Figure]:
    """Return the figures of a text in order; numbers without a unit are amounts without one."""
    left = folded(text)
    found: list[Figure] = []

    def take(kind: Kind, start: int, end: int, value: Amount | Address | Moment) -> None:
        nonlocal left
        found.append(Figure(kind, text[start:end].strip(), start, end, value))
        left = blanked(left, start, end)

    for start, end, address in list(addresses(left)):
        take("txid" if address.is_hash else "address", start, end, address)
    for start, end, moment in list(moments(left)):
        take("date" if moment.minute is None else "time", start, end, moment)
    for start, end, amount in list(amounts(left)):
        take("amount", start, end, amount)
    return sorted(found, key=lambda figure: figure.start)


def is_sensitive(texts: Iterable[str]) -> bool:
    """Return whether one of the texts has a figure of money or time: a number alone is none."""
    return any(_counts(one) for text in texts if may_hold(text) for one in figures(text))


def differing(reply: str, facts: Iterable[str], said: Iterable[str] = ()) -> list[Figure]:
    """Return the figures of a reply of a kind that the case has, and none of which equals it.

    facts: what the customer wrote; said: what agents answered before, which is not asked of
    them again. Equal is what says the same: 1.2万 and 12,000, 14:30 UTC+8 and 06:30 UTC.
    """
    asked = [one for one in figures(reply) if _counts(one)]
    if not asked:
        return []
    case = _all(facts)
    open_ = [one for one in asked if _is_of(one, case) and not _is_among(one, case)]
    return [one for one in open_ if not _is_among(one, _all(said))] if open_ else []


def _all(texts: Iterable[str]) -> list[Figure]:
    return [one for text in texts if may_hold(text) for one in figures(text)]


def _counts(figure: Figure) -> bool:
    return not (isinstance(figure.value, Amount) and figure.value.unit is None)


def _is_of(figure: Figure, case: Sequence[Figure]) -> bool:
    """Return whether the case has figures of this kind."""
    match figure.value:
        case Address(tail=tail) if tail:
            return any(isinstance(one.value, Address) for one in case)
        case Moment(minute=minute, days=days) if minute is not None and days:
            return any(one.kind in ("time", "date") for one in case)
        case Moment(minute=None):
            return any(isinstance(one.value, Moment) and one.value.days for one in case)
    return any(one.kind == figure.kind and _counts(one) for one in case)


def _is_among(figure: Figure, case: Sequence[Figure]) -> bool:
    return any(_equal(figure, one) for one in case)


def _equal(figure: Figure, other: Figure) -> bool:
    match figure.value, other.value:
        case (Amount() as one, Amount() as two):
            return one.equals(two)
        case (Address() as one, Address() as two):
            return one.equals(two)
        case (Moment() as one, Moment() as two):
            return one.equals(two)
    return False
