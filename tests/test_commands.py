"""`kefu init`, `inbox` and `agent`: a desk made and kept from the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def kefu(tmp_path: Path) -> "Kefu":
    return Kefu(tmp_path)


class Kefu:
    """Runs the command on a database of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> tuple[int, str]:
        environ = os.environ | {"KEFU_DATABASE_URL": f"sqlite:///{self.folder}/kefu.db"}
        ran = subprocess.run(
            [sys.executable, "-m", "kefu", *words],
            env=environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return ran.returncode, ran.stdout + ran.stderr


def test_a_desk_is_made_and_changed_without_a_page(kefu: Kefu) -> None:
    code, said = kefu("init", "--admin", "boss@desk.example", "--origin", "https://a.example")
    assert code == 0 and "password:" in said
    assert (kefu.folder / "kefu.key").stat().st_mode & 0o777 == 0o600
    code, again = kefu("init", "--admin", "boss@desk.example")
    assert code == 0 and "password:" not in again
    assert said.splitlines()[0] == again.splitlines()[0]
    (kefu.folder / "secret").write_text("s" * 40)
    code, said = kefu(
        "inbox", "--origin", "https://b.example", "--identity-key", "k1:HS256:secret",
        "--exchange", "https://b.example/kefu", "--exchange-secret", "secret",
    )  # fmt: skip
    assert code == 0, said
    code, said = kefu("agent", "add", "lin@desk.example", "--alias", "Lin", "--lang", "en")
    assert code == 0 and "badge A-" in said
    code, said = kefu("agent", "add", "lin@desk.example", "--alias", "Lin", "--lang", "en")
    assert (code, said.strip()) == (1, "kefu: agent.address_taken")
    assert kefu("agent", "leave", "lin@desk.example")[0] == 0
    assert kefu("agent", "leave", "lin@desk.example")[0] == 1


def test_what_cannot_be_used_is_one_clear_line(kefu: Kefu) -> None:
    kefu("init")
    for words in (
        ("inbox", "--identity-key", "k1:RS256:nowhere"),
        ("inbox", "--exchange", "https://x.example"),
        ("inbox", "--key", "nobody"),
    ):
        code, said = kefu(*words)
        assert code != 0 and "Traceback" not in said


def test_history_is_looked_through_by_a_command(kefu: Kefu) -> None:
    kefu("init")
    assert kefu("guard", "backscan", "--dry-run") == (0, "0 conversations, found: nothing\n")
    assert kefu("guard", "backscan") == (0, "0 conversations, masked: nothing\n")
