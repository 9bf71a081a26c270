"""The conformance vectors, which the browser's engine answers too."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from kefu import guard
from tests.guard.make_vectors import rows

VECTORS: Final = [
    json.loads(line)
    for line in (Path(__file__).parent / "vectors.jsonl").read_text("utf-8").splitlines()
]


def test_the_vectors_are_those_of_the_marked_messages() -> None:
    assert list(rows()) == VECTORS


def test_there_is_a_vector_of_every_kind_and_language() -> None:
    kinds = {span["kind"] for row in VECTORS for span in row["spans"]}
    assert len(VECTORS) >= 400
    assert len(kinds) == 11
    assert len({row["lang"] for row in VECTORS}) == 13


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["id"])
def test_the_guard_finds_what_the_vector_says_and_nothing_else(row: dict[str, Any]) -> None:
    found = [
        {"start": span.start, "end": span.end, "kind": span.kind}
        for span in guard.scan(row["text"], lang=row["lang"])
    ]
    assert found == row["spans"]


_WITHOUT_RUST: Final = """
import json, sys
sys.modules["ahocorasick_rs"] = None
from kefu import guard
for text in json.load(sys.stdin):
    print(json.dumps([[one.start, one.end, one.kind] for one in guard.scan(text)]))
"""


def test_the_guard_answers_alike_without_its_fast_matcher() -> None:
    texts = json.dumps([row["text"] for row in VECTORS])
    run = subprocess.run(
        [sys.executable, "-c", _WITHOUT_RUST],
        input=texts,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [[list(span.values()) for span in row["spans"]] for row in VECTORS]
    assert [json.loads(line) for line in run.stdout.splitlines()] == expected
