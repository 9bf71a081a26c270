"""The guard on messages in other people's words, and on sentences that hold no secret."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pytest

from tests.guard import false_alarms
from tests.guard.corpus import template
from tests.guard.corpus.generate import HARMLESS, LANGUAGES, SECRETS, SPLITS, rows
from tests.guard.corpus.values import SLOTS
from tests.guard.score import figures, score

ROWS: Final = 2_400
SLACK: Final = {  # below the bars of recall, and above those of harm: a sample is not the whole
    "train": (0.02, 0.004),
    "heldout": (0.025, 0.004),
}
MOST_ALARMS: Final = 0.001


@pytest.mark.parametrize("split", SPLITS)
def test_the_guard_finds_what_it_must_and_leaves_the_rest(split: str) -> None:
    less_found, more_harm = SLACK[split]
    missed = [
        figure.line()
        for figure in figures(score(rows(ROWS, 1, split)))
        if figure.misses(more_harm if figure.less_is_better else less_found)
    ]
    assert missed == []


def test_ordinary_sentences_seldom_raise_an_alarm() -> None:
    result = false_alarms.count(false_alarms.generated(3_000))
    assert result.sentences["all"] > 9_000
    assert result.alarms["all"] / result.sentences["all"] <= MOST_ALARMS, result.examples[:10]


@pytest.mark.parametrize("split", SPLITS)
def test_every_mark_lies_in_its_text_and_beside_the_others(split: str) -> None:
    for row in rows(1_000, 2, split):
        marks = sorted(
            (mark["start"], mark["end"])
            for role in ("spans", "optional", "keep")
            for mark in row[role]
        )
        assert all(0 <= start < end <= len(row["text"]) for start, end in marks), row
        assert all(before[1] <= after[0] for before, after in pairwise(marks)), row
        assert all(row["text"][mark["start"] : mark["end"]].strip() for mark in row["spans"]), row


def test_the_same_seed_writes_the_same_rows() -> None:
    assert [*rows(200, 3, "heldout")] == [*rows(200, 3, "heldout")]
    assert [*rows(200, 3, "heldout")] != [*rows(200, 4, "heldout")]


def test_every_language_has_templates_of_every_kind() -> None:
    for split in SPLITS:
        for lang in LANGUAGES:
            missing = {*SECRETS, "keep", "talk", "chat", "opening", "closing"}
            missing -= {*template.sections(split, lang)}
            assert missing == set(), f"{split}/{lang}"


def test_every_line_can_be_filled_and_its_section_is_drawn() -> None:
    drawn = {*SECRETS, *HARMLESS, "opening", "closing"}
    for _, one in _templates():
        assert one.section in drawn, one.name
        slots = {part.slot for part in template.parts(one.line) if part.slot}
        assert slots <= {*SLOTS}, one.name


def test_a_heldout_template_is_never_used_for_training() -> None:
    lines: dict[str, set[str]] = {split: set() for split in SPLITS}
    for split, one in _templates():
        if one.section not in ("opening", "closing", "chat") and _says_something(one.line):
            lines[split].add(one.line)
    assert lines["heldout"] & lines["train"] == set()


def _says_something(line: str) -> bool:
    words = "".join(choice for part in template.parts(line) for choice in part.choices)
    return any(char.isalpha() for char in words)


def _templates() -> Iterator[tuple[str, template.Template]]:
    for split in SPLITS:
        for lang in (*LANGUAGES, template.ANY):
            for group in template.sections(split, lang).values():
                yield from ((split, one) for one in group)
