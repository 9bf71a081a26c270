"""The machine: its cores, its facts, and what a process of it uses."""

import os
import platform
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

SERVER_CORE: Final = 0
LOAD_CORE: Final = 1
_PACKAGES: Final = ("litestar", "msgspec", "picows", "psycopg", "sqlalchemy", "uvicorn", "uvloop")


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Pin this thread, and what it starts meanwhile, to a core, where there are several."""
    before = os.sched_getaffinity(0)
    cores = sorted(before | {SERVER_CORE, LOAD_CORE}) if (os.cpu_count() or 1) > 1 else [0]
    os.sched_setaffinity(0, {cores[core % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def raise_descriptor_limit() -> None:
    """Let this process, and those it starts, open as many descriptors as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def facts() -> dict[str, Any]:
    """Return what a reader needs to judge a figure."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_kb": _field(Path("/proc/meminfo"), "MemTotal"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_average": os.getloadavg(),
        "packages": {name: version(name) for name in _PACKAGES},
    }


def cpu_seconds(pid: int) -> float:
    """Return the processor time that all threads of a process have used."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def waited_seconds(pid: int) -> float:
    """Return how long the process's threads were ready to run and had no core: others' load."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[1]) for task in tasks) / 1e9


def private_kb(pid: int) -> int:
    """Return the memory that is the process's alone."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    return _field(path, "Private_Clean") + _field(path, "Private_Dirty")


def peak_mb(pid: int) -> float:
    """Return the most resident memory the process ever had."""
    return _field(Path(f"/proc/{pid}/status"), "VmHWM") / 1024


def _field(path: Path, name: str) -> int:
    lines = path.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
