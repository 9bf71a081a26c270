"""Reads a file in a process of its own: hostile content can hurt nothing but that.

`Screener` is the desk's side. Run as a module, this file is the process: content comes in by
its standard input, what the guard says goes out by its standard output.
"""

import asyncio
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from kefu import guard
from kefu.core.errors import Busy
from kefu.core.settings import PATTERNS, guard_patterns
from kefu.core.threads import off_loop
from kefu.files.screen import Screened, screen
from kefu.files.sniff import PDF

SECONDS: Final = 120
"""20 MB of numbers take 45 s of an idle core, prose a third of it."""

BYTES: Final = 1_500_000_000
AT_ONCE: Final = 2
SMALL: Final = 64_000
MOST_LARGE: Final = 8
MOST_SMALL: Final = 32
_KEPT: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "VIRTUAL_ENV", PATTERNS)
"""What the process sees of the environment: no key of the desk's."""


class Screener:
    """Puts content to the guard: small texts in a thread of its own, one after another, the
    rest in processes, two at a time.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._processes = asyncio.Semaphore(AT_ONCE)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kefu-screen")
        self._inside = {True: 0, False: 0}

    async def screened(self, content_type: str, content: bytes) -> Screened:
        """Return what may be stored. Content that cannot be read in time is unchecked.

        Raises Busy where too many wait: each holds its content in memory.
        """
        is_small = len(content) <= SMALL and content_type != PDF.content_type
        with self._counted(is_small):
            if is_small:
                return await off_loop(self._thread, screen, content_type, content)
            async with self._processes:
                answer = await _asked(content_type, content, self._seconds)
        try:
            return msgspec.msgpack.decode(answer, type=Screened)
        except msgspec.DecodeError:
            return Screened("unchecked", content, {})

    @contextmanager
    def _counted(self, is_small: bool) -> Iterator[None]:
        most = MOST_SMALL if is_small else AT_ONCE + MOST_LARGE
        if self._inside[is_small] >= most:
            raise Busy(retry_after=10)
        self._inside[is_small] += 1
        try:
            yield
        finally:
            self._inside[is_small] -= 1


async def _asked(content_type: str, content: bytes, seconds: float) -> bytes:
    """Return what the process answers, nothing if it ends without or takes too long."""
    program = (sys.executable, "-P", "-m", __name__, content_type)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment
    )
    try:
        answer, _ = await asyncio.wait_for(child.communicate(content), seconds)
    except TimeoutError:
        return b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return answer


def main(content_type: str) -> None:
    """Screen standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # not every system has a limit on memory
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    with suppress(OSError):  # where memory runs out, Linux ends this process and not the desk's
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.nice(10)
    guard.use_patterns(guard_patterns())
    said = screen(content_type, sys.stdin.buffer.read())
    sys.stdout.buffer.write(msgspec.msgpack.encode(said))


if __name__ == "__main__":
    main(sys.argv[1])
