"""Train the second opinion of `guard.judge`, or measure it on authors it has not read.

    python -m tests.guard.talk.train_opinion            # writes src/kefu/guard/pack/opinion.bin
    python -m tests.guard.talk.train_opinion --cross    # prints rates, each set judged unread

Logistic regression with an L2 penalty, by coordinate ascent on its dual: exact, without a rate to
tune, the same on every machine up to rounding. Both classes weigh the same.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from math import log
from pathlib import Path
from typing import Final, NamedTuple

from kefu.guard.talk import opinion, ruled
from kefu.guard.talk.clauses import Talk
from tests.guard.talk import GROUPS
from tests.guard.talk.labelled import ORDINARY, Labelled, labelled

FILE: Final = Path(opinion.__file__).parents[1] / "pack" / "opinion.bin"
OF_KIND: Final = {
    "agent": (("asks",), ("agents",)),
    "customer": (("tales",), ("customers",)),
    "bribe": (("bribes",), ("customers", "tales")),
    "post": (("scams",), ("posts", "warnings")),
}
"""Which groups are examples of a kind, and which are none."""
FALSE: Final = {"agent": 0.005, "customer": 0.01, "bribe": 0.0025, "post": 0.005}
"""The share of harmless texts of unread authors that an opinion may object to by itself."""
LEAST: Final = 1.0
PENALTY: Final = 20.0
ROUNDS: Final = 8


class Example(NamedTuple):
    """A text as the model sees it; sign: 1 for one of the kind, else -1."""

    row: Labelled
    sign: int
    features: opinion.Features


def examples(rows: Iterable[Labelled], kind: str) -> list[Example]:
    """Return the examples of a kind, the first part of long texts."""
    good, bad = OF_KIND[kind]
    signs = {**dict.fromkeys(good, 1), **dict.fromkeys(bad, -1)}
    return [
        Example(row, signs[row.group], part)
        for row in rows
        if row.group in signs
        for part in islice(opinion.features(Talk(row.text)), 1)
    ]


def fit(found: Sequence[Example]) -> tuple[float, list[float]]:
    """Return the bias and the weight of each bucket."""
    weights, bias = [0.0] * opinion.BUCKETS, 0.0
    counts = {sign: sum(one.sign == sign for one in found) for sign in (1, -1)}
    most = {sign: PENALTY * len(found) / 2 / max(count, 1) for sign, count in counts.items()}
    alphas = [0.0] * len(found)
    order, shuffled = list(range(len(found))), random.Random(1)
    for _ in range(ROUNDS):
        shuffled.shuffle(order)
        for at in order:
            _, sign, (words, roles) = found[at]
            for_words, for_roles = opinion.unit(words), opinion.unit(roles)
            said = for_words * sum([weights[bucket] for bucket in words])
            meant = for_roles * sum([weights[bucket] for bucket in roles])
            length = 1 + len(words) * for_words**2 + len(roles) * for_roles**2
            margin = sign * (bias + said + meant)
            alpha = _ascended(alphas[at], margin, length, most[sign])
            step = sign * (alpha - alphas[at])
            alphas[at] = alpha
            bias += step
            for bucket in words:
                weights[bucket] += step * for_words
            for bucket in roles:
                weights[bucket] += step * for_roles
    return bias, weights


def _ascended(old: float, margin: float, length: float, most: float) -> float:
    """Return the dual variable of a text that is best while all others stay, by bisection.

    length: of its features and the constant one, squared.
    """
    low, high = 1e-9 * most, (1 - 1e-9) * most
    for _ in range(24):
        middle = (low + high) / 2
        if log(middle / (most - middle)) + margin + length * (middle - old) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def packed(bias: float, weights: Sequence[float], threshold: float) -> bytes:
    """Return a table as it stands in the file."""
    scale = max(max(map(abs, weights)) / 127, 1e-9)
    steps = bytes(round(weight / scale) & 255 for weight in weights)
    return opinion.HEAD.pack(bias, scale, threshold) + steps


def threshold(harmless: Sequence[float], share: float) -> float:
    """Return what only this share of the scores of harmless texts lies above, LEAST or more."""
    allowed = int(share * len(harmless))
    return max(LEAST, sorted(harmless, reverse=True)[allowed])


class Judged(NamedTuple):
    """A text judged by a model that had not read its author.

    is_open: the rules found nothing in it, and leave room for an opinion.
    """

    row: Labelled
    sign: int
    score: float
    ruled: bool
    is_open: bool


def crossed(found: Sequence[Example], kind: str) -> list[Judged]:
    """Return the examples, each scored by a model trained without the set it comes from."""
    judged = []
    for source in sources(found):
        rest = [one for one in found if one.row.source != source]
        table = opinion.table(packed(*fit(rest), 0.0))
        unread = (one for one in found if one.row.source == source)
        judged += [scored(one.row, one.sign, table, kind) for one in unread]
    return judged


def sources(found: Iterable[Example]) -> list[str]:
    """Return the sets that have an author."""
    return sorted({one.row.source for one in found} - {ORDINARY})


def scored(row: Labelled, sign: int, table: opinion.Table, kind: str) -> Judged:
    """Return a text with its score and what the rules say."""
    talk, (role, objections) = Talk(row.text), GROUPS[OF_KIND[kind][0][0]]
    verdict = ruled(row.text, talk, role).verdict
    is_open = verdict == "pass" and opinion.may_object(talk, kind)
    return Judged(row, sign, table.score(opinion.features(talk)), verdict in objections, is_open)


def rates(judged: Sequence[Judged], above: float) -> str:
    """Return in words how the opinion and the rules did.

    The rules have been mended after most of these texts, so "alone" is the figure to read.
    """
    bad = [one for one in judged if one.sign > 0]
    good = [one for one in judged if one.sign < 0]
    alone = sum(one.score > above for one in bad) / len(bad)
    both = sum(one.ruled or (one.is_open and one.score > above) for one in bad) / len(bad)
    by_rules = sum(one.ruled for one in good) / len(good)
    added = sum(one.is_open and one.score > above for one in good) / len(good)
    return (
        f"{len(bad):5} bad: {alone:6.1%} found alone, {both:6.1%} with the rules;"
        f"{len(good):6} harmless: {by_rules:6.2%} false by the rules, {added:6.2%} added"
    )


def main() -> None:
    """Write the file, or print rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross", action="store_true")
    parser.add_argument("--without", default="", help="sets left out of training, with commas")
    parser.add_argument("--to", type=Path, default=FILE, help="the file to write")
    options = parser.parse_args()
    out = options.without.split(",")
    rows = [row for row in labelled() if row.source not in out]
    tables = []
    for kind in opinion.KINDS:
        found = examples(rows, kind)
        judged = crossed(found, kind)
        harmless = [one.score if one.is_open else 0.0 for one in judged if one.sign < 0]
        above = threshold(harmless, FALSE[kind])
        sys.stdout.write(f"{kind}: threshold {above:.2f}\n")
        for source in sources(found):
            part = [one for one in judged if one.row.source == source]
            sys.stdout.write(f"  {source:10}{rates(part, above)}\n")
        sys.stdout.write(f"  {'all':10}{rates(judged, above)}\n")
        if not options.cross:
            tables.append(packed(*fit(found), above))
    if tables:
        options.to.write_bytes(b"".join(tables))


if __name__ == "__main__":
    main()
