"""Operators' own patterns: found last, never slow, and refused by name when they are wrong."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kefu import guard
from kefu.cli.guard import guard as command
from kefu.core.settings import SettingRefused, guard_patterns

PATTERNS = {"member-no": "ACME-[0-9]{6}", "slow": "(a+)+$"}


@pytest.fixture(autouse=True)
def _own() -> Iterator[None]:
    guard.use_patterns(PATTERNS)
    yield
    guard.use_patterns({})


def test_a_match_is_removed_and_named() -> None:
    safe = guard.clean("é我的 ACME-123456, card 4242 4242 4242 4242 \ud83d ACME-654321")
    assert safe.value == "é我的 ⟪own:member-no⟫, card ⟪card_number:4242⟫ \ufffd ⟪own:member-no⟫"


def test_what_is_more_dangerous_keeps_its_name() -> None:
    guard.use_patterns({"digits": "[0-9 ]{4,}"})
    (span,) = guard.scan("4242 4242 4242 4242")
    assert (span.kind, span.ambiguous) == ("card_number", False)


def test_the_author_cannot_call_it_harmless() -> None:
    assert guard.clean("ACME-123456", asserted=[(0, 11)]).value == "⟪own:member-no⟫"


@pytest.mark.parametrize("pattern", ["(a+)+$", "a*b|a", "(a|aa)*c", "", "(?i)(.*)*x"])
def test_no_pattern_is_slow(pattern: str) -> None:
    guard.use_patterns({"theirs": pattern})
    start = time.process_time()
    guard.scan("a" * 100_000 + "!")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("pattern", ["(a", "[z-a]", r"(a)\1", "a{2000}"])
def test_a_pattern_that_does_not_compile_is_refused_by_its_name(pattern: str) -> None:
    with pytest.raises(SettingRefused, match=r"KEFU_GUARD_PATTERNS.*'theirs'"):
        guard.use_patterns({"theirs": pattern})


@pytest.mark.parametrize("written", ["[]", '{"a": 1}', '{"A b": "x"}', "{", "\udc80"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "patterns.json"
    path.write_bytes(written.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingRefused, match="KEFU_GUARD_PATTERNS"):
        guard_patterns({"KEFU_GUARD_PATTERNS": str(path)})
    with pytest.raises(SettingRefused, match="KEFU_GUARD_PATTERNS"):
        guard_patterns({"KEFU_GUARD_PATTERNS": str(tmp_path / "absent.json")})


def test_the_command_uses_them_too(tmp_path: Path) -> None:
    path = tmp_path / "patterns.json"
    path.write_text(json.dumps({"desk": "zebra"}), "utf-8")
    runner = CliRunner(env={"KEFU_GUARD_PATTERNS": str(path)})
    found = runner.invoke(command, ["scan"], input='{"id": 1, "text": "a zebra"}\n')
    assert json.loads(found.stdout)["text"] == "a [own]"
    path.write_text(json.dumps({"desk": "(zebra"}), "utf-8")
    refused = runner.invoke(command, ["scan"], input='{"id": 1, "text": "a zebra"}\n')
    assert refused.exit_code == 1
    assert "'desk'" in refused.stderr
