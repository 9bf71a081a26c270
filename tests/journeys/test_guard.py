"""A secret stays in the browser: what leaves the page is watched while people type one."""

import asyncio
import json
import re
from typing import Any, Final, NamedTuple

import pytest
from playwright.async_api import FilePayload, Page, Request, Route, WebSocket, expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.people import LONG_MS, Customer

PHRASE: Final = "legal winner thank year wave sausage worth useful legal winner thank yellow"
SLOWLY: Final = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"
CARD: Final = "4111 1111 1111 1111"
KEPT: Final = """
window.kept = [];
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (name, value) {
  window.kept.push(`${name} ${value}`);
  return set.call(this, name, value);
};
"""
HIDES: Final = """
Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
document.dispatchEvent(new Event('visibilitychange'));
delete document.visibilityState;
"""
PAST_THE_BROWSER: Final = """
async (text) => {
  const [, token] = Object.entries(localStorage).find(([name]) => name.endsWith(':token'));
  const body = JSON.stringify({ key: crypto.randomUUID(), text });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return (await fetch('/api/v1/chat/say', { method: 'POST', headers, body })).ok;
}
"""


LOGGED_OUT: Final = """
for (const name of Object.keys(localStorage))
  if (name.endsWith(':token')) localStorage.removeItem(name);
"""
PAPER: Final[FilePayload] = {
    "name": "order.txt",
    "mimeType": "text/plain",
    "buffer": b"order 20260114 is late",
}


class Gate:
    """Holds requests until it opens."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opens = asyncio.Event()

    async def holds(self, route: Route) -> None:
        """Let a request through once the gate opens."""
        self.reached.set()
        await self.opens.wait()
        await route.continue_()


class Capture:
    """All that leaves a page, and all it ever wrote into the browser's storage."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.scripts: list[str] = []
        self.uploads: list[str] = []
        self.frames: list[dict[str, Any]] = []
        self._sent: list[str] = []
        self._posted: list[dict[str, Any]] = []
        page.context.on("request", self._request)
        page.on("websocket", self._socket)

    async def starts(self) -> None:
        """Watch the storage from the next page on."""
        await self._page.context.add_init_script(KEPT)

    @property
    def said(self) -> list[dict[str, Any]]:
        """The messages that were sent, over whichever wire."""
        return [frame for frame in self.frames if frame.get("type") == "say"] + self._posted

    @property
    def resumes(self) -> int:
        """How often events were asked for."""
        return len([frame for frame in self.frames if frame["type"] == "resume"])

    async def holds_nothing_of(self, *secrets: str) -> None:
        """Assert that none of these was sent or kept, in part or whole."""
        kept = await self._page.evaluate("[...window.kept, JSON.stringify(localStorage)]")
        assert await self._page.evaluate("indexedDB.databases()") == []
        for text in (*self._sent, *kept):
            assert not [secret for secret in secrets if secret in text], text

    def _request(self, request: Request) -> None:
        body = (request.post_data_buffer or b"").decode(errors="replace")
        self._sent.append(f"{request.url} {body}")
        if request.url.split("?")[0].endswith("/files"):
            self.uploads.append(request.url)
        if request.url.endswith("/say"):
            self._posted.append(json.loads(body))
        if request.resource_type == "script":
            self.scripts.append(request.url)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framesent", self._frame)

    def _frame(self, frame: str | bytes) -> None:
        self._sent.append(str(frame))
        self.frames.append(json.loads(frame))


class Leak(NamedTuple):
    """A message that holds a secret: what of it may not leave, and what is left to send."""

    text: str
    secrets: tuple[str, ...]
    sent: str
    lang: str = "en"


LEAKS: Final = {
    "phrase": Leak(
        f"I lost access, my words are {PHRASE} thanks",
        ("legal", "sausage", "yellow"),
        "I lost access, my words are [recovery phrase removed] thanks",
    ),
    "password": Leak(
        "I am locked out, my password is hunter2XY! please help",
        ("hunter2",),
        "I am locked out, my password is [password removed] please help",
    ),
    "card": Leak(
        f"The bank card {CARD} was refused",
        ("4111 1111", "1111 1111"),
        "The bank card [card number removed] was refused",
    ),
    "code": Leak(
        "我收到的验证码是739204，还是登录不了",
        ("739204",),
        "我收到的验证码是 [验证码已移除] ，还是登录不了",
        lang="zh",
    ),
}


