"""Which texts ask for a person, a manager, the technical team, or are complaints."""

import json
import time
from collections import Counter

import pytest
from click.testing import CliRunner, Result

from kefu.cli.intake import intake
from kefu.guard.matcher import Matcher
from kefu.intake.intents import intent_of
from tests.intake.corpus import LANGUAGES, Row, corpus

ROWS = list(corpus())
REQUESTS = [row for row in ROWS if row.intent != "none"]
ORDINARY = [row for row in ROWS if row.intent == "none"]


def share(rows: list[Row], *, wrong: list[Row]) -> float:
    return len(wrong) / len(rows)


def test_the_corpus_is_as_large_as_the_bars_ask() -> None:
    assert len(REQUESTS) >= 1_000 and len(ORDINARY) >= 2_000 and len(LANGUAGES) >= 8
    assert min(Counter(row.lang for row in ORDINARY).values()) >= 50


def test_requests_are_recognised_and_rightly() -> None:
    read = [(row, intent_of(row.text)) for row in REQUESTS]
    assert share(REQUESTS, wrong=[row for row, intent in read if intent == "none"]) <= 0.03
    assert share(REQUESTS, wrong=[row for row, intent in read if intent != row.intent]) <= 0.08


def test_ordinary_texts_with_the_same_words_are_left_alone() -> None:
    wrong = [row for row in ORDINARY if intent_of(row.text) != "none"]
    assert share(ORDINARY, wrong=wrong) <= 0.015


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_keeps_near_the_bars(lang: str) -> None:
    requests = [row for row in REQUESTS if row.lang == lang]
    ordinary = [row for row in ORDINARY if row.lang == lang]
    assert share(requests, wrong=[r for r in requests if intent_of(r.text, lang) == "none"]) <= 0.06
    assert share(ordinary, wrong=[r for r in ordinary if intent_of(r.text, lang) != "none"]) <= 0.04


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("转人工", "human"),
        ("轉真人客服", "human"),
        ("转高级客服", "manager"),
        ("转技术", "technical"),
        ("我要投诉", "complaint"),
        ("agent!!", "human"),
        ("AGENTTTTT", "human"),
        ("ＨＵＭＡＮ please", "human"),
        ("represenative please", "human"),
        ("hu\u200bman", "human"),
        ("speak to a manager", "manager"),
        ("escalate this", "manager"),
        ("get an engineer to look at this", "technical"),
        ("I want to lodge a complaint", "complaint"),
        ("I don't want to talk to a bot", "human"),
        ("no need for a human", "none"),
        ("I already escalated", "none"),
        ("my friend wants to talk to a manager", "none"),
        ("asset management", "none"),
        ('the button says "talk to a human" and does nothing', "none"),
        ("send 100 USDT to another person", "none"),
        ("人工审核要多久", "none"),
        ("客服让我找技术", "none"),
        ("投诉区在哪", "none"),
        ("not you, a person!", "human"),
        ("the bot repeats itself. Just connect me", "human"),
        ("who is in charge there? Put them on", "manager"),
        ("have your team lead call me", "manager"),
        ("transfer me to technical support", "technical"),
        ("can the developers look at my logs", "technical"),
        ("Complaint: the agent was rude", "complaint"),
        ("什么时候能接入人工", "human"),
        ("我要申訴", "complaint"),
        ("мне нужен оператар", "human"),
        ("posso sacar pra conta de outra pessoa", "none"),
        ("bisa transfer ke orang lain?", "none"),
        ("هل يمكن لشخص آخر الإيداع في حسابي", "none"),
        ("如何應徵客服人員", "none"),
        ("机器人说稍后会有人工回复", "none"),
        ("I will wait for the agent to come back", "none"),
        ("", "none"),
        ("\ud83d\ude00 \ud800", "none"),
    ],
)
def test_a_single_text_means(text: str, intent: str) -> None:
    assert intent_of(text) == intent


@pytest.mark.parametrize("lang", ["xx", "zh-TW", "", "EN-us"])
def test_a_wrong_hint_does_no_harm(lang: str) -> None:
    assert intent_of("I want to speak to a human", lang) == "human"
    assert intent_of("我要找真人客服", lang) == "human"


def test_a_request_at_the_end_of_a_long_message_is_read() -> None:
    assert intent_of("My deposit is late. " * 500 + "\nPlease connect me to an agent.") == "human"


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "agent ",
        "转人工",
        "i want to ",
        '"',
        "'a ",
        "(",
        "no no ",
        "escalate ",
        "人 ",
        "\u0644\u0627",
    ],
)
def test_a_hostile_text_costs_no_more_than_a_page(text: str) -> None:
    intent_of("agent")
    begun = time.process_time()
    intent_of(text * (100_000 // len(text)))
    assert time.process_time() - begun < 0.25


def test_plain_python_finds_the_same_words() -> None:
    words = ["human", "hum", "人工", "人"]
    found = [sorted(Matcher(words, plain=plain).find("a human 人工")) for plain in (True, False)]
    assert found[0] == found[1] != []


def answered(lines: str) -> Result:
    return CliRunner().invoke(intake, ["intent"], input=lines)


def test_the_command_answers_every_row_in_order() -> None:
    rows = [{"id": 1, "text": "转人工", "lang": "zh"}, {"id": "b", "text": "hi\u2028there"}]
    result = answered("".join(json.dumps(row) + "\n" for row in rows) + '{"id": 3}\n[]\n')
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert answers[:2] == [{"id": 1, "intent": "human"}, {"id": "b", "intent": "none"}]
    assert [set(answer) for answer in answers[2:]] == [{"id", "error"}, {"id", "error"}]


def test_the_command_ends_at_a_line_that_is_not_json() -> None:
    result = answered('{"id": 1, "text": "agent"}\nnope\n')
    assert result.exit_code == 1
    assert "line 2" in result.stderr
