"""Sentences drawn from small grammars: talk of a support desk and of everyday life, no secrets."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

_FOLDER: Final = Path(__file__).parent / "grammars"
LANGUAGES: Final = tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")


def sentences(lang: str, count: int, seed: int) -> Iterator[str]:
    """Yield different sentences of a language, the same for the same seed."""
    random = Random(f"{lang} {seed}")
    seen: set[str] = set()
    while len(seen) < count:
        text = _drawn(random, _grammar(lang), "{sentence}")
        if text not in seen:
            seen.add(text)
            yield text


@cache
def _grammar(lang: str) -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for line in (_FOLDER / f"{lang}.txt").read_text("utf-8").split("\n"):
        if line.startswith("["):
            rules[line[1:-1]] = []
        elif line:
            rules[list(rules)[-1]].append(line)
    return rules


def _drawn(random: Random, rules: dict[str, list[str]], text: str) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in rules:
            return _drawn(random, rules, random.choice(rules[name]))
        return _number(random, name)

    return _SLOT.sub(fill, text)


def _number(random: Random, name: str) -> str:
    if name == "few":
        return str(random.randint(2, 19))
    if name == "year":
        return str(random.randint(1990, 2031))
    if name == "clock":
        return f"{random.randrange(24)}:{random.randrange(60):02d}"
    if name == "money":
        return random.choice((f"{random.randint(20, 99999)}", f"{random.uniform(5, 9999):,.2f}"))
    raise KeyError(name)
