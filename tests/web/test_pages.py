"""Public pages and the gate of the desk, over HTTP: addresses, headers, cookies, sessions."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import httpx
import pytest
import websockets
from sqlalchemy import update

from kefu.storage import tables
from kefu.storage.db import Database
from kefu.web.kit import asset
from kefu.web.site import site
from tests.conftest import copy_of
from tests.desk_server import Client, DeskServer
from tests.house import SITE, House
from tests.web.people import Browser, Visitor

PAGES: Final = ("/", "/en/", "/zh/", "/en/contact", "/en/verify", "/zh/verify?q=x", "/en/chat")


@pytest.fixture(scope="module")
def http(server: DeskServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"Accept": "text/html"}) as client:
        yield client


class Looked(HTMLParser):
    """What a page holds that a strict policy forbids, its language, and its data blocks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.data: dict[str, list[str]] = {}
        self.lang: str | None = None
        self._in: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.lang = named.get("lang") if tag == "html" else self.lang
        kind = named.get("type") or ""
        self._in = kind if tag == "script" and kind.endswith("json") else None
        if tag == "style" or (tag == "script" and "src" not in named and self._in is None):
            self.forbidden.append(tag)
        self.forbidden += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:")
        ]

    def handle_data(self, data: str) -> None:
        if self._in:
            self.data.setdefault(self._in, []).append(data)
            self._in = None


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("/zh/", "zh-Hans"),
        ("/zh", "zh-Hans"),
        ("/zh-CN/contact", "zh-Hans"),
        ("/ZH-hans/verify", "zh-Hans"),
        ("/en/", "en"),
        ("/en/contact", "en"),
        ("/EN-us/verify?q=t.me%2Fhalden", "en"),
        ("/en/chat", "en"),
    ],
)
def test_a_page_speaks_the_language_of_its_address(
    http: httpx.Client, path: str, lang: str
) -> None:
    answer = http.get(path)
    assert answer.status_code == 200
    assert Looked(answer.text).lang == lang


@pytest.mark.parametrize("path", ["/xx/contact", "/xx/", "/en/nothing", "/a/b/c"])
def test_what_is_not_there_is_said_in_words(http: httpx.Client, path: str) -> None:
    answer = http.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    heading = re.search(r"<h1[^>]*>(.+?)</h1>", answer.text, re.DOTALL)
    assert heading and len(heading[1].strip()) > 8 and "404" not in heading[1]
    assert 'href="/' in answer.text


def test_the_root_offers_every_language_and_leads_nowhere_by_itself(http: httpx.Client) -> None:
    answer = http.get("/", headers={"Accept-Language": "zh-TW,en;q=0.5"})
    assert answer.status_code == 200 and Looked(answer.text).lang == "zh-Hans"
    assert 'href="/zh/"' in answer.text and 'href="/en/"' in answer.text


def test_a_chosen_language_is_remembered_before_the_browsers(server: DeskServer) -> None:
    with Browser(server) as browser:
        assert Looked(browser.http.get("/").text).lang == "en"
        chosen = browser.http.post("/desk/language", data={"lang": "zh-Hans", "next": "/desk/"})
        assert (chosen.status_code, chosen.headers["location"]) == (303, "/desk/")
        kept = chosen.headers["set-cookie"].lower()
        assert "kefu_lang=zh-hans" in kept and "httponly" in kept and "max-age=31536000" in kept
        for path in ("/", "/desk/sign-in"):
            assert Looked(browser.http.get(path).text).lang == "zh-Hans"
        assert Looked(browser.http.get("/en/contact").text).lang == "en"


def test_an_unknown_language_is_not_kept(server: DeskServer) -> None:
    with Browser(server) as browser:
        browser.http.post("/desk/language", data={"lang": "xx<script>", "next": "//evil.example"})
        assert browser.http.cookies["kefu_lang"] == "en"


