"""Counts what the guard takes for a secret in ordinary sentences, where there is none.

    python -m tests.guard.false_alarms [--generated 40000] [--shipped 60000] [--examples 20]

Sentences come from grammars (tests/guard/prose/grammars) and from prose that the system and
installed packages bring along, so that part of the figure depends on the machine.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from kefu import guard
from tests.guard.prose import grammar, shipped

_SHARES: Final = {"en": 1.0, "zh-Hans": 1.0, "zh-Hant": 0.5}  # of the sentences asked for
_OTHERS: Final = 0.08
_GRAMMARS: Final = "grammars"


class Sentence(NamedTuple):
    """A sentence, its language and where it comes from."""

    source: str
    lang: str
    text: str


class Alarms(NamedTuple):
    """Counts by language and by source; findings by kind, with their sentences masked."""

    sentences: Counter[str]
    alarms: Counter[str]
    kinds: Counter[str]
    examples: list[str]


def generated(count: int, seed: int = 1) -> Iterator[Sentence]:
    """Yield sentences of the grammars, `count` in English and in Simplified Chinese."""
    for lang in grammar.LANGUAGES:
        wanted = int(count * _SHARES.get(lang, _OTHERS))
        for text in grammar.sentences(lang, wanted, seed):
            yield Sentence(_GRAMMARS, lang, text)


def from_packages(limit: int) -> Iterator[Sentence]:
    """Yield different sentences that other software brings, up to a number of each source."""
    seen: set[str] = set()
    for source, read in shipped.READERS.items():
        for taken, (lang, text) in enumerate(_ordinary(read())):
            if taken >= limit:
                break
            if text not in seen:
                seen.add(text)
                yield Sentence(source, lang, text)


def _ordinary(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for lang, text in found:
        if line := shipped.ordinary(lang, text):
            yield lang, line


def count(sentences: Iterable[Sentence]) -> Alarms:
    """Return how many sentences raise an alarm."""
    result = Alarms(Counter(), Counter(), Counter(), [])
    for sentence in sentences:
        spans = guard.scan(sentence.text, lang=sentence.lang)
        for key in ("all", sentence.source, sentence.lang):
            result.sentences[key] += 1
            result.alarms[key] += bool(spans)
        if spans:
            result.kinds.update(span.kind for span in spans)
            shown = str(guard.clean(sentence.text, lang=sentence.lang))
            result.examples.append(f"{sentence.source} {sentence.lang}: {shown}")
    return result


def main() -> None:
    """Print the rates, and on request masked examples."""
    parser = argparse.ArgumentParser(description=__doc__, prog="tests.guard.false_alarms")
    parser.add_argument("--generated", type=int, default=40_000)
    parser.add_argument("--shipped", type=int, default=60_000)
    parser.add_argument("--examples", type=int, default=0)
    wanted = parser.parse_args()
    started = time.perf_counter()
    result = count([*generated(wanted.generated), *from_packages(wanted.shipped)])
    out = sys.stdout
    for key, total in result.sentences.most_common():
        part = result.alarms[key]
        out.write(f"{key:16} {total:8} sentences {part:6} alarms {part / total:8.4%}\n")
    for kind, times in result.kinds.most_common():
        out.write(f"  {kind:14} {times}\n")
    shown = min(wanted.examples, len(result.examples))
    for example in random.Random(1).sample(result.examples, shown):
        out.write(f"  {example}\n")
    out.write(f"{time.perf_counter() - started:.0f} s\n")


if __name__ == "__main__":
    main()
