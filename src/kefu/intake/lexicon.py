"""Where the words of requests stand in a text, and what they do there."""

import re
from functools import cache
from typing import Final, NamedTuple

from kefu.guard.matcher import Matcher
from kefu.intake.patterns import LANGUAGES, LATIN, anywhere, by_language, words
from kefu.intake.roles import PEOPLE, TARGETS, Role
from kefu.intake.typos import LONG_WORD, mistyped

_COVERED: Final = 8
_COMMON: Final = 2
_LETTER: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f0-9]")
_REST: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f\u0620-\u064a\uac00-\ud7a3]+")
_ARABIC: Final = re.compile("[\u0620-\u064a]")
_CLITICS: Final = frozenset("\u0648\u0641\u0628\u0643\u0644\u0627")
_STRICT_ARABIC: Final = 3
_HAN: Final = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_SCRIPTS: Final = {
    "ko": re.compile("[\uac00-\ud7a3]"),
    "ru": re.compile("[\u0400-\u052f]"),
    "ar": _ARABIC,
}
_KANA: Final = re.compile("[\u3041-\u30ff]")

_CUES: Final = anywhere(TARGETS | Role.BOT | Role.COMMAND)
_SHORT_CUES: Final = anywhere(Role.HUMAN | Role.DESK | Role.BOT)


class Hit(NamedTuple):
    """A word in the text, and its roles."""

    start: int
    end: int
    roles: int


class _Entry(NamedTuple):
    """A word: left, right: it begins, ends with a letter that needs a boundary there.

    roles: by language.
    """

    roles: dict[str, int]
    open_end: bool
    left: bool
    right: bool
    arabic: bool


class Lexicon:
    """Every word of every language, found in one pass."""

    def __init__(self) -> None:
        self._roles, self._open_ends = words()
        cues = _shortest([word for word, packed in self._roles.items() if _is_cue(word, packed)])
        self._words, self._cues = Matcher(list(self._roles)), Matcher(cues)
        self._typed = mistyped(self._roles)
        self._entries: dict[str, _Entry] = {}

    def _entry(self, word: str) -> _Entry:
        """Return the entry of a word, made when the first text with it comes."""
        made = self._entries.get(word)
        if made is None:
            made = _entry(by_language(self._roles[word]), word, open_end=word in self._open_ends)
            self._entries[word] = made
        return made

    def corrected(self, text: str) -> str:
        """Return the text with the long words that are mistyped as they should be."""
        if self._typed.keys().isdisjoint(LONG_WORD.findall(text)):
            return text
        return LONG_WORD.sub(lambda word: self._typed.get(word[0], word[0]), text)

    def may_ask(self, text: str) -> bool:
        """Return whether the text holds anything that can be asked for."""
        found = self._cues.find(text)
        return any(_stands(text, at, end, self._entry(text[at:end])) for _, at, end in found)

    def hits(self, text: str, hint: str | None) -> list[Hit]:
        """Return the words of the text in its language, the longest at each place."""
        found: list[tuple[int, int, _Entry]] = []
        weight = dict.fromkeys(LANGUAGES, 0)
        for _, start, end in self._words.find(text):
            entry = self._entry(text[start:end])
            if not _stands(text, start, end, entry):
                continue
            place = _whole(text, start, end, entry)
            found.append((place[1], place[0], entry))
            for language in entry.roles:
                weight[language] += end - start
        if hint in weight:
            weight[hint] *= 2
        return _best_cut(found, _spoken(text, weight), len(text))


def _spoken(text: str, weight: dict[str, int]) -> frozenset[str]:
    """Return the languages of a text: one of each script."""
    spoken = {max(LATIN, key=weight.__getitem__)}
    if _HAN.search(text):
        is_japanese = _KANA.search(text) or weight["ja"] > weight["zh"]
        spoken.add("ja" if is_japanese else "zh")
    spoken |= {language for language, script in _SCRIPTS.items() if script.search(text)}
    return frozenset(spoken)


def _whole(text: str, start: int, end: int, entry: _Entry) -> tuple[int, int]:
    """Return where the word stands with what may be joined to it: articles, endings."""
    while entry.arabic and start and _ARABIC.match(text, start - 1):
        start -= 1
    rest = _REST.match(text, end) if entry.open_end else None
    return start, rest.end() if rest else end


def _best_cut(found: list[tuple[int, int, _Entry]], spoken: frozenset[str], size: int) -> list[Hit]:
    """Return the words that together cover most, long ones rather than many short ones."""
    found.sort(key=lambda one: one[:2])
    score = [0] * (size + 1)
    last: list[Hit | None] = [None] * (size + 1)
    reached = 0
    for end, start, entry in found:
        for at in range(reached + 1, end + 1):
            score[at], last[at] = score[at - 1], last[at - 1]
        reached = end
        worth = score[start] + (end - start) * (end - start + _COVERED)
        if worth < score[end] or not (roles := _roles(entry, spoken)):
            continue
        old = last[end]
        if worth == score[end] and old is not None and old.start == start:
            roles |= old.roles
        elif worth == score[end]:
            continue
        score[end], last[end] = worth, Hit(start, end, roles)
    cut: list[Hit] = []
    hit = last[reached]
    while hit is not None:
        cut.append(hit)
        hit = last[hit.start]
    return cut[::-1]


def _roles(entry: _Entry, spoken: frozenset[str]) -> int:
    roles = 0
    for language, role in entry.roles.items():
        if language in spoken:
            roles |= role
    if not roles and "en" in entry.roles:  # "quiero un human agent"
        roles = entry.roles["en"] & (PEOPLE | Role.OTHER)
    return roles


def _stands(text: str, start: int, end: int, entry: _Entry) -> bool:
    """Return whether the boundaries that the word asks for are there."""
    if entry.left:
        if start and _LETTER.match(text, start - 1):
            return False
        goes_on = end < len(text) and entry.right and _LETTER.match(text, end)
        return entry.open_end or not goes_on
    return not entry.arabic or _stands_in_arabic(text, start, end, entry)


def _stands_in_arabic(text: str, start: int, end: int, entry: _Entry) -> bool:
    at = start
    while at and _ARABIC.match(text, at - 1):
        at -= 1
        if text[at] not in _CLITICS or start - at > _STRICT_ARABIC:
            return False
    ends = end == len(text) or not _ARABIC.match(text, end)
    return ends or entry.open_end


def _is_cue(word: str, packed: int) -> bool:
    """Return whether a request may stand on the word: "it" and "me" are too common for that."""
    is_common = len(word) <= _COMMON and _LETTER.match(word)
    return bool(packed & (_SHORT_CUES if is_common else _CUES))


def _shortest(cues: list[str]) -> list[str]:
    """Return the cues that hold no other cue as one of their words."""
    all_cues = set(cues)
    return [cue for cue in cues if " " not in cue or all_cues.isdisjoint(cue.split())]


def _entry(roles: dict[str, int], word: str, *, open_end: bool) -> _Entry:
    left, right = bool(_LETTER.match(word)), bool(_LETTER.match(word[-1]))
    return _Entry(roles, open_end, left, right, not left and bool(_ARABIC.match(word)))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    return Lexicon()