async def watched(
    stage: Stage, desk: DeskServer, lang: str = "en", **look: Any
) -> tuple[Customer, Capture]:
    """Return a customer in a conversation, so that the desk is told when they type."""
    lee = await stage.customer(**look)
    capture = Capture(lee.page)
    await capture.starts()
    await lee.opens_chat(desk, lang)
    await lee.page.wait_for_selector('link[href*="/rest-"]', state="attached")
    await lee.page.wait_for_load_state("networkidle")
    await lee.sends("Hello")
    await lee.delivered("Hello")
    return lee, capture


@pytest.mark.parametrize("kind", LEAKS)
async def test_a_secret_is_removed_before_anything_leaves_the_page(
    stage: Stage, desk: DeskServer, kind: str
) -> None:
    text, secrets, sent, lang = LEAKS[kind]
    (lee, capture), lin = await watched(stage, desk, lang), await stage.agent(desk.url)
    await lee.field.press_sequentially(text)
    await lee.page.evaluate(HIDES)
    await lee.field.press("Enter")
    hold = lee.chat.get_by_role("alertdialog")
    await expect(hold.locator(".button.is-primary")).to_be_focused()
    await lee.looks("held")
    assert [said["text"] for said in capture.said] == ["Hello"]
    await lee.page.keyboard.press("Enter")
    await lee.delivered(sent)
    await expect(hold).to_be_hidden()
    await expect(lee.field).to_be_focused()
    assert any(frame["type"] == "typing" for frame in capture.frames)
    await capture.holds_nothing_of(*secrets)
    await lin.opens_desk("unassigned")
    await lin.opens(sent)
    await lee.looks("removed")


async def test_what_was_found_can_be_edited_out(stage: Stage, desk: DeskServer) -> None:
    lee, capture = await watched(stage, desk)
    text, secrets, *_ = LEAKS["password"]
    await lee.sends(text)
    await expect(lee.chat.locator(".hold.is-found")).to_be_visible()
    await lee.page.keyboard.press("Escape")
    await expect(lee.chat.locator("#hold")).to_be_hidden()
    await expect(lee.field).to_be_focused()
    await lee.page.keyboard.type("wrong, it says")
    await lee.page.keyboard.press("Enter")
    await lee.delivered("I am locked out, my password is wrong, it says please help")
    await capture.holds_nothing_of(*secrets)


async def test_a_secret_is_not_kept_as_a_draft(stage: Stage, desk: DeskServer) -> None:
    lee, capture = await watched(stage, desk)
    text, secrets, *_ = LEAKS["phrase"]
    await lee.field.press_sequentially(text)
    await lee.page.reload()
    await expect(lee.field).to_have_value("")
    await capture.holds_nothing_of(*secrets)


