"""Keys that their own shape gives away: WIF, extended private keys, PEM; and raw keys by cue."""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from kefu.guard import cues
from kefu.guard.spans import Span

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGIT: Final = {character: value for value, character in enumerate(_ALPHABET)}
_LONG: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{51,128}(?![0-9A-Za-z])")
_WIF: Final = re.compile(rf"[5KLc9][{_ALPHABET}]{{50,51}}")
_EXTENDED: Final = re.compile(rf"[xyztuvYZUV]prv[{_ALPHABET}]{{100,110}}")
_RAW: Final = re.compile(rf"(?:0[xX])?[0-9a-fA-F]{{64}}|[{_ALPHABET}]{{86,90}}")
_WIF_VERSIONS: Final = frozenset({0x80, 0xEF})
_PEM_BEGIN: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}-----")


def find_keys(text: str) -> Iterator[Span]:
    """Yield the private keys in plain text."""
    for match in _LONG.finditer(text):
        word, start, end = match[0], match.start(), match.end()
        if _EXTENDED.fullmatch(word):
            yield Span(start, end, "xprv")
        elif _WIF.fullmatch(word) and _is_wif(word):
            yield Span(start, end, "wif")
        elif _RAW.fullmatch(word) and cues.speaks_for(text, start, end, cues.KEY):
            yield Span(start, end, "private_key", ambiguous=True)


def find_pem(text: str) -> Iterator[Span]:
    """Yield PEM private keys. One whose end is missing reaches to the end of the text."""
    at = 0
    while begin := _PEM_BEGIN.search(text, at):
        close = _PEM_END.search(text, begin.end())
        at = close.end() if close else len(text)
        yield Span(begin.start(), at, "private_key")


def _is_wif(word: str) -> bool:
    payload = base58check(word)
    return payload is not None and payload[0] in _WIF_VERSIONS and len(payload) in {33, 34}


def base58check(word: str) -> bytes | None:
    """Return the bytes that word spells, or None if its checksum is wrong."""
    number = 0
    for at in range(0, len(word), 10):  # ten digits fit a machine word: few big multiplications
        chunk = word[at : at + 10]
        value = 0
        for character in chunk:
            value = value * 58 + _DIGIT[character]
        number = number * 58 ** len(chunk) + value
    zeros = len(word) - len(word.lstrip("1"))
    raw = b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, check = raw[:-4], raw[-4:]
    good = payload and sha256(sha256(payload).digest()).digest()[:4] == check
    return payload if good else None