def assert_safe(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", path, 200) for path in PAGES),
        ("GET", "/desk/sign-in", 200),
        ("GET", "/desk/", 303),
        ("GET", "/xx/contact", 404),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/static/nothing-ABCDEFGH.js", 404),
        ("GET", "/static/manifest.json", 200),
        ("GET", "/widget.js", 200),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/ws", 426),
        ("POST", "/desk/sign-in", 403),
        ("DELETE", "/api/v1/chat/say", 405),
        ("POST", "/api/v1/chat/say", 403),
        ("GET", "/api/v1/chat/conversations", 403),
        ("GET", "/desk/c/not-a-uuid", 404),
    ],
)
def test_every_answer_carries_the_policy(
    http: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = http.request(method, path)
    assert answer.status_code == status
    assert_safe(answer)


@pytest.mark.parametrize("name", ["engine", "words", "chat"])
def test_a_page_from_before_an_upgrade_gets_the_script_of_today(
    http: httpx.Client, name: str
) -> None:
    current = http.get(asset(f"{name}.js"))
    assert "immutable" in current.headers["cache-control"]
    old = http.get(f"/static/{name}-0LD0LD0L.js?2")
    assert (old.status_code, old.content) == (200, current.content)
    assert old.headers["cache-control"] == "no-store"
    assert old.headers["content-type"].startswith("text/javascript")
    assert_safe(old)


def test_too_much_is_refused_with_the_policy(server: DeskServer) -> None:
    with Visitor(server) as lee:
        answer = lee.upload("large.txt", b"a" * (20 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert_safe(answer)


@pytest.fixture
async def broken(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A desk whose database holds what no version of it ever wrote."""
    house = House(copy_of(sqlite_template, tmp_path), tmp_path)
    spoil = update(tables.agent).values(languages=5, seen_at=house.at)
    house.database.write_now(lambda tx: tx.execute(spoil))
    transport = httpx.ASGITransport(site(house.desk), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client
    house.database.close()


async def test_a_fault_of_ours_is_a_page_in_words_with_the_policy(
    broken: httpx.AsyncClient,
) -> None:
    answer = await broken.get("/en/contact", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert (
        "<h1" in answer.text and "Traceback" not in answer.text and "TypeError" not in answer.text
    )
    assert_safe(answer)


def test_the_chat_may_be_framed_by_the_pages_of_its_inbox_alone(
    server: DeskServer, http: httpx.Client
) -> None:
    framed = http.get("/en/chat?frame=1")
    policy = framed.headers["content-security-policy"]
    ancestors = policy.partition("frame-ancestors ")[2].split()
    assert sorted(ancestors) == sorted([server.url, SITE])
    assert "x-frame-options" not in framed.headers
    assert_safe(http.get("/en/chat"))
    assert http.get("/en/chat?inbox=unknown").status_code == 404


def test_chinese_of_any_script_is_answered_in_chinese_and_head_like_get(
    http: httpx.Client,
) -> None:
    assert 'lang="zh-Hans"' in http.get("/zh-TW/contact").text
    head = http.head("/zh/")
    assert (head.status_code, head.content) == (200, b"")
    assert "content-security-policy" in head.headers


@pytest.fixture(scope="module")
def agent(server: DeskServer) -> Iterator[Browser]:
    with Browser(server, "lin") as browser:
        yield browser


def test_no_page_holds_inline_code_or_style(server: DeskServer, agent: Browser) -> None:
    with Visitor(server) as lee:
        conversation = lee.say("<b onclick=x>hello</b> https://x.example")["conversation"]
    thread = f"/desk/c/{conversation}"
    desk = ("/desk/", "/desk/?view=open", thread, "/desk/status", "/desk/sign-in", "/xx/")
    for path in (*PAGES, "/en/chat?frame=1", *desk, f"{thread}/assign", f"{thread}/customer"):
        page = agent.http.get(path)
        assert page.headers["content-type"].startswith("text/html"), path
        assert Looked(page.text).forbidden == [], path


def test_the_contact_page_tells_search_engines_the_truth(http: httpx.Client) -> None:
    (block,) = Looked(http.get("/en/contact").text).data["application/ld+json"]
    data = json.loads(block)
    assert data["@type"] == "Organization"
    assert [point["url"].rpartition("/")[2] for point in data["contactPoint"]] == ["chat"]


def test_what_was_asked_of_the_official_check_is_not_echoed(http: httpx.Client) -> None:
    page = http.get("/en/verify", params={"q": "<script>alert(1)</script>"})
    assert page.status_code == 200 and "alert(1)" not in page.text


@pytest.mark.parametrize("path", ["/desk/", "/desk/status", "/desk/c/0?view=open"])
def test_the_desk_asks_to_sign_in_and_comes_back(server: DeskServer, path: str) -> None:
    path = path.replace("/c/0", "/c/01a21092-e926-7d35-840f-ace7526d8823")
    with Browser(server) as browser:
        gate = browser.http.get(path)
        assert gate.status_code == 303
        page = browser.http.get(gate.headers["location"])
        wanted = re.search(r'name="next" value="([^"]*)"', page.text)
        assert wanted and wanted[1] == path
        after = browser.sign_in("lin@halden.example", "lin password", next=wanted[1])
        assert after.headers["location"] == path


def test_a_wrong_password_and_an_unknown_address_read_the_same(server: DeskServer) -> None:
    pages = []
    for email in ("maya@halden.example", "nobody@halden.example"):
        with Browser(server) as browser:
            answer = browser.sign_in(email, "wrong")
            assert answer.status_code == 401
            token = browser.http.cookies["kefu_csrf"]
            pages.append(answer.text.replace(email, "").replace(token, ""))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/desk/",
        "//evil.example/desk/",
        "/\\evil.example",
        "/desk/\\..\\evil",
        "javascript:alert(1)",
        "/desk/../en/",
        "/",
        "",
    ],
)
def test_sign_in_leads_nowhere_else(server: DeskServer, away: str) -> None:
    with Browser(server) as browser:
        page = browser.http.get("/desk/sign-in", params={"next": away})
        shown = re.search(r'name="next" value="([^"]*)"', page.text)
        assert shown and shown[1] == "/desk/"
        chosen = browser.http.post("/desk/language", data={"lang": "en", "next": away})
        assert chosen.headers["location"] == "/desk/"


def test_a_form_without_the_token_does_nothing(server: DeskServer) -> None:
    with Browser(server, "lin") as browser:
        for forged in ("", "0" * 96, "x"):
            browser.http.headers["x-csrftoken"] = forged
            assert browser.http.post("/desk/sign-out").status_code == 403
        del browser.http.headers["x-csrftoken"]
        assert browser.sign_in("lin@halden.example", "lin password").status_code == 403
        assert browser.http.get("/desk/").status_code == 200


def test_a_session_is_bound_to_the_browser_it_began_in(server: DeskServer) -> None:
    with Browser(server, "lin", client="browser A") as browser:
        assert browser.http.get("/desk/").status_code == 200
        stolen = browser.http.get("/desk/", headers={"User-Agent": "browser B"})
        assert stolen.status_code == 303
        assert browser.http.get("/desk/").status_code == 200


def test_the_session_is_stored_as_a_hash_only(server: DeskServer) -> None:
    with Browser(server, "lin") as browser:
        token = browser.http.cookies["kefu_desk"]
    database = Path(server.database_url.removeprefix("sqlite:///"))
    stored = b"".join(p.read_bytes() for p in database.parent.glob("kefu.db*"))
    assert token.encode() not in stored and b"lin@halden.example" in stored


async def test_sign_out_ends_the_session_and_its_sockets_and_no_other(server: DeskServer) -> None:
    with Browser(server, "lin") as here, Browser(server, "lin") as elsewhere:
        sockets = []
        for browser in (here, elsewhere):
            token = browser.http.get("/desk/socket-token").json()["token"]
            socket = await websockets.connect(server.url.replace("http", "ws") + "/ws")
            sockets.append(Client(socket))
            await sockets[-1].send({"type": "hello", "v": 1, "desk": token})
            await sockets[-1].next("welcome")
        copied = dict(here.http.cookies)
        assert here.http.post("/desk/sign-out").headers["location"] == "/desk/sign-in"
        assert (await sockets[0].next("bye"))["code"] == "refused"
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await sockets[0].next("anything")
        assert closed.value.rcvd and closed.value.rcvd.code == 1008
        assert "kefu_desk" not in here.http.cookies
        here.http.cookies.update(copied)
        assert here.http.get("/desk/").status_code == 303
        assert elsewhere.http.get("/desk/").status_code == 200
        await sockets[1].send({"type": "ping"})
        assert (await sockets[1].next("pong"))["type"] == "pong"
        await sockets[1].socket.close()


async def test_a_socket_token_of_an_ended_session_opens_nothing(server: DeskServer) -> None:
    with Browser(server, "lin") as browser:
        token = browser.http.get("/desk/socket-token").json()["token"]
        browser.http.post("/desk/sign-out")
    async with websockets.connect(server.url.replace("http", "ws") + "/ws") as socket:
        late = Client(socket)
        await late.send({"type": "hello", "v": 1, "desk": token})
        assert (await late.next("error"))["code"] == "sign_in.needed"


def test_an_agent_who_left_is_out_at_once(server: DeskServer) -> None:
    database = Database(server.database_url)
    chen = tables.agent.c.email == "chen@halden.example"
    try:
        with Browser(server, "chen") as browser:
            assert browser.http.get("/desk/status").status_code == 200
            gone = update(tables.agent).where(chen).values(left_at=tables.agent.c.created_at)
            database.write_now(lambda tx: tx.execute(gone))
            assert browser.http.get("/desk/status").status_code == 303
            assert browser.sign_in("chen@halden.example", "chen password").status_code == 401
    finally:
        back = update(tables.agent).where(chen).values(left_at=None)
        database.write_now(lambda tx: tx.execute(back))
        database.close()
