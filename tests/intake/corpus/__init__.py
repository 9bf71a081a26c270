"""Texts by intent and language, made from the templates beside this file."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from kefu.intake.naming import INTENTS, Intent
from kefu.intake.patterns import expanded

HERE: Final = Path(__file__).parent
LANGUAGES: Final = sorted(path.stem for path in HERE.glob("*.txt"))
PER_TEMPLATE: Final = {"request": 6, "ordinary": 24}


class Row(NamedTuple):
    """A text, what it asks for, and in which language."""

    lang: str
    intent: Intent
    text: str


def corpus() -> Iterator[Row]:
    """Yield texts of every template, each once, always the same ones."""
    for lang in LANGUAGES:
        for line in (HERE / f"{lang}.txt").read_text("utf-8").splitlines():
            intent, _, template = line.partition(": ")
            if intent not in INTENTS:
                raise ValueError(line)
            texts = expanded(template)
            most = min(len(texts), PER_TEMPLATE["ordinary" if intent == "none" else "request"])
            for text in random.Random(template).sample(texts, most):
                yield Row(lang, intent, text)
