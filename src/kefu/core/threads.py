"""Work that would hold up the event loop, run in threads beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def off_loop(
    threads: ThreadPoolExecutor, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Return fn(...), run in one of the threads."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, partial(fn, *args, **kwargs))
