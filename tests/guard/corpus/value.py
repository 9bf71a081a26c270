"""What a slot is filled with, and the ways of drawing characters."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

DIGITS: Final = "0123456789"
HEX: Final = "0123456789abcdef"
UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS: Final = UPPER + UPPER.lower()
ALNUM: Final = LETTERS + DIGITS
BASE32: Final = UPPER + "234567"


class Value(NamedTuple):
    """A text for a slot, with tags that say how it was made."""

    text: str
    tags: tuple[str, ...] = ()
    kind: str = ""  # where one slot holds several kinds


@dataclass
class Case:
    """One message in the making: who draws, in which language, and what was drawn before."""

    random: Random
    lang: str
    cued: bool = True  # the template says what the value is
    cvv_digits: int = 3  # four after an American Express card


Maker = Callable[[Case], Value]


def pick(random: Random, alphabet: str, count: int) -> str:
    """Return characters drawn from an alphabet."""
    return "".join(random.choice(alphabet) for _ in range(count))


def number(random: Random, count: int) -> str:
    """Return digits that do not start with zero."""
    return random.choice(DIGITS[1:]) + pick(random, DIGITS, count - 1)


def hexes(random: Random, count: int) -> str:
    """Return lower-case hexadecimal digits."""
    return pick(random, HEX, count)


def uuid(random: Random) -> str:
    """Return digits in the shape of a UUID."""
    return "-".join(hexes(random, size) for size in (8, 4, 4, 4, 12))


def date(random: Random, first: int, last: int) -> str:
    """Return a day as eight digits, between two years."""
    return f"{random.randint(first, last)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"


def full_width(text: str) -> str:
    """Return text with its ASCII signs in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def in_groups(text: str, sizes: tuple[int, ...]) -> list[str]:
    """Return text cut into groups of these sizes; the last size goes on to the end."""
    parts: list[str] = []
    at = 0
    for index in range(len(text)):
        if at >= len(text):
            break
        size = sizes[min(index, len(sizes) - 1)]
        parts.append(text[at : at + size])
        at += size
    return parts
