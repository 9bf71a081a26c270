"""Writes labelled rows: messages of other people's making, with the secrets in them marked.

    python -m tests.guard.corpus.generate --rows 6000 --seed 1 --split heldout > FILE

A row is {id, lang, text, spans, optional, keep, tags}; offsets count code points. The same seed
writes the same rows.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from tests.guard.corpus.message import Message
from tests.guard.corpus.render import render
from tests.guard.corpus.template import ANY, Template, sections
from tests.guard.corpus.value import Case

SPLITS: Final = ("heldout", "train")
LANGUAGES: Final = {
    "en": 19, "zh-Hans": 17, "zh-Hant": 9, "es": 7, "ru": 7, "vi": 6, "ko": 6, "ja": 6, "tr": 5,
    "pt": 5, "fr": 5, "ar": 4, "id": 4,
}  # fmt: skip
SECRETS: Final = {
    "mnemonic": 25, "own_form": 13, "private_key": 7, "card": 13, "password": 15, "otp": 12,
    "api_secret": 10, "iban": 5, "national_id": 5,
}  # fmt: skip
HARMLESS: Final = {"keep": 26, "talk": 16, "chat": 5, "maybe": 2}
_SECRET_SHARE: Final = 0.53
_ANY_SHARE: Final = 0.1
_TAIL: Final = 12  # a finding may reach this far into what follows


class Deck:
    """Deals the templates of a split: each once before any comes again."""

    def __init__(self, split: str, random: Random) -> None:
        self._split = split
        self._random = random
        self._left: dict[tuple[str, str], list[Template]] = {}

    def holds(self, lang: str, section: str) -> bool:
        """Return whether a language has templates of a section."""
        return section in sections(self._split, lang)

    def deal(self, lang: str, section: str) -> Template:
        """Return the next template of a section."""
        pile = self._left.setdefault((lang, section), [])
        if not pile:
            pile.extend(sections(self._split, lang)[section])
            self._random.shuffle(pile)
        return pile.pop()


def rows(count: int, seed: int, split: str) -> Iterator[dict[str, Any]]:
    """Yield rows, no text twice."""
    random = Random(seed)
    deck = Deck(split, random)
    seen: set[str] = set()
    while len(seen) < count:
        lang = random.choices([*LANGUAGES], [*LANGUAGES.values()])[0]
        message = _message(random, deck, lang)
        if message.text not in seen:
            seen.add(message.text)
            yield message.row(f"{split[0]}{len(seen):05d}", lang)


def _message(random: Random, deck: Deck, lang: str) -> Message:
    weights = SECRETS if random.random() < _SECRET_SHARE else HARMLESS
    section = random.choices([*weights], [*weights.values()])[0]
    if not (deck.holds(lang, section) or deck.holds(ANY, section)):
        section = "chat"
    message = _body(random, deck, lang, section)
    if weights is SECRETS and random.random() < 0.03:
        second = random.choice(("password", "otp", "card", "private_key"))
        message = message.followed_by(_body(random, deck, lang, second), "\n").tagged("two")
    if random.random() < 0.75:
        message = _surrounded(random, deck, lang, message)
    if random.random() < 0.02:
        message = _buried(random, deck, lang, message)
    return message


def _body(random: Random, deck: Deck, lang: str, section: str) -> Message:
    shared = deck.holds(ANY, section) and random.random() < _ANY_SHARE
    source = ANY if shared or not deck.holds(lang, section) else lang
    template = deck.deal(source, section)
    message = render(template.line, Case(random, lang))
    return message.tagged(f"sec:{section}", f"tpl:{template.name}")


def _surrounded(random: Random, deck: Deck, lang: str, body: Message) -> Message:
    drawn = random.random()
    before = [_filler(random, deck, lang, "opening")] if random.random() < 0.3 else []
    if drawn < 0.22 or 0.36 < drawn < 0.42:
        before.append(_filler(random, deck, lang, "chat"))
    after = [_filler(random, deck, lang, "chat")] if 0.22 < drawn < 0.42 else []
    if random.random() < 0.28:
        after.append(_filler(random, deck, lang, "closing"))
    pieces = [*before, body, *after]
    message = pieces[0]
    for piece in pieces[1:]:
        message = message.followed_by(piece, _separator(random, message, piece))
    return message


def _filler(random: Random, deck: Deck, lang: str, section: str) -> Message:
    return render(deck.deal(lang, section).line, Case(random, lang)).untagged()


def _separator(random: Random, before: Message, after: Message) -> str:
    if before.ends_in_mnemonic() and len(after.text) > _TAIL:
        return "\n\n"  # else the words that follow might belong to the phrase
    if "\n" in before.text + after.text and random.random() < 0.8:
        return "\n"
    return random.choice(("\n\n", "\n", "\n", " "))


def _buried(random: Random, deck: Deck, lang: str, message: Message) -> Message:
    count = random.randrange(5, 20)
    around = [random.choice(("keep", "talk", "chat", "chat")) for _ in range(count)]
    pieces = [_body(random, deck, lang, section).untagged() for section in around]
    pieces.insert(random.randrange(count), message)
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole.followed_by(piece, "\n\n" if random.random() < 0.6 else "\n")
    return whole.tagged("long")


def main() -> None:
    """Write rows to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, prog="tests.guard.corpus.generate")
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", choices=SPLITS, default="heldout")
    wanted = parser.parse_args()
    for row in rows(wanted.rows, wanted.seed, wanted.split):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
