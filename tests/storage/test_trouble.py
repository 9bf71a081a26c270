"""A locked database and a full disk: 503, nothing acknowledged, and all is well afterwards."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from kefu.core.errors import StoreUnavailable
from kefu.web.site import site
from tests.conftest import copy_of
from tests.desk_server import Client, DeskServer, customer
from tests.house import SITE, House


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the database as a backup or a stuck process would."""
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield
    holder.execute("ROLLBACK")
    holder.close()


@pytest.fixture
def impatient(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    """A desk that waits for a locked SQLite for 50 ms, not five seconds."""
    house = House(copy_of(sqlite_template, tmp_path), tmp_path)

    def hurry(connection: sqlite3.Connection, record: ConnectionPoolEntry, proxy: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    event.listen(house.database.engine, "checkout", hurry)
    yield house
    house.database.close()


@pytest.fixture
async def browser(impatient: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(site(impatient.desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client


async def test_a_locked_database_acknowledges_nothing_and_works_again_afterwards(
    impatient: House, tmp_path: Path
) -> None:
    visitor, agent = await impatient.visitor(), await impatient.agent()
    first = await impatient.says(visitor, "before")
    with locked(tmp_path / "kefu.db"):
        writes = (
            impatient.says(visitor, "meanwhile", key="k-meanwhile"),
            impatient.answers(agent, first.conversation_id, "meanwhile"),
            impatient.desk.close(agent, first.conversation_id),
        )
        results = await asyncio.gather(*writes, return_exceptions=True)
        assert [type(result) for result in results] == [StoreUnavailable] * 3
    assert await impatient.texts(first.conversation_id) == ["before"]
    again = await impatient.says(visitor, "meanwhile", key="k-meanwhile")
    assert not again.repeated
    assert await impatient.texts(first.conversation_id) == ["before", "meanwhile"]


async def test_over_http_a_locked_database_is_a_503_that_says_when_to_come_again(
    impatient: House, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    hello = await browser.post("/api/v1/chat/hello", json={"site": SITE})
    browser.headers["Authorization"] = f"Bearer {hello.json()['token']}"
    said = {"key": str(uuid4()), "text": "hello"}
    with locked(tmp_path / "kefu.db"):
        refused = await browser.post("/api/v1/chat/say", json=said)
    assert (refused.status_code, refused.json()["code"]) == (503, "store.unavailable")
    assert refused.json()["text"] and int(refused.headers["retry-after"]) >= 1
    assert (await browser.post("/api/v1/chat/say", json=said)).json()["seq"] == 2


async def test_a_page_of_the_desk_is_a_503_in_words_when_it_cannot_be_written(
    impatient: House, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    await browser.get("/desk/sign-in")
    token = browser.cookies["kefu_csrf"]
    form = {"email": "lin@halden.example", "password": "lin password", "_csrf_token": token}
    with locked(tmp_path / "kefu.db"):
        headers = {"Accept": "text/html"}
        refused = await browser.post("/desk/sign-in", data=form, headers=headers)
    assert refused.status_code == 503
    assert "<html" in refused.text and "kefu_desk" not in browser.cookies
    assert (await browser.post("/desk/sign-in", data=form)).status_code == 303


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    folder = tmp_path_factory.mktemp("desk")
    with DeskServer(copy_of(sqlite_template, folder), folder) as running:
        yield running


async def test_a_full_disk_acknowledges_nothing_and_works_again_afterwards(
    server: DeskServer,
) -> None:
    async with customer(server) as lee, httpx.AsyncClient(base_url=server.url) as http:
        first = await lee.say("before")
        http.headers["Authorization"] = f"Bearer {lee.frames[0]['token']}"
        server.limit_files(1)
        try:
            await _refused(lee, "k-full")
            said = {"key": "k-full-http", "text": "meanwhile"}
            over_http = await http.post("/api/v1/chat/say", json=said)
            upload = await http.post("/api/v1/chat/files?name=a.txt", content=b"a" * 10_000)
        finally:
            server.limit_files(-1)
        for answer in (over_http, upload):
            assert (answer.status_code, answer.json()["code"]) == (503, "store.unavailable")
        assert (await lee.say("meanwhile", key="k-full"))["seq"] == first["seq"] + 1
        asked = {"conversation": first["conversation"]}
        log = (await http.get("/api/v1/chat/events", params=asked)).json()["events"]
        assert [line["text"] for line in log if "text" in line] == ["before", "meanwhile"]
        uploaded = await http.post("/api/v1/chat/files?name=a.txt", content=b"a" * 10_000)
        assert uploaded.status_code == 201


async def _refused(lee: Client, key: str) -> None:
    await lee.send({"type": "say", "key": key, "text": "meanwhile"})
    error = await lee.next("error")
    assert (error["code"], error["key"]) == ("store.unavailable", key)
    assert error["retry_after"] > 0 and error["text"]


@pytest.mark.soak
async def test_a_socket_hears_of_a_database_locked_for_longer_than_the_desk_waits(
    server: DeskServer,
) -> None:
    database = Path(server.database_url.removeprefix("sqlite:///"))
    async with customer(server) as lee:
        await lee.say("before")
        with locked(database):
            await lee.send({"type": "say", "key": "k-locked", "text": "meanwhile"})
            error = await lee.next("error", seconds=15)
            assert (error["code"], error["key"]) == ("store.unavailable", "k-locked")
        assert (await lee.say("meanwhile", key="k-locked"))["type"] == "ack"
