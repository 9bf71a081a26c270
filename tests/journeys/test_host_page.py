"""The exchange's page: the widget withstands it, and leaves it alone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Request, expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.hosts import HostSite, Kind
from tests.journeys.people import Customer

VIOLATIONS = """
window.violations = [];
addEventListener('securitypolicyviolation',
                 e => violations.push(e.violatedDirective + ' ' + e.blockedURI));
"""


async def visits(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str, kind: Kind = "plain", **look: str
) -> tuple[Customer, set[str]]:
    """Return a customer on a page of the exchange, and the growing set of hosts it asked."""
    lee = await stage.customer()
    asked: set[str] = set()
    note: Callable[[Request], None] = lambda request: asked.add(urlsplit(request.url).netloc)  # noqa: E731
    lee.page.context.on("request", note)
    await lee.page.context.add_init_script(VIOLATIONS)
    await lee.page.goto(site.page(desk.url, inbox, kind, **look))
    return lee, asked


async def is_untouched(lee: Customer, desk: DeskServer, site: HostSite, asked: set[str]) -> None:
    """Assert that the page reported nothing, and that nobody else was asked for anything."""
    assert await lee.page.evaluate("violations") == []
    if lee.chat is not lee.page:
        assert await lee.chat.evaluate("violations") == []
    assert asked <= {urlsplit(site.origin).netloc, urlsplit(desk.url).netloc}


async def test_hostile_styles_and_a_strict_policy_do_not_hinder_the_widget(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee, asked = await visits(stage, desk, site, inbox, "hostile")
    launcher = await lee.launcher()
    assert (launcher.box["width"], launcher.box["height"]) == (56, 56)
    assert (
        await lee.page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).localName", launcher.middle
        )
        == "kefu-widget"
    )
    await lee.photo("closed")
    await lee.presses_launcher()
    await lee.page.keyboard.type("From a hostile page")
    await lee.page.keyboard.press("Enter")
    await lee.delivered("From a hostile page")
    await lee.looks("open", lee.chat)
    await is_untouched(lee, desk, site, asked)


async def test_opening_and_closing_leaves_the_page_as_it_was(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee, asked = await visits(stage, desk, site, inbox)
    page = lee.page
    await page.fill("#amount", "125.50")
    await page.select_option("#chain", "ERC20")
    await page.check("#sure")
    await page.focus("#amount")
    address, entries = page.url, await page.evaluate("history.length")
    await page.evaluate("kefu('open')")
    await lee.is_ready()
    await page.keyboard.press("Escape")
    await expect(page.locator("#amount")).to_be_focused()
    assert (page.url, await page.evaluate("history.length")) == (address, entries)
    await expect(page.locator("#amount")).to_have_value("125.50")
    await expect(page.locator("#chain")).to_have_value("ERC20")
    await expect(page.locator("#sure")).to_be_checked()
    globals = await page.evaluate("Object.keys(window).filter(name => /kefu/i.test(name))")
    assert globals == ["kefu"]
    await is_untouched(lee, desk, site, asked)


async def test_the_page_steers_the_widget(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee, asked = await visits(stage, desk, site, inbox)
    page = lee.page
    await page.evaluate(
        "for (const name of ['open', 'close']) kefu('on', name, () => heard.push(name))"
    )
    await page.evaluate("kefu('open')")
    await lee.is_ready()
    await page.evaluate("kefu('language', 'zh-CN')")
    await expect(lee.chat.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert (await lee.launcher()).name == "关闭聊天窗口"
    await lee.looks("zh", lee.chat)
    await page.evaluate("kefu('close'); kefu('position', 'top')")
    assert (await lee.launcher()).box["y"] < 100
    await page.evaluate("kefu('hide')")
    assert (await lee.launcher()).box["width"] == 0
    await page.evaluate("kefu('show'); kefu('nonsense')")
    assert (await lee.launcher()).box["width"] == 56
    assert await page.evaluate("heard") == ["open", "close"]
    await is_untouched(lee, desk, site, asked)


async def test_without_scripts_the_page_shows_a_link_that_leads_to_help(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee = await stage.customer(java_script_enabled=False)
    await lee.page.goto(site.page(desk.url, inbox))
    await lee.photo("host")
    await lee.page.get_by_role("link", name="Support chat").click()
    await lee.page.wait_for_url(re.compile(r"/en/chat\?inbox="))
    await lee.photo("chat")
    await lee.page.locator("noscript a, main a", has_text="Other ways to reach us").click()
    await expect(lee.page.locator("h1")).to_be_visible()
    assert lee.page.url.endswith("/en/contact")
    await lee.photo("contact")


async def test_a_page_the_inbox_does_not_know_cannot_carry_the_chat(
    stage: Stage, desk: DeskServer, inbox: str
) -> None:
    with HostSite() as stranger:
        lee = await stage.customer()
        await lee.page.goto(stranger.page(desk.url, inbox))
        async with lee.page.expect_console_message(
            lambda message: "frame-ancestors" in message.text
        ):
            await lee.page.evaluate("kefu('open')")
        assert await lee.page.evaluate("document.title") == "Halden Exchange"


CORNERS = [
    ("bottom-right", "ltr", True, False),
    ("bottom-left", "ltr", False, False),
    ("top", "ltr", True, True),
    ("bottom-right", "rtl", False, False),
    ("bottom-left", "rtl", True, False),
    ("top", "rtl", False, True),
]


@pytest.mark.parametrize("width", [320, pytest.param(768, marks=pytest.mark.soak), 1280])
async def test_the_launcher_stands_where_asked_and_never_on_the_pages_own_buttons(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str, width: int
) -> None:
    lee = await stage.customer(viewport={"width": width, "height": 640})
    for place, direction, right, top in CORNERS:
        tag = f'data-position="{place}"'
        await lee.page.goto(site.page(desk.url, inbox, dir=direction, tag=tag))
        box = (await lee.launcher()).box
        assert (box["x"] > width / 2) is right, (place, direction)
        assert (box["y"] < 320) is top, (place, direction)
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= 640
        for marked in await lee.page.locator("[data-kefu-avoid]:visible").all():
            other = await marked.bounding_box()
            assert other is not None
            assert box["y"] + box["height"] <= other["y"], (place, direction)
        await lee.photo(f"{place}-{direction}")
    await lee.page.evaluate("kefu('open')")
    await lee.is_ready()
    await lee.looks("open", lee.chat)


async def test_a_custom_offset_is_kept(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee = await stage.customer()
    await lee.page.goto(site.page(desk.url, inbox, tag='data-offset="40 90"'))
    box = (await lee.launcher()).box
    assert (1280 - box["x"] - 56, 800 - box["y"] - 56) == (40, 90)


async def test_while_the_chat_is_closed_badge_and_title_count_what_is_unread(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.page.goto(site.page(desk.url, inbox))
    await lee.presses_launcher()
    await lee.sends("Tell me when you know")
    await lee.delivered("Tell me when you know")
    await lee.page.keyboard.press("Escape")  # the frame tells the page, which takes a moment
    await lin.opens_desk("unassigned")
    assert (await lee.launcher()).name == "Support chat"
    await lin.opens("Tell me when you know")
    for at, text in enumerate(["I am looking", "It has arrived"], start=1):
        await lin.sends(text)
        await expect(lee.page).to_have_title(f"({at}) Halden Exchange")
    launcher = await lee.launcher()
    assert (launcher.name, launcher.expanded) == ("Support chat, New messages: 2", False)
    assert await lee.page.evaluate("heard.at(-1)") == 2
    await lee.photo("badge")
    await lee.presses_launcher()
    await expect(lee.page).to_have_title("Halden Exchange")
    await lee.sees("It has arrived")
    await expect(lin.page.locator(".line.is-agent .mark.is-seen")).to_have_count(2)
    assert (await lee.launcher()).name == "Close chat"
    await lee.photo("read")
