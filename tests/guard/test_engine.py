"""The parts of the engine: spelling, cues, limits on time, and the same answers without Rust."""

import time
from hashlib import sha256
from importlib.resources import files
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import guard
from kefu.guard import checks
from kefu.guard.fold import flatten, folded
from kefu.guard.matcher import Matcher
from kefu.guard.pack import PACK, ROLE, word_list
from kefu.guard.reading import Reading

TWELVE: Final = "notable identify differ goose broom impulse garden today glass lock gap odor"
KOREAN: Final = "일주일 감수성 판단 의심 대전 직장 수필 참여 물질 총장 단추 가격"
_STRINGS: Final = ["code", "error code", "码", "验证码", "a", "ab", "abc", "bc", "pass word"]

SPELLINGS = [
    TWELVE.upper(),
    TWELVE.title(),
    TWELVE.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    "\u200b".join(TWELVE),
    TWELVE.replace("o", "о").replace("a", "а"),
    TWELVE.replace("e", "e\u0301"),
    TWELVE.replace(" ", "\u3000"),
    TWELVE.replace(" ", ""),
    TWELVE.replace("differ", "difer"),
    TWELVE.replace(" odor", ""),
    " ".join(word[:4] for word in TWELVE.split()),
    "word1: " + ", ".join(f"word{at}: {word}" for at, word in enumerate(TWELVE.split(), 1))[7:],
]


@pytest.mark.parametrize("phrase", SPELLINGS)
def test_a_phrase_is_found_however_it_is_spelled(phrase: str) -> None:
    (span,) = guard.scan(f"my seed phrase: {phrase}")
    assert span.kind == "mnemonic"
    assert (span.start, span.end) == (16, 16 + len(phrase))


def test_a_decomposed_korean_phrase_is_found_whole() -> None:
    import unicodedata  # noqa: PLC0415

    phrase = unicodedata.normalize("NFKD", KOREAN)
    (span,) = guard.scan(f"니모닉 {phrase}")
    assert f"니모닉 {phrase}"[span.start : span.end] == phrase


@pytest.mark.parametrize(
    ("written", "read"),
    [("ＡＢＣ１２３", "abc123"), ("mật khẩu", "mat khau"), ("şifre", "sifre"), ("٤٥٦", "456")],
)
def test_a_text_is_read_in_its_plain_spelling(written: str, read: str) -> None:
    assert folded(written) == read


@given(st.text(max_size=80))
def test_the_plain_spelling_knows_the_way_back(text: str) -> None:
    flat = flatten(text)
    assert len(flat.plain) == len(flat.low)
    if flat.offsets is not None:
        assert len(flat.offsets) == len(flat.plain)
        assert list(flat.offsets) == sorted(flat.offsets)


@given(st.text(alphabet="abcode r验证码ps wd", max_size=60))
def test_the_matcher_answers_alike_without_rust(text: str) -> None:
    fast, plain = Matcher(_STRINGS), Matcher(_STRINGS, plain=True)
    assert sorted(fast.find(text)) == sorted(plain.find(text))


def test_a_cue_is_the_longest_at_its_place_and_keeps_to_whole_words() -> None:
    reading = Reading(flatten("the error code was not spincode but пароля"))
    spelled = {reading.low[cue.start : cue.end] for cue in reading.cues}
    assert {"error code", "пароля"} <= spelled
    assert "code" not in spelled


def test_every_cue_is_found_in_its_own_text() -> None:
    for role, languages in PACK.cues.items():
        for cues in languages.values():
            for cue in cues:
                text = cue.rstrip("*")
                assert Reading(flatten(text)).roles & ROLE[role] or len(text) < 2, cue


@given(st.text() | st.text(alphabet="4 2-.\u200b１⟪⟫KLx0aé码密", max_size=200))
def test_spans_are_in_order_apart_and_inside_the_text(text: str) -> None:
    at = 0
    for span in guard.scan(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end


@given(st.integers(0, 10**15 - 1))
def test_luhn_finds_any_single_wrong_digit(number: int) -> None:
    body = f"{number:015}"
    whole = next(body + last for last in "0123456789" if checks.luhn(body + last))
    wrong = str((int(whole[3]) + 1) % 10)
    assert not checks.luhn(whole[:3] + wrong + whole[4:])


@pytest.mark.parametrize(
    "piece",
    [
        *("4", "4 ", "42 ", "4243 ", "zone abandom ", "1) zoo ", "的 一 是 ", "あいうえお"),
        *("code 123456 ", "password abc123 ", "seed ", "2fa key abcd efgh ijkl ", "eyJaaaaaaaa."),
        *("a\u0301", "\u0301", "İı", "аa", '{"crypto":', "12,", "-----BEGIN PRIVATE KEY-----"),
        *("private key " + "ab" * 32 + " ", "mail a@b.co:abc123! ", "seed " + "a" * 31 + " "),
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    guard.scan(text[:1_000])
    start = time.process_time()
    guard.scan(text)
    assert time.process_time() - start < 0.7  # `benchmarks/guard.py` holds the real limit


def test_lone_surrogates_are_answered() -> None:
    (span,) = guard.scan("\ud83d card 4242 4242 4242 4242 \udc00")
    assert (span.start, span.end) == (7, 26)


@pytest.mark.parametrize("name", [*PACK.words["lists"], *PACK.words["strict"]])
def test_a_word_list_is_the_published_one(name: str) -> None:
    content = (files("kefu.guard") / f"pack/words/{name}.txt").read_bytes()
    assert sha256(content).hexdigest() == PACK.words["sha256"][name]
    assert len(word_list(name)) in {1024, 1626, 2048}
