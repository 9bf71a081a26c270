"""`kefu doctor` on a desk that works and on ones that do not."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import copy_of
from tests.desk_server import SECRET, DeskServer


def _doctor(**environ: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "kefu", "doctor"],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_a_desk_that_works_passes_and_a_broken_one_says_what_to_do(
    sqlite_template: Path, tmp_path: Path
) -> None:
    url = copy_of(sqlite_template, tmp_path)
    settings = {
        "KEFU_DATABASE_URL": url,
        "KEFU_FILES_URL": str(tmp_path / "files"),
        "KEFU_SECRET_KEY": SECRET,
    }
    with DeskServer(url, tmp_path) as server:
        code, said = _doctor(**settings, KEFU_PUBLIC_URL=server.url)
        assert code == 0, said
        assert said.count("ok  ") == 5
    code, said = _doctor(**settings, KEFU_PUBLIC_URL=server.url)
    assert code == 1
    assert "FAIL  sockets" in said and "ok    database" in said
    empty = settings | {"KEFU_DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}
    code, said = _doctor(**empty, KEFU_PUBLIC_URL=server.url)
    assert code == 1 and "kefu migrate" in said
