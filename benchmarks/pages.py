"""Public pages under wrk, beside a raw ASGI answer of as many bytes on the same server."""

import re
import shutil
import subprocess
from collections import defaultdict
from typing import Final

import httpx

from benchmarks import serving
from benchmarks.figures import Plan, Result, row
from benchmarks.machine import LOAD_CORE, on_core
from tests.servers import ServerMissing

PAGES: Final = ("/en/contact", "/zh/verify")
Seen = defaultdict[str, list[float]]


def run(plan: Plan) -> Result:
    """Measure requests a second of one process with 50 connections."""
    if not shutil.which("wrk"):
        raise ServerMissing("no wrk here: install the package wrk")
    seen: Seen = defaultdict(list)
    for _ in range(plan.rounds):
        with serving.desk() as served:
            for page in PAGES:
                seen[page].append(_requests(served.port, page, plan.seconds))
            size = len(httpx.get(f"http://127.0.0.1:{served.port}{PAGES[0]}").content)
        with serving.module("raw_page", str(size)) as served:
            seen["raw"].append(_requests(served.port, "/", plan.seconds))
    rows = [row(page, seen[page], "req/s", limit="raw ASGI", limits=seen["raw"]) for page in PAGES]
    return Result(rows, {"rounds": seen})


def _requests(port: int, path: str, seconds: float) -> float:
    command = [
        "wrk",
        "-t1",
        "-c50",
        f"-d{max(1, round(seconds))}s",
        f"http://127.0.0.1:{port}{path}",
    ]
    with on_core(LOAD_CORE):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise RuntimeError(done.stdout)
    return float(found[1])
