"""The people of a journey: what a customer and an agent do, and what stands on their screens."""

import asyncio
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import (
    CDPSession,
    FloatRect,
    Frame,
    Locator,
    Page,
    TimeoutError,
    expect,
)

from tests.desk_server import DeskServer

SCREENSHOTS: Final = Path(__file__).parents[2] / "screenshots"
LONG_MS: Final = 30_000
GRAVE: Final = ("serious", "critical")

Said = list[tuple[str, str]]
"""Who and what, as a screen shows it from top to bottom: ("customer" | "agent", text)."""

_SAID: Final = """(all, [row, mine, theirs, text]) => all
  .filter(line => line.matches(mine) || line.matches(theirs))
  .map(line => [line.matches(mine) ? 'customer' : 'agent',
                line.querySelector(text)?.innerText ?? ''])"""


class Person:
    """Somebody in front of a page of their own browser context."""

    def __init__(self, page: Page, folder: Path, name: str) -> None:
        self.page = page
        self.name = name
        self._folder = folder

    async def photo(self, moment: str) -> Path:
        """Keep what is on screen."""
        path = self._folder / f"{self.name}-{moment}.png"
        await self.page.screenshot(path=path)
        return path

    async def looks(self, moment: str, target: Page | Frame | None = None) -> None:
        """Keep what is on screen, and hold it against the rules of accessibility."""
        await self.photo(moment)
        await accessible(target or self.page)


async def accessible(target: Page | Frame) -> None:
    """Assert that axe finds nothing serious on a page or frame, once it stands still."""
    await target.evaluate(
        "Promise.all(document.getAnimations().filter(a => a.effect?.getTiming().iterations"
        " !== Infinity).map(a => a.finished.catch(() => 0)))"
    )
    results = await Axe().run(cast("Page", target))
    grave = [
        f"{found['id']}: {[node['target'] for node in found['nodes'][:3]]} "
        f"{found['nodes'][0]['failureSummary']}"
        for found in cast("list[dict[str, Any]]", results.response["violations"])
        if found["impact"] in GRAVE
    ]
    assert not grave, f"{target.url}: {grave}"


class Launcher(NamedTuple):
    """The widget's button as assistive technology and the screen know it."""

    name: str
    expanded: bool
    box: FloatRect

    @property
    def middle(self) -> tuple[float, float]:
        """Where to click."""
        return (
            self.box["x"] + self.box["width"] / 2,
            self.box["y"] + self.box["height"] / 2,
        )


class Customer(Person):
    """Somebody who needs help: on the chat's own page, or in the widget on an exchange's page."""

    @property
    def chat(self) -> Page | Frame:
        """The page or the frame that holds the chat."""
        framed = [frame for frame in self.page.frames if "frame=1" in frame.url]
        return framed[0] if framed else self.page

    @property
    def field(self) -> Locator:
        """Where the next message is written."""
        return self.chat.locator("#text")

    @property
    def banner(self) -> Locator:
        """The strip that tells of the connection."""
        return self.chat.locator("#banner")

    async def opens_chat(self, desk: DeskServer, lang: str = "en") -> None:
        """Go to the chat's own page."""
        await self.page.goto(f"{desk.url}/{lang}/chat")
        await expect(self.field).to_be_visible()

    async def presses_launcher(self) -> None:
        """Click the widget's button with the mouse, and wait until the chat is ready to type."""
        await self.page.mouse.click(*(await self.launcher()).middle)
        await self.is_ready()

    async def is_ready(self) -> None:
        """Wait until the widget's chat has the focus in its field."""
        for _ in range(200):
            if isinstance(self.chat, Frame):
                break
            await asyncio.sleep(0.05)
        await expect(self.field).to_be_focused(timeout=LONG_MS)

    async def launcher(self) -> Launcher:
        """Return the widget's button. It lives in a closed shadow tree, so the browser is asked."""
        cdp = await self.page.context.new_cdp_session(self.page)
        try:
            for _ in range(100):
                if found := await _launcher(cdp):
                    return found
                await asyncio.sleep(0.05)
            raise AssertionError("no launcher on the page")
        finally:
            await cdp.detach()

    async def sends(self, text: str) -> None:
        """Write a message and send it, whatever the network does."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def retries(self) -> None:
        """Press the banner's button if the chat waits for its next try."""
        retry = self.chat.locator("#retry")
        with suppress(TimeoutError):  # it may have tried by itself meanwhile
            await retry.click(timeout=1000)

    def message(self, text: str) -> Locator:
        """The message with exactly this text."""
        whole = re.compile(f"^{re.escape(text)}$")
        bubble = self.chat.locator(".bubble").filter(has_text=whole)
        return self.chat.locator("#rows .message").filter(has=bubble)

    async def sees(self, text: str) -> None:
        """Wait until a message is on screen, once."""
        await expect(self.message(text)).to_have_count(1, timeout=LONG_MS)

    async def delivered(self, text: str) -> None:
        """Wait until the desk has acknowledged a message of the customer's."""
        await expect(self.message(text)).to_have_class(
            re.compile(r"is-(delivered|seen)"), timeout=LONG_MS
        )

    async def said(self) -> Said:
        """Return the messages on screen."""
        return await _said(self.chat, "#rows .message", ".is-mine", ".is-desk", ".bubble")

    async def all_delivered(self, count: int) -> None:
        """Wait until so many messages of the customer's are acknowledged and none waits."""
        sent = self.chat.locator(".message.is-mine:is(.is-delivered, .is-seen)")
        await expect(sent).to_have_count(count, timeout=LONG_MS * 2)
        await expect(self.chat.locator(".message:is(.is-kept, .is-sending)")).to_have_count(0)

    async def reference(self) -> str:
        """Return the number the conversation can be asked for by."""
        return await self.chat.locator(".line.is-reference .mono").inner_text()


