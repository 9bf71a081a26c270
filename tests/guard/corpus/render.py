"""Fills a template, in one of the ways that people type."""

import re
from collections.abc import Callable
from random import Random
from typing import Final

from tests.guard.corpus.message import Mark, Message
from tests.guard.corpus.template import Part, parts
from tests.guard.corpus.value import Case
from tests.guard.corpus.values import FILLER, SLOTS

_CODE: Final = re.compile(r"[{_|`&<]|://|\w=")  # a form whose letters matter
_STOPS: Final = re.compile(r"(?<=\w)[,.!?](?=\s|$)")
_EDGES: Final = "[](){}\"'*•- \n"  # signs round a phrase that are no part of it
_COPULAS: Final = "是为為係:："
_FULL_WIDTH: Final = ("zh-Hans", "zh-Hant", "ja")
Style = Callable[[str], str]


def render(line: str, case: Case) -> Message:
    """Return a template with its slots filled and marked."""
    pieces = parts(line)
    case.cued = any(re.search(r"\w", choice) for piece in pieces for choice in piece.choices)
    style = _style(case) if not _CODE.search(_literals(pieces)) else str
    text = ""
    marks: list[Mark] = []
    tags: list[str] = [] if case.cued else ["bare"]
    phrase_ends = False
    for piece in pieces:
        if not piece.slot:
            words = style(case.random.choice(piece.choices))
            text += " " + words if phrase_ends and _is_han(words[:1]) else words
            phrase_ends = phrase_ends and not words
            continue
        slot = SLOTS[piece.slot]
        value = slot.make(case)
        phrase = slot.kind == "mnemonic"
        if phrase and _is_han(value.text[0]) and _is_han(text[-1:]) and text[-1] not in _COPULAS:
            text += " "
        if slot.role != FILLER:
            marks.append(_mark(slot.role, value.kind or slot.kind, value.text, len(text)))
        text += value.text
        tags += value.tags
        phrase_ends = phrase and _is_han(value.text[-1])
    return Message(text, tuple(marks), tuple(tags))


def _mark(role: str, kind: str, text: str, at: int) -> Mark:
    if kind == "mnemonic":
        start = len(text) - len(text.lstrip(_EDGES))
        return Mark(role, kind, at + start, at + len(text.rstrip(_EDGES)))
    return Mark(role, kind, at, at + len(text))


def _literals(pieces: list[Part]) -> str:
    return " ".join(choice for piece in pieces for choice in piece.choices)


def _is_han(char: str) -> bool:
    return "\u3040" <= char <= "\u9fff" and char not in "、。・"


def _style(case: Case) -> Style:
    styles: list[Style] = [str] * 12
    styles += [_without_stops] * 2 + [_insisting(case.random), _double_spaces, _equals(case.random)]
    if case.lang != "tr":
        styles += [str.lower, str.lower, str.lower, str.upper]
    if case.lang in _FULL_WIDTH:
        styles += [_full_width_signs] * 3
    return case.random.choice(styles)


def _without_stops(text: str) -> str:
    return _STOPS.sub("", text)


def _double_spaces(text: str) -> str:
    return text.replace(" ", "  ")


def _full_width_signs(text: str) -> str:
    return text.replace(": ", "：").replace(", ", "，")


def _insisting(random: Random) -> Style:
    sign = random.choice(("!!!", "！！", "...", "??"))
    return lambda text: re.sub(r"[.。](?=$|\n)", sign, text)


def _equals(random: Random) -> Style:
    sign = random.choice(("=", " = ", "＝", " -> ", "： ", " : "))
    return lambda text: re.sub(r": ?$", sign, text)