@pytest.mark.parametrize("wire", ["socket", "requests"])
async def test_a_number_that_is_no_card_is_sent_at_its_authors_word(
    stage: Stage, desk: DeskServer, wire: str
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    capture = Capture(lee.page)
    if wire == "requests":
        await lee.page.context.route_web_socket("**/ws", lambda socket: socket.close(code=1011))
    await lee.opens_chat(desk)
    text = f"😀 Please look at {CARD} for me, by {wire}"
    await lee.sends(text)
    hold = lee.chat.get_by_role("alertdialog", name="Not sent yet")
    await expect(hold).to_contain_text("This looks like a card number")
    await hold.get_by_role("button", name="This is not a card number").click()
    await lee.delivered(text)
    assert [said["harmless"] for said in capture.said] == [[[17, 36]]]
    await lin.opens_desk("unassigned")
    await lin.opens(text)


async def test_an_ordinary_message_needs_no_engine(stage: Stage, desk: DeskServer) -> None:
    lee, capture = await watched(stage, desk)
    loaded = len(capture.scripts)
    for text in ("My withdrawal is late", "它什么时候能到账？"):
        await lee.sends(text)
        await lee.delivered(text)
    assert len(capture.scripts) == loaded
    numbers = "TxID 0x" + "3fa9" * 16 + " of order 20260114 is still pending"
    await lee.sends(numbers)
    await lee.delivered(numbers)
    assert len(capture.scripts) > loaded


async def test_without_the_engine_nothing_is_sent_until_it_comes(
    stage: Stage, desk: DeskServer
) -> None:
    lee, capture = await watched(stage, desk)
    await lee.page.context.route("**/static/**", _refuse)
    text, secrets, sent, _ = LEAKS["password"]
    await lee.sends(text)
    hold = lee.chat.locator(".hold")
    await expect(hold).to_contain_text("could not be checked")
    await lee.looks("unchecked")
    await expect(hold.get_by_role("button", name="Retry now")).to_be_visible()
    await capture.holds_nothing_of(*secrets)
    assert await lee.said() == [("customer", "Hello")]
    await lee.page.context.unroute("**/static/**", _refuse)
    await expect(hold).to_contain_text("This message holds a password", timeout=LONG_MS)
    await lee.chat.get_by_role("button", name="Remove and send").click()
    await lee.delivered(sent)
    await capture.holds_nothing_of(*secrets)


async def test_a_file_that_holds_a_secret_is_not_uploaded(stage: Stage, desk: DeskServer) -> None:
    lee, capture = await watched(stage, desk)
    papers: list[FilePayload] = [
        {
            "name": "notes.txt",
            "mimeType": "text/plain",
            "buffer": f"wallet backup\n{PHRASE}\n".encode(),
        },
        {"name": f"{PHRASE}.txt", "mimeType": "text/plain", "buffer": b"nothing"},
    ]
    await lee.chat.locator("#picker").set_input_files(papers)
    failed = lee.chat.locator(".tray-item.is-failed")
    await expect(failed).to_contain_text(
        ["It holds a recovery phrase (12 words)", "Its name holds a recovery phrase (12 words)"]
    )
    await lee.looks("file")
    await capture.holds_nothing_of("sausage")


async def test_a_file_removed_while_it_is_checked_never_goes_up(
    stage: Stage, desk: DeskServer
) -> None:
    lee, capture = await watched(stage, desk)
    gate = Gate()
    await lee.page.context.route("**/static/engine-*", gate.holds)
    await lee.chat.locator("#picker").set_input_files(PAPER)
    await gate.reached.wait()
    await lee.chat.get_by_role("button", name="Remove order.txt").click()
    gate.opens.set()
    await lee.sends("It was order 20260114")  # needs the engine too: both wait for it
    await lee.delivered("It was order 20260114")
    assert not capture.uploads
    await expect(lee.chat.locator(".toast")).to_have_count(0)


async def test_a_text_called_harmless_waits_for_its_files(stage: Stage, desk: DeskServer) -> None:
    lee, capture = await watched(stage, desk)
    gate = Gate()
    await lee.page.context.route("**/api/v1/chat/files", gate.holds)
    text = f"Please look at {CARD} for me"
    await lee.sends(text)
    harmless = lee.chat.get_by_role("button", name="This is not a card number")
    await expect(harmless).to_be_visible()
    await lee.chat.locator("#picker").set_input_files(PAPER)
    await gate.reached.wait()
    await harmless.click()
    await expect(lee.chat.locator(".hold")).to_contain_text("as soon as its files are uploaded")
    assert [said["text"] for said in capture.said] == ["Hello"]
    gate.opens.set()
    await lee.delivered(text)
    await expect(lee.chat.locator("#hold")).to_be_hidden()
    sent = capture.said[-1]
    assert (sent["harmless"], len(sent["files"])) == ([[15, 34]], 1)
    assert [PAPER["name"] in address for address in capture.uploads] == [False]


async def test_who_comes_after_a_logout_elsewhere_finds_no_draft(
    stage: Stage, desk: DeskServer
) -> None:
    lee, _ = await watched(stage, desk)
    await lee.field.fill("between you and me")
    other = await lee.page.context.new_page()
    await other.goto(lee.page.url)
    await other.evaluate(LOGGED_OUT)
    await expect(lee.field).to_have_value("")
    await lee.page.reload()
    await expect(lee.field).to_have_value("")


async def test_half_a_phrase_is_not_kept_as_a_draft(stage: Stage, desk: DeskServer) -> None:
    lee, capture = await watched(stage, desk)
    await lee.field.press_sequentially("legal winner thank year wave")
    await lee.page.evaluate(HIDES)
    await lee.page.reload()
    await expect(lee.field).to_have_value("")
    await capture.holds_nothing_of("winner")


async def test_what_to_do_is_told_once_and_stays_folded(stage: Stage, desk: DeskServer) -> None:
    lee, _ = await watched(stage, desk)
    for text in ("my password is hunter2XY!", "or the password is hunter3XY!", PHRASE):
        assert await lee.page.evaluate(PAST_THE_BROWSER, text)
    cards = lee.chat.locator(".advice")
    await expect(cards.locator("summary")).to_have_text(
        ["Change your password", "Move your funds to a new wallet now"]
    )
    await lee.looks("advice")
    await cards.first.locator("summary").press("Enter")
    await expect(cards.first.locator("ol")).to_be_hidden()
    await lee.page.wait_for_timeout(300)  # the browser tells of a fold a moment after it shows
    await lee.page.reload()
    await expect(cards).to_have_count(2)
    assert await cards.evaluate_all("cards => cards.map(card => card.open)") == [False, True]
    for link in await cards.last.get_by_role("link").all():
        assert re.match("/en/(verify|contact)$", await link.get_attribute("href") or "")


async def test_a_phrase_sent_word_by_word_is_masked_on_both_screens(
    stage: Stage, desk: DeskServer
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    capture = Capture(lee.page)
    await lee.opens_chat(desk)
    await lee.sends("I give you my words now")
    await lee.delivered("I give you my words now")
    await lin.opens_desk("unassigned")
    await lin.opens("I give you my words now")
    for word in SLOWLY.split():
        await lee.sends(word)
    masks = lee.chat.locator(".bubble .mask")
    await expect(masks).to_have_count(12, timeout=LONG_MS)
    note = lee.chat.get_by_text("Removed afterwards. An agent may have seen it.")
    await expect(note).to_have_count(1)
    await expect(lee.chat.locator(".advice")).to_have_count(1)
    await lee.looks("word-by-word")
    await expect(lin.page.locator(".line.is-customer .mask")).to_have_count(12)
    for person in (lee, lin):
        assert "acoustic" not in await person.page.locator("body").inner_text()
    resumed = capture.resumes
    await lee.page.reload()
    await expect(masks).to_have_count(12)
    assert capture.resumes == resumed + 1, "what comes replaced is not asked for again"


async def test_a_reply_that_asks_for_a_secret_is_refused_and_kept_to_edit(
    stage: Stage, desk: DeskServer
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.opens_chat(desk)
    await lee.sends("My wallet is empty")
    await lee.delivered("My wallet is empty")
    await lin.opens_desk("unassigned")
    await lin.opens("My wallet is empty")
    asking = "Please send me your 12 word recovery phrase"
    await lin.field.fill(asking)
    await lin.field.press("Control+Enter")
    refusal = lin.page.locator(".composer-refusal")
    await expect(refusal).to_contain_text("it asks for a recovery phrase")
    await expect(lin.field).to_have_value(asking)
    await lin.looks("refused")
    await lin.field.fill("Please send me the address of the wallet")
    await expect(refusal).to_have_count(0)
    await lin.sends("Please send me the address of the wallet")
    await lee.sees("Please send me the address of the wallet")
    assert asking not in await lee.chat.locator("body").inner_text()


async def test_scam_talk_brings_a_warning_with_official_links_only(
    stage: Stage, desk: DeskServer
) -> None:
    lee = await stage.customer()
    await lee.opens_chat(desk)
    await lee.sends("A man from support called, I should install AnyDesk on my phone")
    warning = lee.chat.locator(".warning")
    await expect(warning).to_contain_text("Careful, this may be a scam", timeout=LONG_MS)
    await expect(warning).to_contain_text("We never take over your phone or computer")
    for link in await warning.get_by_role("link").all():
        assert re.match("/en/(verify|contact)$", await link.get_attribute("href") or "")
    await lee.looks("warned")


async def test_the_list_of_what_is_never_asked_opens_by_keyboard(
    stage: Stage, desk: DeskServer
) -> None:
    lee = await stage.customer()
    await lee.opens_chat(desk, "zh")
    await lee.chat.locator(".never summary").focus()
    await lee.page.keyboard.press("Enter")
    await expect(lee.chat.locator(".never-list li")).to_have_count(7)
    await expect(lee.chat.locator(".never-list")).to_be_visible()
    await lee.looks("never")


async def _refuse(route: Route) -> None:
    await route.abort()