class Agent(Person):
    """Somebody at the desk."""

    def __init__(self, page: Page, folder: Path, name: str, desk: str) -> None:
        super().__init__(page, folder, name)
        self.desk = desk

    @property
    def field(self) -> Locator:
        """Where the next reply or note is written."""
        return self.page.locator("#composer-text")

    @property
    def banner(self) -> Locator:
        """The strip that tells of the connection."""
        return self.page.locator("#connection")

    @property
    def chips(self) -> Locator:
        """Who has the conversation, and whether it is closed."""
        return self.page.locator(".thread-facts .chip")

    async def opens_desk(self, view: str = "open") -> None:
        """Go to a view of the list."""
        await self.page.goto(f"{self.desk}/desk/?view={view}")
        await expect(self.page.locator("#list")).to_be_visible()

    def row(self, text: str) -> Locator:
        """The row of the list that shows this text."""
        return self.page.locator("#entries .entry").filter(has_text=text)

    async def opens(self, text: str) -> None:
        """Open the conversation whose row shows this text."""
        await self.row(text).click(timeout=LONG_MS)
        await expect(self.line(text)).to_be_visible()

    def line(self, text: str) -> Locator:
        """The line of the thread with exactly this text."""
        whole = re.compile(f"^{re.escape(text)}$")
        inside = self.page.locator(".text").filter(has_text=whole)
        return self.page.locator("#lines .line").filter(has=inside)

    async def sees(self, text: str) -> None:
        """Wait until a message is on screen, once."""
        await expect(self.line(text)).to_have_count(1, timeout=LONG_MS)

    async def sends(self, text: str) -> None:
        """Send a reply, over anything newer, and wait until the desk has stored it."""
        await self.field.fill(text)
        await self.field.press("Control+Enter")
        anyway = self.page.locator("[data-held-send]")
        stored = self.page.locator("kefu-composer:not(.is-sending) textarea:placeholder-shown")
        for _ in range(100):
            await expect(stored.or_(anyway).first).to_be_visible(timeout=LONG_MS)
            if not await anyway.is_visible():
                return
            await anyway.click()
        raise AssertionError("the reply was held again and again")

    async def said(self) -> Said:
        """Return the messages on screen that the customer sees too."""
        return await _said(self.page, "#lines .line", ".is-customer", ".is-agent", ".text")

    async def reference(self) -> str:
        """Return the conversation's number."""
        return await self.page.locator(".thread-head .reference").inner_text()


async def same_on_both(lee: Customer, lin: Agent, said: list[str], answered: list[str]) -> None:
    """Assert that both screens show the same: every message once, each person's in order."""
    for text in said:
        await lin.sees(text)
    for text in answered:
        await lee.sees(text)
    shown = await lee.said()
    assert shown == await lin.said()
    assert [text for who, text in shown if who == "customer"] == said
    assert [text for who, text in shown if who == "agent"] == answered


async def _said(target: Page | Frame, row: str, mine: str, theirs: str, text: str) -> Said:
    found = await target.eval_on_selector_all(row, _SAID, [row, mine, theirs, text])
    return [(who, words.strip()) for who, words in found]


async def _launcher(cdp: CDPSession) -> Launcher | None:
    document = await cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})
    node = _button(document["root"], inside=False)
    if node is None:
        return None
    id = {"backendNodeId": node["backendNodeId"]}
    tree = await cdp.send("Accessibility.getPartialAXTree", id | {"fetchRelatives": False})
    handle = await cdp.send("DOM.resolveNode", id)
    box = await cdp.send(
        "Runtime.callFunctionOn",
        {
            "objectId": handle["object"]["objectId"],
            "functionDeclaration": "function () { return this.getBoundingClientRect().toJSON() }",
            "returnByValue": True,
        },
    )
    seen = tree["nodes"][0]
    properties = {each["name"]: each["value"].get("value") for each in seen.get("properties", [])}
    name = seen.get("name", {}).get("value", "")
    return Launcher(name, bool(properties.get("expanded")), box["result"]["value"])


def _button(node: dict[str, Any], *, inside: bool) -> dict[str, Any] | None:
    inside = inside or node.get("localName") == "kefu-widget"
    if inside and node.get("localName") == "button":
        return node
    for child in [*node.get("shadowRoots", []), *node.get("children", [])]:
        if found := _button(child, inside=inside):
            return found
    return None
