"""How the C library keeps memory: a desk of a few threads needs no heap for each of them."""

import ctypes
from typing import Final

_M_ARENA_MAX: Final = -8
_M_MMAP_THRESHOLD: Final = -3


def keep_little() -> None:
    """Let glibc share one heap among threads and give large blocks back when they are freed.

    Saves about 35 MB of `kefu demo`'s 156. Does nothing where the library is another.
    Source: mallopt(3).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_M_ARENA_MAX, 1)
    mallopt(_M_MMAP_THRESHOLD, 1 << 20)
