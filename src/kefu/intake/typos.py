"""Long words as they are mistyped."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from kefu.intake.patterns import anywhere
from kefu.intake.roles import Role

_LONG: Final = 6
LONG_WORD: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]{5,}")
_WHOLE: Final = re.compile("[a-z\u00df-\u024f\u0400-\u052f]{6,}")
_NAMES: Final = Role.HUMAN | Role.DESK | Role.SENIOR | Role.TECH | Role.GRIEVE
_VERBS: Final = Role.MOVE | Role.TALK
_LONG_VERB: Final = 8
_SOUNDS_LIKE: Final = {"о": "а", "а": "о", "е": "и", "и": "е"}


def mistyped(roles: dict[str, int]) -> dict[str, str]:
    """Return what is often typed for the long words of names and verbs that ask: to the word.

    roles: packed, by word. A spelling that is itself a word, of whatever language, is left alone.
    """
    of_names, of_verbs = anywhere(_NAMES), anywhere(_VERBS)
    right = {part for word in roles for part in word.split()}
    names = _parts(word for word, role in roles.items() if role & of_names)
    verbs = _parts(word for word, role in roles.items() if role & of_verbs)
    long = names | {verb for verb in verbs if len(verb) >= _LONG_VERB}
    return {form: word for word in long for form in _forms(word) if form not in right}


def _parts(words: Iterable[str]) -> set[str]:
    return {part for word in words for part in _WHOLE.findall(word)}


def _forms(word: str) -> Iterator[str]:
    """Yield word with two neighbours swapped, or one letter left out, doubled or misheard."""
    for at, (one, other) in enumerate(pairwise(word)):
        if at:
            yield word[:at] + word[at + 1 :]
            yield word[:at] + other + one + word[at + 2 :]
        yield word[: at + 1] + word[at:]
        if one in _SOUNDS_LIKE:
            yield word[:at] + _SOUNDS_LIKE[one] + word[at + 1 :]
    yield word + word[-1]
