"""Scores `kefu guard scan` on labelled rows: recall by kind and language, clean rate, harm.

    python -m tests.guard.score ROWS.jsonl [--bars] [--examples 30]

Each figure stands beside its bar; with --bars a figure that misses it makes the command fail.
A row is {id, lang, text, spans, optional?, keep?}. A secret counts as found when a finding of its
kind covers 90 % of it and reaches at most 12 characters beyond it.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from kefu import guard
from kefu.guard import Span

KINDS: Final = {
    "mnemonic", "private_key", "wif", "xprv", "card_number", "card_cvv", "password", "otp",
    "api_secret", "iban", "national_id",
}  # fmt: skip
_COVERED: Final = 0.9
_BEYOND: Final = 12
_RECALL: Final = {
    "all": 0.99, "mnemonic": 0.99, "private_key": 0.99, "otp": 0.99, "card_number": 0.985,
    "password": 0.985, "api_secret": 0.985, "card_cvv": 0.98, "wif": 1.0, "xprv": 1.0,
}  # fmt: skip
_CLEAN: Final = 0.985
_FALSE: Final = 0.003
_DAMAGED: Final = 0.001


class Score(NamedTuple):
    """Counts: secrets and those found, by kind and by language; what was harmed; and where."""

    rows: int
    secrets: Counter[str]
    found: Counter[str]
    clean: int
    untouched: int
    false: int
    kept: int
    damaged: int
    examples: list[str]


class Figure(NamedTuple):
    """A share of a count, with the bar it must reach or, where less is better, stay under."""

    name: str
    share: float
    of: int
    bar: float | None
    less_is_better: bool = False

    def misses(self, slack: float = 0.0) -> bool:
        """Return whether the figure misses its bar by more than a slack."""
        if self.bar is None:
            return False
        if self.less_is_better:
            return self.share > self.bar + slack
        return self.share < self.bar - slack

    def line(self) -> str:
        """Return the figure as a line of the report."""
        bar = "" if self.bar is None else f"{'<=' if self.less_is_better else '>='} {self.bar:.1%}"
        return f"{self.name:16} {self.share:9.3%} of {self.of:6} {bar:9} " + (
            "MISSED" if self.misses() else ""
        )


def score(rows: Iterable[dict[str, Any]]) -> Score:
    """Return the counts over labelled rows."""
    secrets: Counter[str] = Counter()
    found: Counter[str] = Counter()
    seen = clean = untouched = false = kept = damaged = 0
    examples: list[str] = []
    for row in rows:
        seen += 1
        spans = guard.scan(row["text"], lang=row["lang"])
        for secret in row["spans"]:
            hit = any(_covers(span, secret) for span in spans)
            for key in (secret["kind"], row["lang"], "all"):
                secrets[key] += 1
                found[key] += hit
            if not hit:
                examples.append(_shown("missed", secret["kind"], row, spans))
        known = [*row["spans"], *row.get("optional", ())]
        alarms = [span for span in spans if not any(_overlap(span, one) for one in known)]
        examples += [_shown("false alarm", span.kind, row, spans) for span in alarms]
        false += len(alarms)
        if not known:
            clean += 1
            untouched += not spans
        for harmless in row.get("keep", ()):
            kept += 1
            damaged += any(_overlap(span, harmless) for span in spans)
    return Score(seen, secrets, found, clean, untouched, false, kept, damaged, examples)


def figures(result: Score) -> list[Figure]:
    """Return the shares, each with its bar."""
    kinds = sorted(key for key in result.secrets if key in KINDS or key == "all")
    languages = sorted(key for key in result.secrets if key not in KINDS and key != "all")
    recall = [
        Figure(key, result.found[key] / result.secrets[key], result.secrets[key], _RECALL.get(key))
        for key in [*kinds, *languages]
    ]
    clean, kept = max(1, result.clean), max(1, result.kept)
    return [
        *recall,
        Figure("clean untouched", result.untouched / clean, result.clean, _CLEAN),
        Figure("false positives", result.false / max(1, result.rows), result.rows, _FALSE, True),
        Figure("keep damaged", result.damaged / kept, result.kept, _DAMAGED, True),
    ]


def _shown(what: str, kind: str, row: dict[str, Any], spans: Iterable[Span]) -> str:
    """Return what went wrong with the text as it was marked, so that one sees where."""
    text = row["text"]
    for span in sorted(spans, key=lambda span: -span.start):
        marked = f"«{text[span.start : span.end]}|{span.kind}»"
        text = text[: span.start] + marked + text[span.end :]
    return f"{what} {kind} [{row['lang']} {row['id']}] {text!r}"


def _covers(span: Span, secret: dict[str, Any]) -> bool:
    near = bool(secret["start"] - span.start <= _BEYOND and span.end - secret["end"] <= _BEYOND)
    size = secret["end"] - secret["start"]
    return bool(span.kind == secret["kind"]) and near and _overlap(span, secret) >= _COVERED * size


def _overlap(span: Span, other: dict[str, Any]) -> int:
    return int(max(0, min(span.end, other["end"]) - max(span.start, other["start"])))


def main() -> int:
    """Print the score of the rows in a file; return 1 if --bars is asked for and one is missed."""
    parser = argparse.ArgumentParser(description=__doc__, prog="tests.guard.score")
    parser.add_argument("rows", type=Path)
    parser.add_argument("--bars", action="store_true")
    parser.add_argument("--examples", type=int, default=0)
    wanted = parser.parse_args()
    lines = wanted.rows.read_text("utf-8").split("\n")
    result = score(json.loads(line) for line in lines if line)
    shown = figures(result)
    for figure in shown:
        sys.stdout.write(figure.line().rstrip() + "\n")
    chosen = random.Random(1).sample(result.examples, min(wanted.examples, len(result.examples)))
    for example in chosen:
        sys.stdout.write(f"  {example}\n")
    return int(wanted.bars and any(figure.misses() for figure in shown))


if __name__ == "__main__":
    sys.exit(main())
