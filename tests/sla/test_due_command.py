"""`kefu sla due`: one answer a row, in order."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kefu.cli.sla import sla

ROW: dict[str, Any] = {
    "id": "a",
    "kind": "due",
    "timezone": "Asia/Shanghai",
    "business_hours": {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]},
    "special_days": {"2024-02-18": [["09:00", "18:00"]]},
    "holidays": [],
    "start": "2024-02-18T17:30:00+08:00",
    "events": [],
    "sla_minutes": 30,
}
ELAPSED = {"kind": "elapsed", "end": "2024-02-19T09:00:30+08:00", "sla_minutes": None}


def _run(lines: str) -> Result:
    return CliRunner().invoke(sla, ["due"], input=lines)


def _answer(change: dict[str, Any]) -> dict[str, Any]:
    result = _run(json.dumps(ROW | change) + "\n")
    assert result.exit_code == 0
    answer: dict[str, Any] = json.loads(result.stdout)
    assert answer.pop("id") == "a"
    return answer


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, {"due_at": "2024-02-18T10:00:00Z"}),
        ({"sla_minutes": 30.5}, {"due_at": "2024-02-19T01:00:30Z"}),
        ({"sla_minutes": 0.1}, {"due_at": "2024-02-18T09:30:06Z"}),
        ({"start": "2024-02-18T09:30:00.25Z"}, {"due_at": "2024-02-19T01:00:00.250000Z"}),
        ({"business_hours": "always", "special_days": None}, {"due_at": "2024-02-18T10:00:00Z"}),
        ({"end": None, "unknown": [1]}, {"due_at": "2024-02-18T10:00:00Z"}),
        ({"events": [{"at": "2024-02-18T09:40:00Z", "type": "pause"}]}, {"due_at": None}),
        ({"events": [{"type": "comment"}]}, {"due_at": "2024-02-18T10:00:00Z"}),
        (ELAPSED, {"elapsed_minutes": 30.5}),
        (ELAPSED | {"end": ROW["start"]}, {"elapsed_minutes": 0}),
        (
            ELAPSED | {"events": [{"at": "2024-02-18T09:40:00Z", "type": "close"}]},
            {"elapsed_minutes": 10},
        ),
    ],
)
def test_a_row_is_answered(change: dict[str, Any], answer: dict[str, Any]) -> None:
    assert _answer(change) == answer


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "overdue"},
        {"kind": ["due"]},
        {"timezone": "Mars/Olympus"},
        {"business_hours": {"mon": [["18:60", "19:00"]]}},
        {"start": "2024-02-18T09:30:00"},
        {"start": "2024-02-18"},
        {"start": "soon"},
        {"start": None},
        {"start": "0001-01-01T00:00:00+08:00"},
        {"events": {}},
        {"events": ["pause"]},
        {"events": [{"at": "2024-02-18T09:40:00Z"}]},
        {"events": [{"at": "2024-02-18T09:40:00", "type": "pause"}]},
        {"sla_minutes": 0},
        {"sla_minutes": -1},
        {"sla_minutes": None},
        {"sla_minutes": True},
        {"sla_minutes": "30"},
        {"sla_minutes": float("nan")},
        {"sla_minutes": float("inf")},
        {"sla_minutes": 1e300},
        {"sla_minutes": 10**400},
        ELAPSED | {"end": None},
        ELAPSED | {"sla_minutes": 0},
    ],
)
def test_a_wrong_row_is_answered_with_why(change: dict[str, Any]) -> None:
    answer = _answer(change)
    assert answer.keys() == {"error"}
    assert answer["error"].endswith(".") and "{" not in answer["error"]


def test_every_row_has_its_answer_in_order(tmp_path: Path) -> None:
    rows = [ROW, [], ROW | {"id": None}, {"kind": "due"}, ROW | {"id": 7, "timezone": "nowhere"}]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    ran = subprocess.run(
        [sys.executable, "-m", "kefu", "sla", "due", str(file)],
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, None, None, 7]
    assert ["error" in answer for answer in answers] == [False, True, False, True, True]


def test_the_page_shows_what_the_command_answers() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "service-levels.md"
    shown = [json.loads(line) for line in page.read_text().splitlines() if line.startswith('{"id"')]
    rows, answers = shown[::2], shown[1::2]
    assert len(rows) == 2
    result = _run("".join(json.dumps(row) + "\n" for row in rows))
    assert [json.loads(line) for line in result.stdout.splitlines()] == answers


def test_a_line_that_is_not_json_ends_it_with_its_number() -> None:
    result = _run(json.dumps(ROW) + "\n\nnope\n")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["id"] == "a"
    assert "line 3" in result.stderr
