"""Amounts of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.sla.durations import read, written
from kefu.sla.errors import DurationMalformed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2m", 120),
        ("90 s", 90),
        ("1h30m", 5400),
        ("1H 30 Min", 5400),
        ("1.5h", 5400),
        ("4 hours", 14_400),
        ("2 分钟", 120),
        ("４小时", 14_400),
        ("1天", 86_400),
        ("3 d", 259_200),
    ],
)
def test_a_number_and_a_unit_is_an_amount_of_time(text: str, seconds: float) -> None:
    assert read(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "2", "m", "2 m 3", "-2m", "0m", "2 fortnights", "1:30", "400d", "9999999999h"),
        *("2m;", "1e5s", "nan h", "½h", "٣m"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(DurationMalformed):
        read(text)


@given(st.integers(1, 366 * 86_400))
def test_what_is_written_reads_as_the_same(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert read(written(span)) == span
