"""The words in a picture, read by the program tesseract where it is installed.

The picture goes to it through a pipe and the words come back through one: no file.
"""

import asyncio
import os
import re
import shutil
import subprocess
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from typing import Final

from msgspec import Struct

from kefu.core.settings import Settings

SECONDS: Final = 15
"""For one reading; an ordinary screenshot takes half a second."""

_WANTED: Final = ("eng", "chi_sim")
_BLOCKS, _SCATTERED = "3", "11"
_BETWEEN_HAN: Final = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


class Ocr(Struct, frozen=True):
    """An engine that was found: the program and the languages it has of those wanted."""

    program: str
    languages: tuple[str, ...]

    async def readings(self, picture: bytes) -> AsyncIterator[str | None]:
        """Yield the words of a PNG as several layouts and languages read them.

        A numbered list needs the scattered layout; a long key, one language alone. None where
        the program gave no answer in time.
        """
        every = "+".join(self.languages)
        for languages, layout in (
            (every, _SCATTERED),
            (every, _BLOCKS),
            (self.languages[0], _BLOCKS),
        ):
            text = await self._read(picture, languages, layout)
            yield text
            if text and (joined := _BETWEEN_HAN.sub("", text)) != text:
                yield joined

    async def _read(self, picture: bytes, languages: str, layout: str) -> str | None:
        child = await asyncio.create_subprocess_exec(
            *("nice", "-n", "10", self.program, "stdin", "stdout"),
            *("-l", languages, "--psm", layout),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PATH": os.defpath, "OMP_THREAD_LIMIT": "1"} | _tessdata(),
        )
        try:
            words, _ = await asyncio.wait_for(child.communicate(picture), SECONDS)
        except TimeoutError:
            return None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return words.decode(errors="replace") if child.returncode == 0 else None


def engine_of(settings: Settings) -> Ocr | None:
    """Return the engine of this machine, or None: not wanted, or not installed. Blocks."""
    program = shutil.which("tesseract") if settings.ocr == "auto" else None
    if program is None:
        return None
    try:
        told = subprocess.run(  # noqa: S603 - a fixed command
            [program, "--list-langs"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    installed = set(told.stdout.split())
    languages = tuple(language for language in _WANTED if language in installed)
    return Ocr(program, languages) if languages else None


def _tessdata() -> dict[str, str]:
    place = os.environ.get("TESSDATA_PREFIX")
    return {"TESSDATA_PREFIX": place} if place else {}
