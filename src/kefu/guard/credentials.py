"""What looks like a password, wherever it stands or where a cue points at it.

Steps: docs/guard.md, section 8.
"""

import re
from typing import Final

from kefu.guard.fold import folded
from kefu.guard.pack import PACK

_P: Final = PACK.shapes["password"]
TOKEN: Final = re.compile(_P["token"])
WEAK_NUMBER: Final = re.compile(_P["weak_number"])
EMAIL: Final = re.compile(_P["email"])
URL: Final = re.compile(_P["url"])
STRICT: Final = [re.compile(pattern) for pattern in _P["strict"]]
NEVER: Final = re.compile("|".join(_P["never"]))
STOP: Final = frozenset(map(folded, _P["stop"]))
NAMES: Final = frozenset(_P["names"])
_NOT_STRICT: Final = re.compile("|".join(_P["not_strict"]))
_NOT_STRICT_CASE: Final = re.compile("|".join(_P["not_strict_case"]))
_ADDRESS: Final = re.compile("|".join(PACK.shapes["address"]))
_WORDED: Final = re.compile(_P["worded"])
_LONE: Final = re.compile(_P["lone"])
_SIGNED: Final = re.compile("[!#$%^&*+=~?]")
_SIGNS: Final = re.compile("[-_.@]")
_LONGEST: Final[int] = _P["longest"]
_ERRORS: Final = frozenset(_P["error_words"])
_BRIEF: Final = re.compile(_P["brief"])
_SHORT: Final = re.compile(_P["short"])
_CHANGED: Final = re.compile(_P["changed"])
_UNIT: Final = re.compile(_P["units"])
_MONEY: Final = re.compile(
    f"[ ]?(?:{'|'.join(map(re.escape, map(folded, PACK.shapes['units']['words'])))})(?![a-z])"
)


def looks_chosen(word: str) -> bool:
    """Return whether word looks like a credential: letters with digits or signs, or a number."""
    return is_strict(word) or bool(WEAK_NUMBER.fullmatch(word))


def is_strict(word: str) -> bool:
    """Return whether word looks like a credential wherever it stands."""
    low = word.lower()
    return is_credential(word) and not (
        _BRIEF.fullmatch(low) or _NOT_STRICT.fullmatch(low) or _NOT_STRICT_CASE.fullmatch(word)
    )


def is_credential(word: str) -> bool:
    """Return whether word looks like a credential where a cue points at it."""
    if word.isalpha() or len(word) > _LONGEST:
        return False
    if not any(shape.fullmatch(word) for shape in STRICT):
        return False
    low = word.lower()
    return not (
        NEVER.fullmatch(low) or _ADDRESS.fullmatch(word) or EMAIL.match(word) or URL.match(low)
    )


def is_short(word: str) -> bool:
    """Return whether four or five signs look like a credential where a cue points at them."""
    low = word.lower()
    return bool(_SHORT.fullmatch(low)) and not (
        NEVER.fullmatch(low) or _NOT_STRICT.fullmatch(low) or _NOT_STRICT_CASE.fullmatch(word)
    )


def is_phrase(words: str) -> bool:
    """Return whether quoted words are a phrase, and no remark such as `wrong password`."""
    parts = folded(words).split()
    stopped = sum(word in STOP for word in parts)
    return " " in words and 2 * stopped < len(parts) and _ERRORS.isdisjoint(parts)


def is_worded(word: str) -> bool:
    """Return whether a sign joins two or three words as no sentence does: `doge_kaito`."""
    if not _WORDED.fullmatch(word):
        return False
    return not any(map(_is_known, _SIGNS.split(word.lower())))


def is_lone(word: str) -> bool:
    """Return whether a Latin word is no word of the trade: a value in a text of another script."""
    return bool(_LONE.fullmatch(word)) and not _is_known(word.lower())


def _is_known(low: str) -> bool:
    return low in STOP or low in NAMES


def is_signed(word: str) -> bool:
    """Return whether a word with digits also has signs, as no name of an account has."""
    return bool(_SIGNED.search(word)) and any(map(str.isdigit, word))


def is_free_number(low: str, word: str, end: int) -> bool:
    """Return whether a number counts nothing."""
    if not WEAK_NUMBER.fullmatch(word) or _UNIT.match(low, end) or _CHANGED.match(low, end):
        return False
    return len(word) >= 6 or not _MONEY.match(low, end)


def stripped(plain: str, start: int, end: int) -> tuple[int, int]:
    """Return where the word text[start:end] begins and ends without the signs around it."""
    start = end - len(plain[start:end].lstrip(_P["strip_left"]))
    word = plain[start:end].rstrip(_P["strip_right"])
    end = start + len(word)
    if word.startswith("**") and word.endswith("**"):
        start, end = start + 2, end - 2
    if start < end < len(plain) and plain[end] in ".?" and not plain[start:end].isdigit():
        end += 1  # it may be part of the value; a lost full stop costs less than a kept sign
    return start, end
