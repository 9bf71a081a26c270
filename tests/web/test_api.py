"""The chat over HTTP, for those whose proxies break sockets."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.desk_server import DeskServer
from tests.web.people import Browser, Visitor

CARD = "4242 4242 4242 4242"
SEED = (
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
)
MEGABYTE = 1024 * 1024


@pytest.fixture
def lee(server: DeskServer) -> Iterator[Visitor]:
    with Visitor(server) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def lin(server: DeskServer) -> Iterator[Browser]:
    with Browser(server, "lin") as browser:
        yield browser


def answer(lin: Browser, conversation: str, text: str, mode: str = "public") -> None:
    body = {"key": str(uuid4()), "text": text, "mode": mode, "read_up_to": 9_999}
    assert lin.http.post(f"/desk/c/{conversation}/reply", json=body).status_code == 200


def test_hello_says_who_you_are_and_what_is_allowed(server: DeskServer, lee: Visitor) -> None:
    welcome = lee.welcome
    assert (welcome["type"], welcome["v"]) == ("welcome", 1)
    assert welcome["you"] == {"kind": "visitor"} and welcome["conversation"] is None
    assert welcome["limits"]["text"] == 8_000 and welcome["limits"]["file"] == 20 * MEGABYTE
    assert "image/png" in welcome["limits"]["types"] and welcome["limits"]["harmless"] == 50
    ack = lee.say("hello")
    again = lee.api("hello", token=welcome["token"]).json()
    assert "token" not in again
    assert again["conversation"]["id"] == ack["conversation"]
    assert (again["conversation"]["reference"], again["conversation"]["head"]) == (
        ack["reference"],
        2,
    )


@pytest.mark.parametrize("body", [{"inbox": "unknown"}, {"site": "https://evil.example"}, {"v": 2}])
def test_hello_from_elsewhere_is_refused(lee: Visitor, body: dict[str, object]) -> None:
    refused = lee.api("hello", **body)
    assert (refused.status_code, refused.json()["code"]) == (403, "hello.refused")


def test_a_forged_identity_leaves_a_visitor(lee: Visitor) -> None:
    welcome = lee.api("hello", identity="eyJhbGciOiJub25lIn0.e30.").json()
    assert welcome["problem"] == "identity.refused"
    assert welcome["you"] == {"kind": "visitor"} and welcome["token"]


def test_a_span_called_harmless_stands_and_one_that_cannot_be_is_refused(lee: Visitor) -> None:
    whole = [[0, len(CARD)]]
    assert lee.api("say", key=str(uuid4()), text=CARD, harmless=whole).json()["text"] == CARD
    refused = lee.api("say", key=str(uuid4()), text=CARD, harmless=[[4, 2]])
    assert (refused.status_code, refused.json()["code"]) == (400, "harmless.refused")


def test_a_body_may_name_its_frame_but_no_other(lee: Visitor) -> None:
    named = {"key": str(uuid4()), "text": "hello"}
    assert lee.api("say", type="say", **named).status_code == 200
    refused = lee.api("say", type="hello", **named)
    assert (refused.status_code, refused.json()["code"]) == (400, "request.malformed")


def test_saying_it_again_with_the_same_key_is_one_message(lee: Visitor) -> None:
    first = lee.say("once", key="k-once-" + lee.welcome["token"][:20])
    again = lee.say("once", key=first["key"])
    assert first == again
    log = lee.ask("events", conversation=first["conversation"]).json()
    assert [event["text"] for event in log["events"] if "text" in event] == ["once"]


def test_events_come_in_order_from_where_the_client_is(lee: Visitor, lin: Browser) -> None:
    first = lee.say("one")
    conversation = first["conversation"]
    promised(lee, first)
    answer(lin, conversation, "two")
    answer(lin, conversation, "a note", "internal")
    lee.say("three")
    log = lee.ask("events", conversation=conversation).json()
    assert [event["text"] for event in log["events"] if "text" in event] == ["one", "two", "three"]
    kinds = ["state", "message", "promise", "assignment", "message", "message"]
    assert [event["kind"] for event in log["events"]] == kinds
    assert [event["seq"] for event in log["events"]] == [1, 2, 3, 4, 5, 7]
    assert (log["head"], log["status"]) == (7, "open")
    spoke = log["events"][4]["from"]
    assert spoke == {"kind": "agent", "name": "林 Lin", "badge": "A-20417"}
    later = lee.ask("events", conversation=conversation, after=5).json()
    assert [event["seq"] for event in later["events"]] == [7]
    assert "a note" not in json.dumps(log)


def promised(lee: Visitor, ack: dict[str, Any]) -> int:
    """Wait until a customer who waits was promised a time; return that line's number."""
    asked = {"conversation": ack["conversation"], "after": ack["seq"], "wait": 20}
    [told] = lee.ask("events", **asked).json()["events"]
    assert told["kind"] == "promise"
    return int(told["seq"])


