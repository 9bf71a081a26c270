"""Who the exchange says the customer is, what the desk shows of it, and forgeries."""

import time
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.async_api import expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import IDENTITY_SECRET, Stage
from tests.journeys.hosts import HostSite


def signed(inbox: str, secret: bytes = IDENTITY_SECRET, **about: str) -> str:
    """Return an identity token as the exchange's back end makes it."""
    at = int(time.time())
    claims = {"sub": "77120431", "aud": inbox, "iat": at, "exp": at + 300, "jti": str(uuid4())}
    header = {"alg": "HS256", "typ": "JWT", "kid": "exchange"}
    return jwt.encode(header, claims | about, OctKey.import_key(secret))


async def test_the_desk_shows_who_the_exchange_vouches_for_until_they_sign_out(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.page.goto(site.page(desk.url, inbox))
    token = signed(inbox, name="李雯", tier="VIP 2", locale="zh-Hans")
    await lee.page.evaluate("token => kefu('identify', token)", token)
    await lee.presses_launcher()
    await lee.sends("My withdrawal hangs")
    await lee.delivered("My withdrawal hangs")

    await lin.opens_desk("unassigned")
    row = lin.row("My withdrawal hangs")
    await expect(row).to_contain_text("李雯")
    await expect(row.locator(".tier")).to_have_text("VIP 2")
    await lin.opens("My withdrawal hangs")
    await expect(lin.page.locator("#customer")).to_contain_text("Identified")
    await expect(lin.page.locator("#customer")).to_contain_text("•••• 0431")
    await lin.looks("identified")

    await lee.page.evaluate("kefu('logout')")
    await expect(lee.chat.locator(".message")).to_have_count(0)
    await lee.sends("Somebody else at this computer")
    await lee.delivered("Somebody else at this computer")
    assert len(await lee.said()) == 1
    await expect(lin.row("Somebody else at this computer")).to_contain_text("Visitor ")


async def test_a_forged_token_leaves_a_visitor_a_visitor(
    stage: Stage, desk: DeskServer, site: HostSite, inbox: str
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.page.goto(site.page(desk.url, inbox))
    forged = signed(inbox, b"x" * 32, name="The chief executive", tier="VIP 9")
    await lee.page.evaluate("token => kefu('identify', token)", forged)
    await lee.presses_launcher()
    await expect(lee.chat.locator("#toasts")).to_contain_text("could not be confirmed")
    await lee.looks("refused", lee.chat)
    await lee.sends("Let me in")
    await lee.delivered("Let me in")
    await lin.opens_desk("unassigned")
    await expect(lin.row("Let me in")).to_contain_text("Visitor ")
    await expect(lin.row("Let me in").locator(".tier")).to_have_count(0)
    await lin.opens("Let me in")
    await expect(lin.page.locator("#customer")).to_contain_text("Not identified")
    await lin.photo("a-visitor")
