"""Addresses and transaction hashes of a text, whole or with their middle left out."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_B58: Final = "1-9A-HJ-NP-Za-km-z"
_WHOLE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?P<hash>(?:0[xX])?[0-9a-fA-F]{64})"
    r"|(?P<evm>0[xX][0-9a-fA-F]{40})"
    r"|(?P<bech>(?i:bc1|tb1|ltc1|addr1|cosmos1)[02-9ac-hj-np-zAC-HJ-NP-Z]{25,98})"
    r"|(?P<ton>[EUk]Q[A-Za-z0-9_-]{46})"
    rf"|(?P<signature>[{_B58}]{{86,88}})"
    rf"|(?P<base>[{_B58}]{{25,44}})"
    r")(?![A-Za-z0-9])"
)
_SHORT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?P<head>(?:0[xX])?[A-Za-z0-9]{3,16})(?:\.{2,8}|…{1,4}|\*{2,12})"
    r"(?P<tail>[A-Za-z0-9]{3,16})(?![A-Za-z0-9])"
)


class Address(NamedTuple):
    """What it says, compared sign by sign; `tail` if the middle was left out."""

    head: str
    tail: str = ""
    is_hash: bool = False

    def equals(self, other: "Address") -> bool:
        """Return whether both may be the same: a short one, if its ends are those of the other."""
        ends = (other.head, other.tail or other.head)
        if self.tail or other.tail:
            return _meet(self.head, ends[0]) and _meet(
                (self.tail or self.head)[::-1], ends[1][::-1]
            )
        return self.head == other.head


def _meet(one: str, other: str) -> bool:
    """Return whether one begins with the other, in whichever case if both are hexadecimal."""
    return one.startswith(other) or other.startswith(one)


def addresses(text: str) -> Iterator[tuple[int, int, Address]]:
    """Yield (start, end, address) of a folded text."""
    for match in _WHOLE.finditer(text):
        kind = match.lastgroup
        if kind == "base" and not _is_mixed(match[0]):
            continue
        yield match.start(), match.end(), _whole(match[0], kind)
    for match in _SHORT.finditer(text):
        head, tail = match["head"], match["tail"]
        if head[:2].lower() == "0x" or (_has_digit(head) and _has_digit(tail)):
            low = _is_hex(head) and _is_hex(tail)
            yield match.start(), match.end(), Address(_bare(head, low), _lower(tail, low))


def _whole(text: str, kind: str | None) -> Address:
    is_hash = kind in ("hash", "signature")
    return Address(_bare(text, kind in ("hash", "evm", "bech")), "", is_hash)


def _bare(text: str, low: bool) -> str:
    return _lower(text, low).removeprefix("0x")


def _lower(text: str, low: bool) -> str:
    return text.lower() if low else text


def _is_hex(text: str) -> bool:
    return re.fullmatch(r"(?:0[xX])?[0-9a-fA-F]+", text) is not None


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _is_mixed(text: str) -> bool:
    """Return whether it has digits and letters of both cases, as no word has."""
    return _has_digit(text) and text.lower() != text != text.upper()
