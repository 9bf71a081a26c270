"""The rules in force and their version, which every finding carries."""

from collections.abc import Iterator
from typing import Final

from kefu.guard.cards import find_cards
from kefu.guard.mnemonic import find_mnemonics
from kefu.guard.shapes import find_keys, find_pem
from kefu.guard.spans import Span

VERSION: Final = "1"


def find(text: str) -> Iterator[Span]:
    """Yield what each rule finds in plain text; spans may overlap."""
    yield from find_pem(text)
    yield from find_keys(text)
    yield from find_mnemonics(text)
    yield from find_cards(text)
