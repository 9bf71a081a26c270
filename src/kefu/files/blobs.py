"""Content by its SHA-256, in a folder. Equal content is kept once."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from kefu.core.errors import FileUnknown, StoreUnavailable

_DIGEST: Final = re.compile("[0-9a-f]{64}")


class Blobs(Protocol):
    """A store of content. Each call blocks; a digest is SHA-256 in lower-case hex.

    All but put raise FileUnknown for what is no digest; all raise StoreUnavailable if the
    disk fails, and then nothing was stored.
    """

    def put(self, content: bytes) -> str:
        """Keep content and return its digest. It is on the disk when this returns."""
        ...

    def get(self, digest: str) -> bytes:
        """Return the content. Raises FileUnknown if it is not there."""
        ...

    def delete(self, digest: str) -> None:
        """Drop the content, if it is there."""
        ...

    def touched_at(self, digest: str) -> float:
        """Return the Unix time at which the content was last put; 0 if it is not there."""
        ...

    def exists(self, digest: str) -> bool:
        """Return whether the content is there."""
        ...


class FolderBlobs:
    """Blobs in `root`/ab/cd/<digest>, readable by this user alone (0600 in 0700)."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        place = self._place(digest)
        with _disk():
            if place.exists():
                os.utime(place)
            else:
                self._make_folder(place.parent)
                _write(place, content)
        return digest

    def get(self, digest: str) -> bytes:
        place = self._place(digest)
        with _disk():
            return place.read_bytes()

    def delete(self, digest: str) -> None:
        place = self._place(digest)
        with _disk(), suppress(FileNotFoundError):
            place.unlink()
            _sync(place.parent)

    def touched_at(self, digest: str) -> float:
        place = self._place(digest)
        with _disk():
            return place.stat().st_mtime if place.exists() else 0.0

    def exists(self, digest: str) -> bool:
        place = self._place(digest)
        with _disk():
            return place.exists()

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise FileUnknown
        return self._root / digest[:2] / digest[2:4] / digest

    def _make_folder(self, folder: Path) -> None:
        """Make the folders that lack down to folder, each safe in its parent on the disk."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _write(place: Path, content: bytes) -> None:
    """Write content so that place has all of it or is not there, also after a power cut."""
    handle, name = tempfile.mkstemp(prefix=".", dir=place.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(place.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk() -> Iterator[None]:
    """Tell a full, read-only or failing disk by StoreUnavailable."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileUnknown from error
    except OSError as error:
        raise StoreUnavailable from error
