"""From `kefu demo` to its first page, and the memory it took, beside Python's own start."""

import subprocess
import sys
import time
from collections import defaultdict

import httpx

from benchmarks.figures import Plan, Result, row
from benchmarks.machine import peak_mb
from tests.servers import free_port

PATIENCE = 30.0
Seen = defaultdict[str, list[float]]


def run(plan: Plan) -> Result:
    """Measure the demo and the two starts below it, round by round."""
    seen: Seen = defaultdict(list)
    for _ in range(plan.rounds):
        seen["pass"].append(_until_over("pass"))
        seen["imports"].append(_until_over("import litestar, sqlalchemy"))
        seconds, megabytes = _demo()
        seen["demo"].append(seconds)
        seen["memory"].append(megabytes)
    rows = [
        row("kefu demo to its first page", seen["demo"], "s", at_most=3.0),
        row("kefu demo, most memory", seen["memory"], "MB", at_most=150),
        row("python -c pass", seen["pass"], "s"),
        row("python -c 'import litestar, sqlalchemy'", seen["imports"], "s"),
    ]
    return Result(rows, {"rounds": seen})


def _until_over(statement: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def _demo() -> tuple[float, float]:
    """Return the seconds until `/` answers 200, and the peak of resident memory in MB."""
    port = free_port()
    command = [sys.executable, "-m", "kefu", "demo", "--no-browser", "--port", str(port)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - start > PATIENCE:
                raise RuntimeError("the demo did not start")
            time.sleep(0.01)
        return time.perf_counter() - start, peak_mb(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
