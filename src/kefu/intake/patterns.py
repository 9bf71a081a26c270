"""The words of requests, by language and role.

`pack/intents/LANGUAGE.json` maps a role to patterns: `(a|b)` are alternatives, a star at the end
lets a word go on.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from kefu.intake.roles import ASKS, TARGETS, Role
from kefu.intake.spelling import spellings

LATIN: Final = ("en", "es", "pt", "fr", "tr", "id", "vi")
LANGUAGES: Final = (*LATIN, "zh", "ja", "ko", "ru", "ar")
_VERB_LAST: Final = frozenset(("ko", "ja", "tr"))
_NAME_LAST: Final = frozenset(("es", "pt", "fr", "vi", "id", "ar", "ru"))
_FREE_ORDER: Final = frozenset(("ru",))
_ENDINGS: Final = {
    "id": (TARGETS, ("nya", "mu")),
    "es": (
        Role.MOVE | Role.LOOK | Role.FILE | Role.TALK,
        ("lo", "la", "los", "le", "les", "me", "nos", "melo"),
    ),
}
_ENDED: Final = 4
_PIECES: Final = re.compile("[()|]|[^()|]+")

_WIDTH: Final = 40
_SHIFTS: Final = {language: _WIDTH * number for number, language in enumerate(LANGUAGES)}
_MASK: Final = (1 << _WIDTH) - 1


def words() -> tuple[dict[str, int], set[str]]:
    """Return every word with its packed roles, and the words that may go on.

    Packed: one number for all languages, because a hundred thousand small dicts load slowly.
    """
    roles: dict[str, int] = {}
    open_ends: set[str] = set()
    for language in LANGUAGES:
        for role, patterns in _pack(language).items():
            open_ends |= _enter(roles, language, getattr(Role, role.upper()), patterns)
    return roles, open_ends


def anywhere(role: int) -> int:
    """Return the role in packed roles, in whatever language."""
    return sum(role << shift for shift in _SHIFTS.values())


def by_language(packed: int) -> dict[str, int]:
    """Return packed roles by language."""
    return {
        language: role for language, shift in _SHIFTS.items() if (role := packed >> shift & _MASK)
    }


def _pack(language: str) -> dict[str, list[str]]:
    path = files("kefu.intake") / "pack" / "intents" / f"{language}.json"
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {role: patterns for role, patterns in held.items() if role != "note"}


def _enter(roles: dict[str, int], language: str, role: int, patterns: list[str]) -> set[str]:
    """Enter the words of the patterns, and return those that may go on."""
    role = _with_more(role, language)
    packed = role << _SHIFTS[language]
    open_ends: set[str] = set()
    spelled_patterns = {spelling for pattern in patterns for spelling in spellings(pattern)}
    for written in (word for pattern in spelled_patterns for word in expanded(pattern)):
        word = written.removesuffix("*")
        if word is not written:
            open_ends.add(word)
        for form in (word, *_ended(word, language, role)):
            roles[form] = roles.get(form, 0) | packed
    return open_ends


def _with_more(role: int, language: str) -> int:
    """Return the role with those that follow from it."""
    if role & (Role.OPENS | Role.MODAL):
        role |= Role.WANT
    if role & Role.COMMAND:
        role |= Role.MOVE
    if role & ASKS and language in _VERB_LAST | _FREE_ORDER:
        role |= Role.RIGHT
    if role & Role.ATTR and language in _NAME_LAST:
        role |= Role.LEFT
    return role


def _ended(word: str, language: str, role: int) -> Iterator[str]:
    """Yield the word with what a language joins to it: "your agent", "give me it"."""
    ended, endings = _ENDINGS.get(language, (0, ()))
    if role & ended and len(word) >= _ENDED and " " not in word:
        yield from (word + ending for ending in endings)


def expanded(pattern: str) -> list[str]:
    """Return every text that a pattern stands for: "(a|b (c|d))" is "a", "b c" and "b d"."""
    texts = _choices(iter(_PIECES.findall(pattern)))
    return list(dict.fromkeys(" ".join(text.split()) for text in texts))


def _choices(pieces: Iterator[str]) -> list[str]:
    """Return the texts of the alternatives up to the end of the group that pieces are within."""
    done: list[str] = []
    texts = [""]
    for piece in pieces:
        if piece == ")":
            break
        if piece == "|":
            done += texts
            texts = [""]
            continue
        added = _choices(pieces) if piece == "(" else [piece]
        texts = [text + one for text in texts for one in added]
    return done + texts