def test_a_poll_waits_for_what_comes_and_no_longer(lee: Visitor, lin: Browser) -> None:
    ack = lee.say("hello")
    last = promised(lee, ack)
    conversation = ack["conversation"]
    while lee.ask("events", conversation=conversation, after=last).json()["wait"] is None:
        time.sleep(0.05)  # their place in the queue was just counted, which also ends a wait
    at = time.monotonic()
    nothing = lee.ask("events", conversation=conversation, after=last, wait=0.3)
    assert nothing.json()["events"] == [] and time.monotonic() - at >= 0.3
    speaks = threading.Timer(0.3, answer, (lin, conversation, "an answer"))
    speaks.start()
    at = time.monotonic()
    came = lee.ask("events", conversation=conversation, after=last, wait=20).json()
    speaks.join()
    assert time.monotonic() - at < 10
    assert came["events"][0]["seq"] == last + 1


@pytest.mark.parametrize(
    "query", [{"wait": 26}, {"wait": -1}, {"after": -1}, {"wait": "soon"}, {"conversation": "x"}]
)
def test_a_poll_that_makes_no_sense_is_malformed(lee: Visitor, query: dict[str, object]) -> None:
    conversation = lee.say("hello")["conversation"]
    refused = lee.ask("events", **{"conversation": conversation, **query})
    assert refused.status_code == 400
    assert refused.json()["code"] == "request.malformed" and refused.json()["text"]


def test_reading_marks_travel_both_ways(lee: Visitor, lin: Browser) -> None:
    ack = lee.say("hello")
    lin.http.post(f"/desk/c/{ack['conversation']}/seen", json={"seq": ack["seq"]})
    assert lee.api("seen", conversation=ack["conversation"], seq=ack["seq"]).status_code == 204
    log = lee.ask("events", conversation=ack["conversation"]).json()
    assert log["seen"] == {"agent": ack["seq"], "customer": ack["seq"]}


def test_typing_stores_nothing(lee: Visitor) -> None:
    ack = lee.say("hello")
    assert lee.api("typing", conversation=ack["conversation"], on=True).status_code == 204
    assert lee.ask("events", conversation=ack["conversation"]).json()["head"] == ack["seq"]


def test_a_chosen_language_is_what_the_agent_sees(lee: Visitor, lin: Browser) -> None:
    ack = lee.say("hello")
    assert lee.api("language", lang="zh-CN").status_code == 204
    assert lee.api("language", lang="xx").status_code == 204
    panel = lin.http.get(f"/desk/c/{ack['conversation']}/customer")
    assert "Chinese" in panel.text


def test_a_file_goes_up_and_comes_down_as_a_download(lee: Visitor) -> None:
    sent = lee.upload("日志.txt", b"a log line", "text/plain")
    assert sent.status_code == 201
    info = sent.json()
    assert (info["name"], info["content_type"], info["size"]) == ("日志.txt", "text/plain", 10)
    ack = lee.say("", files=[info["id"]])
    event = lee.ask("events", conversation=ack["conversation"]).json()["events"][-1]
    assert event["data"]["files"][0]["id"] == info["id"]
    came = lee.ask(f"files/{info['id']}")
    assert came.content == b"a log line"
    assert came.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in came.headers["content-security-policy"]
    assert came.headers["x-content-type-options"] == "nosniff"


