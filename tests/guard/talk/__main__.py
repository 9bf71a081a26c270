"""Print how often `guard.judge` is right, by group and language."""

import sys
from collections import Counter

from kefu.guard import judge
from tests.guard.talk import GROUPS, Row, corpus


def wrong(rows: list[Row]) -> list[Row]:
    """Return the rows that get a verdict that is wrong for their group."""
    return [
        row
        for row in rows
        if judge(row.text, role=GROUPS[row.group][0]).verdict not in GROUPS[row.group][1]
    ]


def main() -> None:
    """Print one line a group and part; with `-v` also what was wrong, once a template."""
    for part in ("train", "held_out"):
        rows = list(corpus(part, per_template=12))
        bad = wrong(rows)
        count, missed = Counter(row.group for row in rows), Counter(row.group for row in bad)
        for group in GROUPS:
            rate = 100 * missed[group] / count[group]
            counts = f"{count[group]:5} texts, {missed[group]:4} wrong"
            sys.stdout.write(f"{part:9} {group:9} {counts}, {rate:.2f} %\n")
        if "-v" in sys.argv:
            for row in {row.template: row for row in bad}.values():
                sys.stdout.write(f"    {part} {row.group} {row.lang} {row.text}\n")


if __name__ == "__main__":
    main()
