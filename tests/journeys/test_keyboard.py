"""Everything without a mouse; and input methods, whose Enter is not ours."""

import asyncio
import re

from playwright.async_api import Frame, Locator, Page, expect

from tests.desk_server import PASSWORD, DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.hosts import HostSite


async def test_a_customer_gets_help_by_keyboard_alone(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee = await stage.customer()
    keys = lee.page.keyboard
    await lee.page.goto(site.page(desk.url, inbox))
    await lee.launcher()
    await lee.page.focus("#sure")
    for _ in range(6):
        await keys.press("Tab")
        if await lee.page.evaluate("document.activeElement.localName") == "kefu-widget":
            break
    await lee.photo("launcher-focused")
    await keys.press("Enter")
    await lee.is_ready()
    await keys.type("By keyboard alone")
    await keys.press("Enter")
    await lee.delivered("By keyboard alone")
    await keys.press("Shift+Tab")
    stops = set()
    for _ in range(20):
        await keys.press("Tab")
        assert await comes_true(lee.chat, "document.hasFocus()"), "the focus left the window"
        stops.add(
            await lee.chat.evaluate("document.activeElement.id || document.activeElement.className")
        )
    assert {"text", "attach", "close", "more"} <= stops
    await keys.press("Escape")
    assert (await lee.launcher()).expanded is False
    assert await lee.page.evaluate("document.activeElement.localName") == "kefu-widget"
    await keys.press("Space")
    await lee.is_ready()
    await lee.photo("again")


async def test_an_agent_works_by_keyboard_alone(stage: Stage, desk: DeskServer) -> None:
    lee = await stage.customer()
    await lee.opens_chat(desk)
    await lee.sends("Handled by keyboard")
    await lee.delivered("Handled by keyboard")

    lin = await stage.customer("lin")
    page, keys = lin.page, lin.page.keyboard
    await page.goto(f"{desk.url}/desk/")
    await keys.type("lin@halden.example")
    await keys.press("Tab")
    await keys.type(PASSWORD.format("lin"))
    await keys.press("Enter")
    await expect(page.locator("#list")).to_be_visible()

    await keys.press("2")
    await expect(page.locator("#list-title")).to_have_text("Queue")
    row = page.locator("#entries .entry").filter(has_text="Handled by keyboard")
    await expect(row).to_be_visible()
    for _ in range(60):
        await keys.press("j")
        if await row.evaluate("row => row === document.activeElement"):
            break
    await lin.photo("row-focused")
    await keys.press("Enter")
    await expect(page.locator(".line.is-customer .text")).to_have_text("Handled by keyboard")
    chips = page.locator(".thread-facts .chip")

    await keys.press("t")
    await expect(chips).to_have_text("With you")
    await write(page, "n", "Checked by hand")
    await expect(page.locator(".line.is-note .text")).to_have_text("Checked by hand")
    await write(page, "r", "It is on its way")
    await lee.sees("It is on its way")
    await expect(lee.chat.get_by_text("Checked by hand")).to_have_count(0)
    await keys.press("Escape")
    await keys.press("e")
    await expect(chips).to_have_text("Closed")
    await lin.photo("closed")
    await expect(lee.chat.locator("#rows")).to_contain_text("This conversation is closed")
    await keys.press("o")
    await expect(chips).not_to_have_text("Closed")
    await expect(lee.chat.locator("#rows")).to_contain_text("open again")
    await keys.press("a")
    await expect(page.locator("#assign-menu .menu-item").first).to_be_focused()
    await keys.press("Escape")
    await keys.press("?")
    await expect(page.locator("#help")).to_be_visible()
    await lin.looks("help")
    await keys.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()


async def comes_true(frame: Page | Frame, condition: str) -> bool:
    """Return whether a condition holds in a frame within two seconds."""
    for _ in range(40):
        if await frame.evaluate(condition):
            return True
        await asyncio.sleep(0.05)
    return False


async def write(page: Page, key: str, text: str) -> None:
    """Have a key lead to the text field, write there, send, and come back to the thread."""
    await page.keyboard.press(key)
    field = page.locator("#composer-text")
    await expect(field).to_be_focused()
    await page.keyboard.type(text)
    await page.keyboard.press("Control+Enter")
    await expect(
        page.locator("#lines .text").filter(has_text=re.compile(f"^{text}$"))
    ).to_be_visible()
    await page.keyboard.press("Escape")


async def test_enter_that_ends_a_composition_sends_nothing(stage: Stage, desk: DeskServer) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.opens_chat(desk)
    await compose(lee.page, lee.field, "提现没有到账")
    await expect(lee.chat.locator(".message")).to_have_count(0)
    await lee.photo("composed")
    await lee.page.keyboard.press("Enter")
    await lee.delivered("提现没有到账")

    await lin.opens_desk("unassigned")
    await lin.opens("提现没有到账")
    await lin.page.click(".me-button")
    await lin.page.check('[data-setting="enter"]')
    await lin.page.keyboard.press("Escape")
    await compose(lin.page, lin.field, "请稍等")
    await expect(lin.page.locator(".line.is-agent")).to_have_count(0)
    await expect(lin.field).to_have_value("请稍等")
    await lin.page.keyboard.press("Enter")
    await lee.sees("请稍等")


async def compose(page: Page, field: Locator, text: str) -> None:
    """Write as an input method does: compose, press Enter to choose, and leave the text."""
    await field.focus()
    cdp = await page.context.new_cdp_session(page)
    for composed in ("ti", "ti xian"):
        await cdp.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
    enter = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    await cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await cdp.send("Input.insertText", {"text": text})
    await cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    await cdp.detach()
    await expect(field).to_have_value(text)
    await page.wait_for_timeout(60)
