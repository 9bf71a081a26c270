"""What only shows across messages."""

from collections.abc import Sequence
from typing import Final

import msgspec
import pytest

from kefu import guard
from kefu.guard import Memory, Said

WORDS: Final = [
    "notable",
    "identify",
    "differ",
    "goose",
    "broom",
    "impulse",
    "garden",
    "today",
    "glass",
    "lock",
    "gap",
    "odor",
]


def _found(messages: Sequence[Said]) -> dict[int, str]:
    memory = Memory()
    found: dict[int, str] = {}
    for said in messages:
        memory = msgspec.json.decode(msgspec.json.encode(memory), type=Memory)
        recalled = guard.recall(memory, [said])
        memory = recalled.memory
        found |= dict(recalled.found)
    return found


def _says(*texts: str) -> list[Said]:
    return [Said(seq, text) for seq, text in enumerate(texts, 1)]


@pytest.mark.parametrize("pattern", ["{word}", "{at}. {word}", "word {at}: {word}", "{word},"])
def test_a_phrase_sent_word_by_word_is_found_in_every_row(pattern: str) -> None:
    texts = [pattern.format(at=at, word=word) for at, word in enumerate(WORDS, 1)]
    assert _found(_says(*texts)) == dict.fromkeys(range(1, 13), "mnemonic")


def test_a_phrase_in_threes_with_a_remark_between_is_found() -> None:
    lines = [" ".join(WORDS[at : at + 3]) for at in range(0, 12, 3)]
    found = _found(_says(lines[0], lines[1], "still with me? one moment", lines[2], lines[3]))
    assert set(found) == {1, 2, 4, 5}


@pytest.mark.parametrize("sizes", [(6, 6), (5, 7), (8, 4), (4, 8), (10, 2), (3, 3, 3, 3)])
@pytest.mark.parametrize("lead", ["", "first {size}: ", "助记词前{size}个 ", "luego "])
def test_a_phrase_sent_in_parts_of_any_size_is_found(sizes: tuple[int, ...], lead: str) -> None:
    at, texts = 0, []
    for size in sizes:
        texts.append(lead.format(size=size) + " ".join(WORDS[at : at + size]))
        at += size
    assert set(_found(_says(*texts))) == {*range(1, len(texts) + 1)}


def test_a_phrase_told_word_by_word_in_sentences_is_found() -> None:
    texts = [f"the {at}th word is {word}" for at, word in enumerate(WORDS, 1)]
    texts[:2] = [f"the first word is {WORDS[0]}", f"second is {WORDS[1]}"]
    assert set(_found(_says(*texts))) == {*range(1, 13)}


def test_half_a_phrase_is_enough_once_it_was_announced() -> None:
    assert set(_found(_says("my seed phrase, part one", " ".join(WORDS[:6])))) == {2}


@pytest.mark.parametrize("between", [" ... ", "\n\nand\n", " / / "])
def test_two_halves_in_one_message_are_found(between: str) -> None:
    assert _found(_says(" ".join(WORDS[:6]) + between + " ".join(WORDS[6:]))) == {1: "mnemonic"}


def test_a_mistyped_word_and_a_remark_do_not_hide_a_part() -> None:
    first = "notable identifi differ goose broom impulse those are the first six"
    assert set(_found(_says(first, " ".join(WORDS[6:])))) == {1, 2}


def test_a_chinese_phrase_sign_by_sign_is_found_with_its_common_signs() -> None:
    assert set(_found(_says("助记词", *"的一是在不有祝赶锅闪漆痛"))) == {*range(2, 14)}


def test_the_words_for_a_phrase_make_fewer_words_enough() -> None:
    asked = Said(1, "Please send the seed phrase word by word", by_customer=False)
    said = [Said(seq, word) for seq, word in enumerate(WORDS[:6], 2)]
    assert set(_found([asked, *said])) == {2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("What is the code you received?", "482 913", "otp"),
        ("请把验证码发给我", "482913", "otp"),
        ("And the three digits on the back?", "123", "card_cvv"),
        ("Tell me your password", "Winter2024!", "password"),
        ("资金密码是多少？", "884512", "password"),
    ],
)
def test_a_bare_value_after_a_question_for_it_is_found(
    question: str, answer: str, kind: str
) -> None:
    assert _found([Said(1, question, by_customer=False), Said(2, answer)]) == {2: kind}
    assert _found(_says(question, answer)) == {2: kind}


@pytest.mark.parametrize(
    "messages",
    [
        [Said(1, "What is your order number?", by_customer=False), Said(2, "482913")],
        [Said(1, "Did the code arrive?", by_customer=False), Said(2, "No, nothing at all")],
        _says("hello", "help", "please", "wait", "yes", "sure", "okay", "agent", "money", "now"),
        _says("hi there", "my withdrawal is late", "order 5512", "thanks", "ok", "bye"),
        _says("482913"),
        _says("怎么提现", "提现时间", "多久到账", "手续费高"),
        _says("助记词在哪里看", "怎么备份", "找不到了", "手机上的", "钱包里面"),
        _says("market order", "cancel order", "open order", "close order", "sell limit order"),
        _says("red packet", "game reward", "daily bonus", "trade volume", "price drop"),
    ],
)
def test_an_ordinary_conversation_is_left_alone(messages: list[Said]) -> None:
    assert _found(messages) == {}


def test_the_memory_holds_no_text() -> None:
    memory = guard.recall(Memory(), _says(*WORDS[:5])).memory
    kept = msgspec.json.encode(memory).decode()
    assert not any(word in kept for word in WORDS[:5])
