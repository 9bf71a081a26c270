"""The socket of a running desk: bad frames, foreign conversations, resume."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import websockets
from websockets.typing import Origin

from tests.desk_server import DeskServer, agent, customer


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "kefu.db").write_bytes(sqlite_template.read_bytes())
    with DeskServer(f"sqlite:///{folder}/kefu.db", folder) as running:
        yield running


async def test_both_sides_hear_each_other(server: DeskServer) -> None:
    async with customer(server) as lee, agent(server) as lin:
        ack = await lee.say("hello 你好")
        await lin.send({"type": "resume", "conversation": ack["conversation"], "after": 0})
        caught_up = await lin.next("caught_up")
        assert caught_up["head"] == ack["seq"]
        assert [f["text"] for f in lin.frames if f["type"] == "event" and "text" in f] == [
            "hello 你好"
        ]
        await lin.send({"type": "typing", "conversation": ack["conversation"]})
        assert (await lee.next("typing"))["name"] == "林 Lin"
        await lee.send({"type": "seen", "conversation": ack["conversation"], "seq": ack["seq"]})
        assert (await lin.next("seen"))["by"] == "customer"


async def test_a_second_tab_sees_what_the_first_one_says(server: DeskServer) -> None:
    async with customer(server) as tab:
        token = tab.frames[0]["token"]
        async with customer(server, token) as other:
            await tab.say("from the first tab")
            event = await other.next("event")
            while event["kind"] != "message":
                event = await other.next("event")
            assert event["text"] == "from the first tab"


async def test_resume_gives_exactly_what_came_after(server: DeskServer) -> None:
    async with customer(server) as lee:
        token = lee.frames[0]["token"]
        acks = [await lee.say(str(n)) for n in range(5)]
    async with customer(server, token) as back:
        assert back.frames[0]["conversation"]["head"] >= acks[-1]["seq"]
        cid = acks[0]["conversation"]
        await back.send({"type": "resume", "conversation": cid, "after": acks[1]["seq"]})
        await back.next("caught_up")
        events = [f for f in back.frames if f["type"] == "event" and f["kind"] == "message"]
        assert [f["text"] for f in events] == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("nonsense", "frame.malformed"),
        ('{"type":"launch"}', "frame.unknown"),
        ('{"type":"say","key":"","text":"x"}', "key.refused"),
        ('{"type":"say","key":"k","text":"   "}', "text.empty"),
        ('{"type":"say","key":"k","text":"' + "a" * 8_001 + '"}', "text.too_long"),
        ('{"type":"say","key":"k","text":"a\\u0000b"}', "text.refused"),
        (f'{{"type":"resume","conversation":"{uuid4()}"}}', "conversation.unknown"),
        (f'{{"type":"seen","conversation":"{uuid4()}","seq":1}}', "conversation.unknown"),
        (f'{{"type":"unwatch","conversation":"{uuid4()}"}}', "frame.unknown"),
    ],
)
async def test_a_bad_frame_gets_one_error_and_the_socket_goes_on(
    server: DeskServer, sent: str, code: str
) -> None:
    async with customer(server) as lee:
        await lee.socket.send(sent)
        error = await lee.next("error")
        assert error["code"] == code and error["text"]
        assert (await lee.say("still here"))["type"] == "ack"


async def test_a_secret_comes_back_masked(server: DeskServer) -> None:
    async with customer(server) as lee:
        ack = await lee.say("my card is 4242 4242 4242 4242 thanks")
        assert "4242 4242" not in ack["text"] and "⟪card_number" in ack["text"]


async def test_a_span_called_harmless_stands(server: DeskServer) -> None:
    async with customer(server) as lee:
        frame = {"type": "say", "key": "k-harmless", "text": "4242 4242 4242 4242"}
        await lee.socket.send(json.dumps(frame | {"harmless": [[0, 19]]}))
        assert (await lee.next("ack"))["text"] == "4242 4242 4242 4242"


async def test_a_frame_too_large_ends_that_socket_only(server: DeskServer) -> None:
    async with customer(server) as other, customer(server) as lee:
        await lee.socket.send('{"type":"say","key":"k","text":"' + "a" * 70_000 + '"}')
        assert (await lee.next("error"))["code"] == "frame.too_large"
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await lee.next("ack")
        assert closed.value.rcvd and closed.value.rcvd.code == 1009
        assert (await other.say("unharmed"))["type"] == "ack"


async def test_a_binary_frame_is_refused(server: DeskServer) -> None:
    async with customer(server) as lee:
        await lee.socket.send(b"\x00\x01")
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await lee.next("ack")
        assert closed.value.rcvd and closed.value.rcvd.code == 1003


async def test_speaking_before_hello_is_out_of_order(server: DeskServer) -> None:
    async with websockets.connect(server.url.replace("http", "ws") + "/ws") as socket:
        await socket.send('{"type":"say","key":"k","text":"x"}')
        assert "frame.out_of_order" in str(await socket.recv())


async def test_a_foreign_origin_is_refused_at_the_handshake(server: DeskServer) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(
            server.url.replace("http", "ws") + "/ws", origin=Origin("https://evil.example")
        ):
            pass
    assert refused.value.response.status_code == 403


async def test_a_flood_is_slowed_and_nothing_of_it_is_lost(server: DeskServer) -> None:
    async with customer(server) as lee:
        for n in range(30):
            await lee.send({"type": "say", "key": f"flood-{uuid4()}", "text": str(n)})
        error = await lee.next("error")
        assert error["code"] == "rate.limited" and error["retry_after"] > 0


async def test_a_forged_desk_token_opens_nothing(server: DeskServer) -> None:
    async with websockets.connect(server.url.replace("http", "ws") + "/ws") as socket:
        await socket.send('{"type":"hello","v":1,"desk":"01a21092.99999999999.AAAA"}')
        assert "sign_in.needed" in str(await socket.recv())


async def test_a_customer_cannot_read_another_by_resume(server: DeskServer) -> None:
    async with customer(server) as owner, customer(server) as thief:
        cid = (await owner.say("private"))["conversation"]
        await thief.say("hello")
        await thief.send({"type": "resume", "conversation": cid, "after": 0})
        assert (await thief.next("error"))["code"] == "conversation.unknown"
        await owner.say("more")
        came = await thief.silence()
        assert all(frame.get("conversation") != cid for frame in came)


async def test_polling_gives_the_same_events(server: DeskServer) -> None:
    async with customer(server) as lee, httpx.AsyncClient(base_url=server.url) as http:
        ack = await lee.say("one")
        last = await lee.next("event")
        while last["kind"] != "promise":
            last = await lee.next("event")
        token = lee.frames[0]["token"]
        header = {"Authorization": f"Bearer {token}"}
        asked = {"conversation": ack["conversation"], "after": last["seq"], "wait": 5}
        waiting = asyncio.create_task(http.get("/api/v1/chat/events", params=asked, headers=header))
        await asyncio.sleep(0.2)
        sent = await http.post(
            "/api/v1/chat/say", json={"key": str(uuid4()), "text": "two"}, headers=header
        )
        body = (await waiting).json()
        assert sent.json()["seq"] == last["seq"] + 1
        assert [event["text"] for event in body["events"]] == ["two"]
        refused = await http.get("/api/v1/chat/events", params=asked)
        assert (refused.status_code, refused.json()["code"]) == (403, "hello.refused")


async def test_nothing_anybody_wrote_is_in_the_log(server: DeskServer) -> None:
    async with customer(server) as lee:
        await lee.say("a sentence for the log test")
    assert "a sentence for the log test" not in server.log
    assert "Traceback" not in server.log
