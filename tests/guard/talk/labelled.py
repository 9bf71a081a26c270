"""All labelled texts, by who wrote them: what the second opinion is trained on."""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.guard.corpus.generate import rows as secrets_corpus
from tests.guard.prose.grammar import LANGUAGES, sentences
from tests.guard.talk import HERE, corpus
from tests.intake.corpus import corpus as intents_corpus

AUTHORS: Final = tuple(sorted(path.stem for path in (HERE / "train").glob("*.jsonl")))
TEMPLATES: Final = "templates"
ORDINARY: Final = "ordinary"
"""Texts of the other tests' corpora and of `ordinary.jsonl`: nobody asks for anything in them."""
_HARMLESS: Final = ("agents", "customers", "posts")
_FILLED: Final = 2
_SENTENCES: Final = 40
_MESSAGES: Final = 1_200


class Labelled(NamedTuple):
    """A text, its group (see GROUPS) and the set it comes from."""

    source: str
    group: str
    text: str


def labelled() -> Iterator[Labelled]:
    """Yield every text to train on, the same ones in the same order at every call."""
    for author in AUTHORS:
        for line in (HERE / "train" / f"{author}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield Labelled(author, row["group"], row["text"])
    for made in corpus("train", per_template=_FILLED):
        yield Labelled(TEMPLATES, made.group, made.text)
    for lang in LANGUAGES:
        for text in sentences(lang, _SENTENCES, seed=1):
            yield from (Labelled(ORDINARY, group, text) for group in _HARMLESS)
    for message in secrets_corpus(_MESSAGES, seed=3, split="train"):
        if not message["spans"] and not message["optional"]:
            yield from (Labelled(ORDINARY, group, message["text"]) for group in _HARMLESS)
    for wish in intents_corpus():
        yield from (Labelled(ORDINARY, group, wish.text) for group in _HARMLESS[1:])
