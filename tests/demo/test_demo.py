"""The demo: an exchange that keeps the contract, and conversations that came through the door."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from litestar import Litestar
from litestar.testing import TestClient
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text

from kefu import guard
from kefu.cli.demo import market
from kefu.cli.demo.content import content
from kefu.cli.demo.exchange import app
from kefu.cli.demo.furnish import furnish
from kefu.cli.demo.imitation import Imitation, Notice
from kefu.cli.demo.pictures import drawn
from kefu.core.settings import from_environment
from kefu.customers.tokens import identity
from kefu.storage.db import Database

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DESK = "https://desk.example"
PEOPLE = {person.uid: person for person in content().people}


@pytest.fixture
def imitation() -> Imitation:
    return Imitation("halden", PEOPLE)


@pytest.fixture
def client(imitation: Imitation) -> Iterator[TestClient[Litestar]]:
    with TestClient(app(imitation, DESK), base_url="http://exchange.test") as made:
        made.headers["Origin"] = "http://exchange.test"
        yield made


def sign_in(client: TestClient[Litestar], uid: str) -> None:
    form = {"uid": uid, "lang": "zh-Hans"}
    answer = client.post("/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?lang=zh")
    assert "samesite=strict" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_carries_the_widget_and_lets_nothing_else_in(
    client: TestClient[Litestar], lang: str
) -> None:
    page = client.get(f"/?lang={lang}")
    assert f'src="{DESK}/widget.js" data-inbox="halden"' in page.text
    assert f"{DESK}/{lang}/chat?inbox=halden" in page.text
    policy = page.headers["content-security-policy"]
    assert f"script-src 'self' {DESK};" in policy
    assert "unsafe" not in policy
    assert " style=" not in page.text
    assert "<script>" not in page.text


def test_the_page_speaks_the_readers_language(client: TestClient[Litestar]) -> None:
    assert '<html lang="zh-Hans">' in client.get("/", headers={"Accept-Language": "zh-CN"}).text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "de"}).text


def test_whoever_is_signed_in_gets_a_token_the_desk_believes(
    client: TestClient[Litestar], imitation: Imitation
) -> None:
    assert client.post("/api/support-token").status_code == 401
    sign_in(client, "HD-10482")
    token = client.post("/api/support-token").json()["token"]
    found = identity(token, [imitation.identity_key()], audience="halden", now=datetime.now(UTC))
    assert (found.uid, found.name, found.locale) == ("HD-10482", "王思远", "zh-Hans")
    client.post("/sign-out")
    assert client.post("/api/support-token").status_code == 401


def test_another_page_gets_no_token(client: TestClient[Litestar]) -> None:
    sign_in(client, "HD-10482")
    foreign = {"Origin": "http://evil.test"}
    assert client.post("/api/support-token", headers=foreign).status_code == 403
    assert client.post("/sign-out", headers=foreign).status_code == 403


def test_a_push_is_shown_to_its_customer_only(
    client: TestClient[Litestar], imitation: Imitation
) -> None:
    imitation.notices.append(Notice(1, "HD-10482", "reply", "K7F3-92QE", "zh-Hans"))
    assert client.get("/api/notices").json() == []
    sign_in(client, "HD-20931")
    assert client.get("/api/notices").json() == []
    sign_in(client, "HD-10482")
    assert [n["reference"] for n in client.get("/api/notices").json()] == ["K7F3-92QE"]
    assert client.get("/api/notices?after=1").json() == []


def test_the_contract_is_closed_to_whoever_cannot_sign(client: TestClient[Litestar]) -> None:
    answer = client.get("/kefu/facts?uid=HD-10482")
    assert (answer.status_code, answer.json()) == (401, {"code": "signature.refused"})


def test_the_markets_agree_with_the_chart() -> None:
    bitcoin, chart = market.markets()[0], market.chart()
    assert bitcoin.change == chart.change
    assert len(chart.candles) == 64
    assert all(0 <= candle.top <= market.HEIGHT for candle in chart.candles)


def test_the_content_is_whole() -> None:
    told = content()
    first_names = {person.first for person in told.staff} | {"customer"}
    for conversation in told.conversations:
        ages = [line.ago for line in conversation.lines]
        assert ages == sorted(ages, reverse=True)
        assert conversation.lines[0].by == "customer"
        assert {line.by for line in conversation.lines} <= first_names
    assert {c.language for c in told.conversations} == {"zh-Hans", "en"}
    assert sum(c.lines[-1].act != "close" for c in told.conversations) >= 12


def test_one_line_of_the_content_holds_a_secret() -> None:
    texts = [line.text for c in content().conversations for line in c.lines if line.text]
    found = [[f.kind for f in guard.clean(line).findings] for line in texts]
    assert [kinds for kinds in found if kinds] == [["mnemonic"]]


def test_attachments_are_small_pictures_and_texts() -> None:
    made = [drawn(file) for c in content().conversations for line in c.lines for file in line.files]
    assert {kind for kind, _ in made} == {"image/png", "text/plain"}
    assert all(len(body) < 60_000 for _, body in made)


@pytest.fixture
async def furnished(tmp_path: Path, imitation: Imitation) -> AsyncIterator[Database]:
    settings = from_environment({"KEFU_DATABASE_URL": f"sqlite:///{tmp_path}/kefu.db"})
    await furnish(settings, imitation, "http://exchange.test", password="demo", start=START)
    database = Database(settings.database_url)
    yield database
    database.close()


async def test_the_desk_is_furnished_with_conversations_that_ended_a_while_ago(
    furnished: Database, tmp_path: Path
) -> None:
    def rows(sql: str) -> Any:
        return furnished.write_now(lambda tx: tx.execute(text(sql)).all())

    told = content().conversations
    states = dict(rows("SELECT status, count(*) FROM conversation GROUP BY status"))
    assert states == {"open": len(told) - 2, "closed": 2}
    assert rows("SELECT count(*) FROM agent")[0][0] == 4
    assert rows("SELECT count(*) FROM customer WHERE name IS NOT NULL")[0][0] == 9
    [(first, last)] = rows("SELECT min(at), max(at) FROM event")
    assert 400 * 60e6 < START.timestamp() * 1e6 - first < 420 * 60e6
    assert last <= START.timestamp() * 1e6
    assert b"sausage worth useful" not in (tmp_path / "kefu.db").read_bytes()


@pytest.fixture
def page(imitation: Imitation, chromium: str) -> Iterator[tuple[Page, str]]:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app(imitation, "http://127.0.0.1:9"), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 320, "height": 700}), url
        browser.close()
    server.should_exit = True
    thread.join()


@pytest.mark.browser
def test_the_exchange_is_usable_by_everybody_on_a_small_phone(
    page: tuple[Page, str], imitation: Imitation
) -> None:
    browser, url = page
    for lang, uid in (("zh", "HD-10482"), ("en", "HD-20931")):
        browser.goto(f"{url}/?lang={lang}")
        browser.click(".account summary")
        browser.click(f".menu button[value={uid}]")
        browser.wait_for_selector("body[data-signed-in=yes]")
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(browser).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
    imitation.notices.append(Notice(1, "HD-20931", "reply", "K7F3-92QE", "en"))
    browser.wait_for_selector(".toast >> text=K7F3-92QE", timeout=10_000)
