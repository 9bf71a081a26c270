"""`python -m benchmarks [NAME...] [--rounds N] [--short]`: run, print a table, keep the results."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Final

from benchmarks import (
    burst,
    fan_out,
    guard,
    idle_sockets,
    pages,
    routing,
    send_to_seen,
    start_up,
    statements,
)
from benchmarks.figures import Plan, Result, keep, table
from benchmarks.machine import raise_descriptor_limit
from tests.servers import ServerMissing

BENCHMARKS: Final[Mapping[str, Callable[[Plan], Result]]] = {
    "send_to_seen": send_to_seen.run,
    "idle_sockets": idle_sockets.run,
    "fan_out": fan_out.run,
    "statements": statements.run,
    "guard": guard.run,
    "routing": routing.run,
    "burst": burst.run,
    "start_up": start_up.run,
    "pages": pages.run,
}


def main() -> int:
    """Run what was asked for, everything by default; 1 if a budget was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, help="rounds of each measure; 5, or 2 with --short")
    parser.add_argument("--short", action="store_true", help="fewer sockets, shorter rounds")
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    plan = Plan(given.rounds or (2 if given.short else 5), short=given.short)
    raise_descriptor_limit()
    missed = 0
    for name in given.names or BENCHMARKS:
        try:
            result = BENCHMARKS[name](plan)
        except ServerMissing as missing:
            print(f"\n{name}: left out, {missing}")
            continue
        print(f"\n{name}, {plan.rounds} rounds\n{table(result.rows)}", flush=True)
        print(f"kept in {keep(name, plan, result)}")
        missed += sum(row.met is False for row in result.rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
