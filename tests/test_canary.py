"""Canaries: a secret of every kind on every way in, and then none of them anywhere.

Looked through: every byte of the database (its log and free pages too), the files, what the
server wrote, what went over NATS, and what each side is shown. A new way in joins WAYS.
"""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
import nats as nats_client
import pytest
import websockets
from nats.aio.msg import Msg

from tests.desk_server import DeskServer, customer
from tests.servers import Nats, Postgres
from tests.web.people import Browser, Visitor

PHRASE: Final = (
    "vivid orbit kangaroo meadow trumpet fossil lava wrestle pupil dignity cabbage ozone"
)
SECRETS: Final[dict[str, tuple[str, str]]] = {
    "mnemonic": ("my recovery phrase is {}", PHRASE),
    "private_key": (
        "the private key is {}",
        "8f2a559490cc2a6d10a5e2f3c9b7784be1c6f0d7a3925e48b1d60c7f2e9a4b35",
    ),
    "wif": ("import this {}", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"),
    "xprv": (
        "{} is what I exported",
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    ),
    "card_number": ("卡号 {} 扣了两次", "4539 5787 6362 1486"),
    "card_cvv": ("visa ends 1486, exp 09/29, {}", "cvv 829"),
    "password": ("登录密码：{}", "Zhongguo!7741x"),
    "otp": ("the code from the sms is {}", "739104"),
    "api_secret": (
        "api secret: {}",
        "q8ZkT3vWm5RbY7nLx2HcJ9dPfA4sGu6E",
    ),
    "iban": ("send it to IBAN {}", "DE89 3704 0044 0532 0130 00"),
    "national_id": ("我的身份证号是 {}", "11010519491231002X"),
}

Way = Callable[["People", str], None]


class People:
    """A customer and an agent at a running desk, and all that either of them was shown."""

    def __init__(self, server: DeskServer) -> None:
        self.server = server
        self.customer = Visitor(server)
        self.agent = Browser(server, "lin")
        self.conversation: str = self.customer.say("hello")["conversation"]
        self.shown: list[bytes] = []

    def see(self, answer: httpx.Response) -> httpx.Response:
        """Keep what an answer showed."""
        self.shown.append(answer.content)
        return answer

    def read_all(self) -> None:
        """Read the conversation as its customer and as an agent."""
        for call in ("events", "transcript"):
            self.see(self.customer.ask(call, conversation=self.conversation))
        for path in (f"/desk/c/{self.conversation}", "/desk/?view=open"):
            self.see(self.agent.http.get(path))

    def leave(self) -> None:
        """Close the connections."""
        self.customer.http.close()
        self.agent.http.close()


def by_socket(people: People, text: str) -> None:
    async def talk() -> None:
        async with customer(people.server, people.customer.welcome["token"]) as lee:
            await lee.say(text)
            people.shown.append(json.dumps(lee.frames).encode())

    asyncio.run(talk())


def by_request(people: People, text: str) -> None:
    people.shown.append(json.dumps(people.customer.say(text)).encode())


def in_broken_frames(people: People, text: str) -> None:
    async def talk() -> None:
        url = people.server.url.replace("http", "ws", 1) + "/ws"
        async with websockets.connect(url) as socket:
            await socket.send('{"type": "hello", "v": 1}')
            await socket.send('{"type": "say", "key": "k", "text": "' + text)
            await socket.send(json.dumps({"type": text, "key": [text], "text": {"a": text}}))
            with suppress(TimeoutError, websockets.WebSocketException):
                async with asyncio.timeout(0.1):
                    while True:
                        people.shown.append(str(await socket.recv()).encode())

    asyncio.run(talk())


def _sends(people: People, name: str, kind: str, content: bytes) -> None:
    answer = people.see(people.customer.upload(name, content, kind))
    assert answer.status_code == 201, answer.text
    people.customer.say("see the file", files=[answer.json()["id"]])
    people.see(people.customer.http.get(f"/api/v1/chat/files/{answer.json()['id']}"))


def in_a_text_file(people: People, text: str) -> None:
    _sends(people, "notes.txt", "text/plain", f"Dear desk,\n{text}\nBye".encode())


def in_a_wide_text_file(people: People, text: str) -> None:
    _sends(people, "notes.txt", "text/plain", f"Dear desk,\n{text}\nBye".encode("utf-16"))


def in_a_table(people: People, text: str) -> None:
    _sends(people, "rows.csv", "text/csv", f'date,note\n2026-03-02,"{text}"\n'.encode())


def in_json(people: People, text: str) -> None:
    content = json.dumps({"note": text, "amount": 5}, ensure_ascii=False)
    _sends(people, "data.json", "application/json", content.encode())


def in_a_file_name(people: People, text: str) -> None:
    _sends(people, re.sub("[:/]", " ", text) + ".txt", "text/plain", b"nothing here")


def in_the_official_check(people: People, text: str) -> None:
    people.see(people.agent.http.get("/en/verify", params={"q": text}))


def in_the_language(people: People, text: str) -> None:
    people.see(people.customer.api("language", lang=text))


def by_an_agent(people: People, text: str) -> None:
    for mode in ("public", "internal"):
        body = {"key": str(uuid4()), "text": text, "mode": mode, "read_up_to": 9_999}
        people.see(people.agent.http.post(f"/desk/c/{people.conversation}/reply", json=body))


def in_an_agents_file(people: People, text: str) -> None:
    answer = people.agent.http.post(
        "/desk/files", content=text.encode(), params={"name": "desk.txt"}
    )
    assert people.see(answer).status_code == 201


def at_the_sign_in(people: People, text: str) -> None:
    stranger = Browser(people.server)
    people.see(stranger.sign_in("a@b.example", text))
    stranger.http.close()


WAYS: Final[tuple[Way, ...]] = (
    by_socket,
    by_request,
    in_broken_frames,
    in_a_text_file,
    in_a_wide_text_file,
    in_a_table,
    in_json,
    in_a_file_name,
    in_the_official_check,
    in_the_language,
    by_an_agent,
    in_an_agents_file,
    at_the_sign_in,
)


class Wire:
    """What goes over NATS, heard by a client of its own."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def listen(self, nats: Nats, done: asyncio.Event) -> None:
        """Keep every message until done."""
        client = await nats_client.connect(nats.url)

        async def hear(message: Msg) -> None:
            self.heard.append(message.data)

        await client.subscribe(">", cb=hear)
        await done.wait()
        await client.close()


def fragments(kind: str, secret: str) -> list[bytes]:
    """Return what must not be found of a secret: itself, without spaces, and of a phrase any
    three words in a row; each as UTF-8 and UTF-16.
    """
    found = {secret, secret.replace(" ", "")}
    if kind == "mnemonic":
        words = secret.split()
        found |= {" ".join(words[n : n + 3]) for n in range(len(words) - 2)}
    return [piece.encode(how) for piece in found for how in ("utf-8", "utf-16-le")]


def left_in(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, by its name there."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


async def test_no_secret_rests_anywhere(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path, nats: Nats
) -> None:
    wire, done = Wire(), asyncio.Event()
    listening = asyncio.create_task(wire.listen(nats, done))
    shown: list[bytes] = []
    with DeskServer(database_url, tmp_path, bus_url=nats.url) as server:
        for words, secret in SECRETS.values():
            shown += await asyncio.to_thread(_send_every_way, server, words.format(secret))
    done.set()
    await listening
    left = left_in(tmp_path) | {"NATS": b"\n".join(wire.heard), "shown": b"\n".join(shown)}
    if database_url.startswith("postgres"):
        postgres: Postgres = request.getfixturevalue("postgres")
        left |= left_in(postgres.data)
    assert len(wire.heard) > 10
    assert b"my recovery phrase is" in left["shown"], "the words around a secret are kept"
    assert any(name.endswith(".log") for name in left)
    found = sorted(
        {
            (kind, where)
            for kind, (_, secret) in SECRETS.items()
            for piece in fragments(kind, secret)
            for where, content in left.items()
            if piece in content
        }
    )
    assert found == []


def _send_every_way(server: DeskServer, text: str) -> list[bytes]:
    people = People(server)
    for way in WAYS:
        way(people, text)
    people.read_all()
    people.leave()
    return people.shown