def test_a_files_name_may_still_stand_in_the_address_and_must_stand_somewhere(lee: Visitor) -> None:
    named = lee.http.post("/api/v1/chat/files", params={"name": "日志.txt"}, content=b"a line")
    assert (named.status_code, named.json()["name"]) == (201, "日志.txt")
    both = lee.http.post(
        "/api/v1/chat/files?name=old.txt", content=b"a", headers={"X-File-Name": "a%2Fnew.txt"}
    )
    assert "new.txt" in both.json()["name"]
    for name in ("", "a" * 401):
        refused = lee.upload(name, b"a line")
        assert (refused.status_code, refused.json()["code"]) == (400, "request.malformed")


def test_a_file_that_is_too_large_is_refused_with_the_figure(lee: Visitor) -> None:
    refused = lee.upload("large.txt", b"a" * (20 * MEGABYTE + 1), "text/plain")
    assert (refused.status_code, refused.json()["code"]) == (413, "file.too_large")
    assert "20 MB" in refused.json()["text"]


def test_a_file_of_unknown_length_is_cut_off_at_the_limit_with_the_figure(
    server: DeskServer, lee: Visitor
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"a" * MEGABYTE

    try:
        refused = lee.http.post("/api/v1/chat/files?name=large.txt", content=endless())
    except httpx.TransportError:
        pytest.fail("the connection broke before the reason came")
    assert (refused.status_code, refused.json()["code"]) == (413, "file.too_large")
    assert "20 MB" in refused.json()["text"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        ("drawing.png", b'<svg onload="alert(1)"/>', "image/png"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "text/html"),
        ("page.txt", b"<html><script>alert(1)</script>", "text/plain"),
        ("tool.exe", b"MZ\x90\x00" + bytes(100), "application/octet-stream"),
        ("notes.txt", b"MZ\x90\x00" + bytes(100), "text/plain"),
        ("script.js", b"alert(1)", "text/javascript"),
    ],
)
def test_what_could_run_is_refused_with_the_reason(
    lee: Visitor, name: str, content: bytes, kind: str
) -> None:
    refused = lee.upload(name, content, kind)
    assert (refused.status_code, refused.json()["code"]) == (415, "file.type_refused")
    assert refused.json()["text"]


def test_an_empty_file_and_a_damaged_picture_are_refused(lee: Visitor) -> None:
    assert lee.upload("empty.txt", b"").json()["code"] == "file.empty"
    damaged = lee.upload("photo.png", b"\x89PNG\r\n\x1a\nnothing", "image/png")
    assert (damaged.status_code, damaged.json()["code"]) == (422, "file.damaged")


def test_eleven_files_are_too_many_for_one_message(lee: Visitor) -> None:
    files = [str(uuid4()) for _ in range(11)]
    refused = lee.api("say", key="k", text="x", files=files)
    assert (refused.status_code, refused.json()["code"]) == (413, "file.too_many")
    assert "10" in refused.json()["text"]


def test_a_transcript_is_what_was_stored_secrets_masked(lee: Visitor, lin: Browser) -> None:
    said = [lee.say(text) for text in (f"card {CARD}", f"seed {SEED}", "a < b & c")]
    conversation = said[0]["conversation"]
    answer(lin, conversation, "Never tell anybody your phrase")
    answer(lin, conversation, "a note", "internal")
    form = {
        kind: lee.ask("transcript", conversation=conversation, format=kind)
        for kind in ("txt", "html", "json")
    }
    stored = json.loads(form["json"].text)
    texts = [event["text"] for event in stored["events"] if "text" in event]
    assert texts == [ack["text"] for ack in said] + ["Never tell anybody your phrase"]
    assert stored["reference"] == said[0]["reference"]
    assert "card number" in form["txt"].text and "a < b & c" in form["txt"].text
    assert "a &lt; b &amp; c" in form["html"].text
    for kind, file in form.items():
        assert CARD not in file.text and "abandon" not in file.text and "a note" not in file.text
        assert f'filename="{said[0]["reference"]}.{kind}"' in file.headers["content-disposition"]
        assert file.headers["cache-control"] == "no-store"


