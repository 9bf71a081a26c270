"""The folder of blobs: content by its hash, whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from kefu.core.errors import FileUnknown
from kefu.files.blobs import FolderBlobs

ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from kefu.core.errors import StoreUnavailable
from kefu.files.blobs import FolderBlobs

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    FolderBlobs(Path(sys.argv[1])).put(b"x" * 5000)
except StoreUnavailable as error:
    print(error.code)
"""


def files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file())


def test_content_comes_back_by_its_hash_until_it_is_deleted(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "new" / "files")
    digest = blobs.put(b"hello")
    assert digest == sha256(b"hello").hexdigest()
    assert blobs.put(b"hello") == digest
    assert blobs.exists(digest)
    assert blobs.get(digest) == b"hello"
    blobs.delete(digest)
    blobs.delete(digest)
    assert not blobs.exists(digest)
    with pytest.raises(FileUnknown):
        blobs.get(digest)


def test_only_this_user_may_read_a_blob(tmp_path: Path) -> None:
    digest = FolderBlobs(tmp_path).put(b"hello")
    (path,) = files(tmp_path)
    assert path.relative_to(tmp_path).parts == (digest[:2], digest[2:4], digest)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_what_is_no_digest_names_no_file(tmp_path: Path, digest: str) -> None:
    blobs = FolderBlobs(tmp_path)
    for use in (blobs.get, blobs.delete, blobs.exists):
        with pytest.raises(FileUnknown):
            use(digest)


def test_many_at_once_keep_one_whole_copy(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    content = os.urandom(200_000)
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(blobs.put, [content] * 16))
    assert [path.read_bytes() for path in files(tmp_path)] == [content]
    assert len(digests) == 1


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.stdout == "store.unavailable\n", ran.stderr
    assert list(files(tmp_path)) == []
