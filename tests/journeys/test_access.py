"""Every page in light and dark: nothing serious to find for an accessibility checker."""

from typing import Literal

import pytest
from playwright.async_api import expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.hosts import HostSite

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_every_page_is_accessible(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str, scheme: Literal["light", "dark"]
) -> None:
    guest = await stage.customer("guest", color_scheme=scheme)
    for path in ("", "en/", "en/contact", "zh/contact", "en/verify", "desk/sign-in"):
        await guest.page.goto(f"{desk.url}/{path}")
        await guest.looks(path.strip("/").replace("/", "-") or "home")

    lee = await stage.customer(color_scheme=scheme)
    await lee.page.goto(site.page(desk.url, inbox))
    await lee.presses_launcher()
    await lee.looks("widget-empty", lee.chat)
    await lee.sends(f"Is this readable in {scheme}?")
    await lee.delivered(f"Is this readable in {scheme}?")

    lin = await stage.agent(desk.url, color_scheme=scheme)
    await lin.opens_desk("unassigned")
    await lin.looks("list")
    await lin.opens(f"Is this readable in {scheme}?")
    await lin.page.keyboard.press("t")
    await lin.sends("Quite")
    await lee.sees("Quite")
    await lee.looks("widget", lee.chat)
    await lin.looks("thread")
    await lee.opens_chat(desk, "zh")
    await expect(lee.field).to_be_visible()
    await lee.looks("chat-zh")