def test_a_transcript_repeats_the_warning_in_words(lee: Visitor) -> None:
    said = lee.say("A man from support called, I should install AnyDesk on my phone")
    text = lee.ask("transcript", conversation=said["conversation"]).text
    assert "Warning from the desk: We never take over your phone or computer." in text


def test_a_transcript_speaks_the_language_asked_for(lee: Visitor) -> None:
    conversation = lee.say("hello")["conversation"]
    texts = {
        lang: lee.ask("transcript", conversation=conversation, lang=lang).text
        for lang in ("en", "zh-CN")
    }
    assert texts["en"] != texts["zh-CN"]
    assert lee.ask("transcript", conversation=conversation, format="pdf").status_code == 400


def test_the_list_of_conversations_is_ones_own(server: DeskServer, lee: Visitor) -> None:
    assert lee.ask("conversations").json() == []
    ack = lee.say("hello")
    (one,) = lee.ask("conversations").json()
    assert (one["id"], one["reference"]) == (ack["conversation"], ack["reference"])
    with Visitor(server) as other:
        other.say("mine")
        assert ack["conversation"] not in str(other.ask("conversations").json())


def test_after_logout_the_token_is_refused(lee: Visitor) -> None:
    conversation = lee.say("hello")["conversation"]
    assert lee.api("logout").status_code == 204
    for refused in (
        lee.api("say", key="k", text="x"),
        lee.ask("events", conversation=conversation),
        lee.ask("conversations"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "hello.refused")
    fresh = lee.api("hello", token=lee.welcome["token"]).json()
    assert fresh["token"] != lee.welcome["token"] and fresh["conversation"] is None


@pytest.mark.parametrize("call", ["hello", "say", "seen", "typing", "language"])
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"text"', '{"v": "x"}', "[" * 5_000, "\xff"]
)
def test_a_body_that_is_no_request_is_malformed(lee: Visitor, call: str, body: str) -> None:
    refused = lee.http.post(f"/api/v1/chat/{call}", content=body.encode("latin-1"))
    assert refused.status_code == 400
    assert refused.json()["code"] == "request.malformed" and refused.json()["text"]


@pytest.mark.parametrize(
    ("key", "text", "status", "code"),
    [
        ("", "x", 400, "key.refused"),
        ("k" * 65, "x", 400, "key.refused"),
        ("k-empty", " \u200b ", 422, "text.empty"),
        ("k-long", "a" * 8_001, 413, "text.too_long"),
        ("k-nul", "a\x00b", 422, "text.refused"),
    ],
)
def test_a_message_that_cannot_be_stored_says_why(
    lee: Visitor, key: str, text: str, status: int, code: str
) -> None:
    refused = lee.api("say", key=key, text=text)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["text"]


def test_a_flood_is_slowed_and_told_when_to_come_again(lee: Visitor) -> None:
    answers = [lee.api("say", key=f"k-{n}-{uuid4()}", text=str(n)) for n in range(24)]
    refused = [a for a in answers if a.status_code != 200]
    assert refused and {a.status_code for a in refused} == {429}
    assert refused[0].json()["code"] == "rate.limited"
    assert refused[0].json()["retry_after"] > 0 and int(refused[0].headers["retry-after"]) >= 1


def test_errors_are_in_the_language_of_the_browser(lee: Visitor) -> None:
    lee.http.headers["Accept-Language"] = "zh-CN,zh;q=0.9"
    chinese = lee.api("say", key="k", text="").json()
    lee.http.headers["Accept-Language"] = "en"
    english = lee.api("say", key="k", text="").json()
    assert chinese["code"] == english["code"] == "text.empty"
    assert chinese["text"] != english["text"] and english["text"].isascii()
