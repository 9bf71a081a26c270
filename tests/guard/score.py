"""Scores `kefu guard scan` on labelled rows: recall by kind and language, clean rate, harm.

    python -m tests.guard.score ROWS.jsonl

A row is {id, lang, text, spans, optional?, keep?}. A secret counts as found when a finding of its
kind covers 90 % of it and reaches at most 12 characters beyond it.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from kefu import guard
from kefu.guard import Span

_COVERED: Final = 0.9
_BEYOND: Final = 12


class Score(NamedTuple):
    """Counts: secrets and those found, by kind and by language; and what was harmed."""

    secrets: Counter[str]
    found: Counter[str]
    clean: int
    untouched: int
    false: int
    kept: int
    damaged: int


def score(rows: Iterable[dict[str, Any]]) -> Score:
    """Return the counts over labelled rows."""
    secrets: Counter[str] = Counter()
    found: Counter[str] = Counter()
    clean = untouched = false = kept = damaged = 0
    for row in rows:
        spans = guard.scan(row["text"], lang=row["lang"])
        for secret in row["spans"]:
            hit = any(_covers(span, secret) for span in spans)
            for key in (secret["kind"], row["lang"], "all"):
                secrets[key] += 1
                found[key] += hit
        known = [*row["spans"], *row.get("optional", ())]
        false += sum(not any(_overlap(span, one) for one in known) for span in spans)
        if not known:
            clean += 1
            untouched += not spans
        for harmless in row.get("keep", ()):
            kept += 1
            damaged += any(_overlap(span, harmless) for span in spans)
    return Score(secrets, found, clean, untouched, false, kept, damaged)


def _covers(span: Span, secret: dict[str, Any]) -> bool:
    near = bool(secret["start"] - span.start <= _BEYOND and span.end - secret["end"] <= _BEYOND)
    size = secret["end"] - secret["start"]
    return bool(span.kind == secret["kind"]) and near and _overlap(span, secret) >= _COVERED * size


def _overlap(span: Span, other: dict[str, Any]) -> int:
    return int(max(0, min(span.end, other["end"]) - max(span.start, other["start"])))


def main(path: Path) -> None:
    """Print the score of the rows in a file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    result = score(rows)
    out = sys.stdout
    for key in sorted(result.secrets):
        part = result.found[key] / result.secrets[key]
        out.write(f"{key:12} {part:8.2%} of {result.secrets[key]}\n")
    out.write(f"clean untouched {result.untouched / max(1, result.clean):.2%} of {result.clean}\n")
    out.write(f"false positives {result.false / max(1, len(rows)):.3%} of {len(rows)} rows\n")
    out.write(f"keep damaged    {result.damaged / max(1, result.kept):.3%} of {result.kept}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
