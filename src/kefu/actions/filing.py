"""What a file goes through between the wire and the disk, and back: screened, sealed, checked."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from uuid import UUID

from kefu.actions import check_picture
from kefu.conversations.states import Change
from kefu.core import metrics
from kefu.core.clock import Clock
from kefu.core.errors import FileUnknown
from kefu.core.records import FileState
from kefu.core.settings import Settings
from kefu.core.threads import off_loop
from kefu.files import pictures, rows
from kefu.files.blobs import Blobs
from kefu.files.child import Screener
from kefu.files.inspect import Inspected, inspect
from kefu.files.ocr import Ocr
from kefu.files.quarantine import Seal
from kefu.files.rows import FileRow, Kept
from kefu.files.screen import SCREENED, Screened, findings
from kefu.storage.db import Database

READING_SECONDS: Final = 120
TRIES: Final = 4
"""After so many that failed, or ended the process, a picture counts as one nobody can read."""


class Filing:
    """The files of one process: nothing unread rests on its disk but sealed.

    Pictures have threads of their own: while they are drawn, no password waits.
    """

    def __init__(
        self, database: Database, blobs: Blobs, settings: Settings, ocr: Ocr | None, clock: Clock
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._secret_key = settings.secret_key
        self._ocr = ocr
        self._clock = clock
        self._screener = Screener()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="kefu-files")

    async def inspected(self, name: str, content_type: str, content: bytes) -> Inspected:
        """Return what a file is. Raises what `files.inspect` refuses."""
        return await off_loop(self._threads, inspect, name, content_type, content)

    async def screened(self, looked: Inspected, content: bytes) -> Screened:
        """Return what may be stored of a file. A picture waits for its check, if there is one."""
        if looked.content_type in SCREENED:
            said = await self._screener.screened(looked.content_type, content)
        else:
            reads = looked.kind == "image" and self._ocr is not None
            said = Screened("checking" if reads else "unchecked", content, {})
        _count(said.found)
        return said

    async def lay_down(self, said: Screened, preview: bytes | None) -> Kept:
        """Put content on the disk, sealed unless it is clean, and return where it lies."""
        return await self._database.aside(self._laid_down, said.state, said.content, preview)

    def _laid_down(self, state: FileState, content: bytes | None, preview: bytes | None) -> Kept:
        if content is None:
            return Kept()
        put = self._blobs.put
        if state == "clean":
            return Kept(put(content), put(preview) if preview else None)
        seal = Seal(self._secret_key)
        small = put(seal.close(preview)) if preview else None
        return Kept(put(seal.close(content)), small, seal.wrapped)

    async def content(self, row: FileRow, *, preview: bool = False) -> bytes:
        """Return a file's content, or its preview's. Raises FileUnknown if there is none."""
        return await self._database.aside(self._content, row.kept, preview)

    def _content(self, kept: Kept, preview: bool) -> bytes:
        digest = kept.preview_sha256 if preview else kept.sha256
        if digest is None:
            raise FileUnknown
        content = self._blobs.get(digest)
        return Seal(self._secret_key, kept.sealed_key).open(content) if kept.sealed_key else content

    async def check(self, file_id: UUID, tries: int = 0) -> Change | None:
        """Check a picture that waits for it and store what came of that; return the change.

        May run twice: what was checked stays. tries: how often it was begun before; a picture
        that was begun TRIES times is unchecked.
        """
        row = (await self._database.read(rows.find, [file_id])).get(file_id)
        if row is None or row.info.state != "checking":
            return None
        if tries < TRIES:
            checked = await self._checked(row)
        else:
            checked = check_picture.Checked("unchecked", {}, row.kept)
        return await self._database.write(check_picture.keep, file_id, checked, at=self._clock())

    async def _checked(self, row: FileRow) -> check_picture.Checked:
        content = await self.content(row)
        found = await self._secrets(row.info.content_type, content)
        if found is None:
            return check_picture.Checked("unchecked", {}, row.kept)
        if found:
            _count(found)
            return check_picture.Checked("removed", found, Kept())
        preview = await self.content(row, preview=True)
        kept = await self._database.aside(self._laid_down, "clean", content, preview)
        return check_picture.Checked("clean", {}, kept)

    async def _secrets(self, content_type: str, content: bytes) -> Mapping[str, int] | None:
        """Return the secrets in a picture's words, or None if it could not be read."""
        parts = await off_loop(self._threads, pictures.for_reading, content, content_type)
        if self._ocr is None or parts is None:
            return None
        try:
            async with asyncio.timeout(READING_SECONDS):
                return await self._first_found(self._ocr, parts)
        except TimeoutError:
            return None

    async def _first_found(self, ocr: Ocr, parts: list[bytes]) -> Mapping[str, int] | None:
        for part in parts:
            async for words in ocr.readings(part):
                if words is None:
                    return None
                if found := await off_loop(self._threads, findings, words):
                    return found
        return {}


def _count(found: Mapping[str, int]) -> None:
    for kind, count in found.items():
        metrics.findings.labels(kind).inc(count)
