"""Figures: what was measured, its limit of the same rounds, and whether the budget is kept."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from benchmarks.machine import facts

RESULTS: Final = Path(__file__).parent / "results"
_HEAD: Final = ("what", "figure", "limit of the same run", "ratio", "budget", "met?")


class Plan(Struct, frozen=True):
    """How long to measure."""

    rounds: int
    short: bool

    @property
    def seconds(self) -> float:
        """The length of one measure that takes as long as it is given."""
        return 1.5 if self.short else 3.0


class Row(Struct, frozen=True):
    """One line of the table. `rounds` and `limits` hold every round, in order."""

    what: str
    figure: float
    unit: str
    rounds: tuple[float, ...]
    limit: str = ""
    limits: tuple[float, ...] = ()
    ratio: float | None = None
    budget: str = ""
    met: bool | None = None


class Result(Struct, frozen=True):
    """What a benchmark found; `notes` are settings and side figures for the kept file."""

    rows: list[Row]
    notes: dict[str, Any] = field(default_factory=dict)


def row(
    what: str,
    rounds: Sequence[float],
    unit: str,
    *,
    limit: str = "",
    limits: Sequence[float] = (),
    at_least: float | None = None,
    at_most: float | None = None,
) -> Row:
    """Return a line: medians, and a budget for the figure, or for the ratio if there is a limit.

    The ratio is the median of each round's own, so a slow round is slow for both.
    """
    figure = statistics.median(rounds)
    pairs = zip(rounds, limits, strict=True) if limits else ()
    ratio = statistics.median(own / other for own, other in pairs) if limits else None
    held = figure if ratio is None else ratio
    met = None
    if at_least is not None:
        met = held >= at_least
    elif at_most is not None:
        met = held <= at_most
    sign, value = ("≥", at_least) if at_least is not None else ("≤", at_most)
    budget = "" if value is None else f"{sign} {value:g} {unit if ratio is None else 'x'}"
    return Row(what, figure, unit, tuple(rounds), limit, tuple(limits), ratio, budget, met)


def table(rows: Sequence[Row]) -> str:
    """Return the lines as text in columns."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEAD))]
    shown = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(line.rstrip() for line in shown)


def _cells(row: Row) -> tuple[str, ...]:
    limit = f"{row.limit} {_number(statistics.median(row.limits))}" if row.limits else ""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return row.what, f"{_number(row.figure)} {row.unit}", limit, ratio, row.budget, met


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def keep(name: str, plan: Plan, result: Result) -> Path:
    """Write the result with the facts of the machine; return the file."""
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    path = RESULTS / f"{at:%Y-%m-%d-%H%M}-{name}.json"
    whole = {"at": at, "machine": facts(), "plan": plan, **msgspec.structs.asdict(result)}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1))
    return path
