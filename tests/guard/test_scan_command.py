"""`kefu guard scan`: one answer a row, in order."""

import json

from click.testing import CliRunner, Result

from kefu.cli.guard import guard


def _scan(lines: str) -> Result:
    return CliRunner().invoke(guard, ["scan"], input=lines)


def test_each_row_is_answered_in_order_with_offsets_of_the_input() -> None:
    rows = [
        {"id": "a", "text": "card 4242 4242 4242 4242\u2028ok", "lang": "en"},
        {"id": 2, "text": "您好"},
        {"id": None, "text": "otp 482913 \ud83d"},
    ]
    result = _scan("".join(json.dumps(row) + "\n" for row in rows))
    answers = [json.loads(line) for line in result.stdout.split("\n") if line]
    assert result.exit_code == 0
    assert answers == [
        {
            "id": "a",
            "spans": [{"start": 5, "end": 24, "kind": "card_number"}],
            "text": "card [card_number 4242]\u2028ok",
        },
        {"id": 2, "spans": [], "text": "您好"},
        {
            "id": None,
            "spans": [{"start": 4, "end": 10, "kind": "otp"}],
            "text": "otp [otp] \ud83d",
        },
    ]


def test_a_wrong_row_is_answered_and_the_next_one_too() -> None:
    result = _scan('{"id": 1}\n[]\n{"text": "x"}\n{"id": 4, "text": 5}\n{"id": 5, "text": "hi"}')
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert ["error" in answer for answer in answers] == [True, True, True, True, False]


def test_a_line_that_is_not_json_ends_it_with_its_number() -> None:
    result = _scan('{"id": 1, "text": "hi"}\nnope\n')
    assert result.exit_code == 1
    assert json.loads(result.stdout)["id"] == 1
    assert "line 2" in result.stderr
