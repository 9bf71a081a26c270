"""The socket protocol, without sockets."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kefu.core.errors import KefuError
from kefu.realtime import protocol
from kefu.realtime.protocol import FrameMalformed, FrameTooLarge, FrameUnknown, Pace, Ping, Say

GOOD = [
    {"type": "hello", "v": 1, "inbox": "k", "site": "https://x.example", "new_field": [1]},
    {"type": "say", "key": "k", "text": "hi"},
    {"type": "resume", "conversation": "01a21092-e926-7d35-840f-ace7526d8823", "after": 4},
    {"type": "ping"},
]
BAD = [
    ("", "frame.malformed"),
    ("[]", "frame.malformed"),
    ("null", "frame.malformed"),
    ('{"type": 5}', "frame.malformed"),
    ('{"text": "no type"}', "frame.malformed"),
    ('{"type": "say", "key": 7, "text": "x"}', "frame.malformed"),
    ('{"type": "resume", "conversation": "not-a-uuid"}', "frame.malformed"),
    ('{"type": "resume", "conversation": "01a21092-e926-7d35-840f-ace7526d8823", "after": "x"}',
     "frame.malformed"),
    ('{"type": "launch"}', "frame.unknown"),
    ("[" * 50_000, "frame.malformed"),
    ('{"type":"say","key":"k","text":"' + "a" * 70_000 + '"}', "frame.too_large"),
    ('{"type":"say","key":"k","text":"' + "客" * 30_000 + '"}', "frame.too_large"),
]  # fmt: skip


@pytest.mark.parametrize("frame", GOOD, ids=lambda f: f["type"])
def test_a_good_frame_is_read_and_unknown_fields_are_ignored(frame: dict[str, object]) -> None:
    assert protocol.decode(json.dumps(frame)).__struct_config__.tag == frame["type"]


@pytest.mark.parametrize(("text", "code"), BAD)
def test_a_bad_frame_has_one_clear_error(text: str, code: str) -> None:
    with pytest.raises(KefuError) as caught:
        protocol.decode(text)
    assert caught.value.code == code


@given(some.text(max_size=200) | some.recursive(some.none() | some.text(), some.lists).map(str))
def test_no_text_makes_anything_but_a_frame_or_an_error(text: str) -> None:
    with suppress(FrameMalformed, FrameUnknown, FrameTooLarge):
        protocol.decode(text)


def test_messages_faster_than_the_pace_wait_and_recover() -> None:
    pace = Pace(0.0)
    say = Say("k", "x")
    assert [pace.wait(say, 0.0) for _ in range(20)] == [0.0] * 20
    assert pace.wait(say, 0.0) == pytest.approx(0.5)
    assert pace.wait(Ping(), 0.0) == 0.0
    assert pace.wait(say, 0.6) == 0.0
