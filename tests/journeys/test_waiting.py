"""A customer who waits: their topic, their place, what is promised, who is asked further up."""

import json
import re
from typing import Any, Final

import pytest
from playwright.async_api import Locator, WebSocket, expect

from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.people import LONG_MS, Customer

PLACE: Final = re.compile(r"You're (next|\d+(st|nd|rd|th)) in line")
WIRES: Final = ("socket", "requests")


async def arrives(
    stage: Stage, desk: DeskServer, name: str, *, wire: str = "socket", lang: str = "en"
) -> Customer:
    """Return somebody at the chat, whose network may carry plain requests only."""
    made = await stage.customer(name)
    if wire == "requests":
        await made.page.context.route_web_socket("**/ws", lambda socket: socket.close(code=1011))
    await made.opens_chat(desk, lang)
    return made


def panel(who: Customer) -> Locator:
    """What is told above the field while nobody has the conversation."""
    return who.chat.locator("#wait .wait")


def card(who: Customer) -> Locator:
    """The way of an escalation."""
    return who.chat.locator(".steps")


async def chooses(who: Customer, act: str) -> None:
    """Choose something from the menu, by keyboard alone."""
    await who.chat.locator("#more").focus()
    await who.page.keyboard.press("Enter")
    item = who.chat.get_by_role("menuitem", name=act)
    await expect(item).to_be_visible()
    for _ in range(8):
        if await item.evaluate("item => item === document.activeElement"):
            break
        await who.page.keyboard.press("ArrowDown")
    await who.page.keyboard.press("Enter")


async def test_a_topic_goes_with_the_first_message_and_with_no_other(
    stage: Stage, desk: DeskServer
) -> None:
    lee = await stage.customer()
    sent: list[dict[str, Any]] = []

    def listens(socket: WebSocket) -> None:
        socket.on("framesent", lambda text: sent.append(json.loads(text)))

    lee.page.on("websocket", listens)
    await lee.opens_chat(desk)
    topics = lee.chat.locator("#topics")
    await expect(topics.get_by_role("button", name="Deposits")).to_be_visible()
    await expect(topics.get_by_role("button", name="Something else")).to_be_hidden()
    await topics.get_by_role("button", name="More").click()
    await expect(topics.get_by_role("button", name="Something else")).to_be_visible()
    await topics.get_by_role("button", name="Withdrawals").click()
    await expect(topics.locator("[aria-pressed=true]")).to_have_text("Withdrawals")
    hints = lee.chat.locator(".hints li:visible")
    await expect(hints).to_have_text(["When it happened", "Asset and network", "Amount", "TxID"])
    await lee.looks("topic")
    for text in ("It is pending", "Since this morning"):
        await lee.sends(text)
        await lee.delivered(text)
    said = [frame for frame in sent if frame["type"] == "say"]
    assert [frame.get("topic") for frame in said] == ["withdrawals", None]
    await expect(topics).to_be_hidden()


async def test_a_topic_can_be_taken_back(stage: Stage, desk: DeskServer) -> None:
    lee = await stage.customer()
    await lee.opens_chat(desk)
    deposits = lee.chat.locator("#topics").get_by_role("button", name="Deposits")
    for pressed in ("true", "false"):
        await deposits.press("Enter")
        await expect(deposits).to_have_attribute("aria-pressed", pressed)
    hints = lee.chat.locator(".hints li:visible")
    await expect(hints).to_contain_text(["TxID or order number", "Exact error text"])


@pytest.mark.parametrize("wire", WIRES)
async def test_who_waits_sees_their_place_move_and_keeps_it_over_a_reload(
    stage: Stage, own_desk: DeskServer, wire: str
) -> None:
    lee = await arrives(stage, own_desk, "lee")
    await lee.sends("I came first")
    await expect(panel(lee)).to_contain_text("You're next in line", timeout=LONG_MS)
    ann = await arrives(stage, own_desk, "ann", wire=wire)
    await ann.sends("I came second")
    await expect(panel(ann)).to_contain_text("You're 2nd in line", timeout=LONG_MS)
    await ann.looks("second")
    await ann.page.reload()
    await expect(panel(ann)).to_contain_text("You're 2nd in line", timeout=LONG_MS)
    await chooses(lee, "My problem is solved")
    await expect(panel(ann)).to_contain_text("You're next in line", timeout=LONG_MS)
    await expect(panel(lee)).to_be_hidden()


async def test_the_place_is_the_same_on_another_device(stage: Stage, own_desk: DeskServer) -> None:
    lee = await arrives(stage, own_desk, "lee")
    await lee.sends("Here on the phone")
    await expect(panel(lee)).to_contain_text(PLACE, timeout=LONG_MS)
    kept = await lee.page.evaluate("JSON.stringify(localStorage)")
    other = await stage.customer("lee-elsewhere")
    await other.page.context.add_init_script(
        f"for (const [name, value] of Object.entries({kept})) localStorage.setItem(name, value);"
    )
    await other.opens_chat(own_desk)
    await expect(panel(other)).to_contain_text(
        re.compile(re.escape(await panel(lee).locator("strong").inner_text())), timeout=LONG_MS
    )


async def test_nobody_waits_any_more_once_an_agent_has_it(
    stage: Stage, own_desk: DeskServer
) -> None:
    lee = await arrives(stage, own_desk, "lee")
    await lee.sends("Is anybody there?")
    await expect(panel(lee)).to_contain_text(PLACE, timeout=LONG_MS)
    lin = await stage.agent(own_desk.url)
    await lin.opens_desk("open")
    await lin.opens("Is anybody there?")
    await lin.sends("I am")
    await lee.sees("I am")
    await expect(panel(lee)).to_be_hidden()
    await expect(lee.chat.locator(".line").filter(has_text="joined")).to_have_count(1)


async def test_what_is_promised_stands_in_the_log(stage: Stage, own_desk: DeskServer) -> None:
    lee = await arrives(stage, own_desk, "lee")
    await lee.sends("When will you answer?")
    promise = lee.chat.locator(".line").filter(has_text="We will answer by")
    await expect(promise).to_have_count(1, timeout=LONG_MS)
    await lee.page.reload()
    await expect(promise).to_have_count(1, timeout=LONG_MS)
    await lee.looks("promised")


async def test_a_hint_begins_a_line_that_the_customer_goes_on_with(
    stage: Stage, own_desk: DeskServer
) -> None:
    lee = await arrives(stage, own_desk, "lee")
    await lee.chat.locator("#topics").get_by_role("button", name="Deposits").click()
    await lee.sends("My deposit is missing")
    await panel(lee).get_by_text("What helps meanwhile").click(timeout=LONG_MS)
    await lee.looks("hints")
    await panel(lee).get_by_role("button", name="TxID").click()
    await expect(lee.field).to_be_focused()
    await lee.page.keyboard.type("4e5f")
    await expect(lee.field).to_have_value("TxID: 4e5f")


@pytest.mark.parametrize("wire", WIRES)
async def test_a_customer_asks_for_somebody_senior_by_keyboard_and_sees_each_step(
    stage: Stage, own_desk: DeskServer, wire: str
) -> None:
    lee = await arrives(stage, own_desk, "lee", wire=wire)
    await lee.sends("This does not help me")
    await lee.delivered("This does not help me")
    await chooses(lee, "Talk to someone senior")
    await expect(card(lee)).to_contain_text("Senior agent", timeout=LONG_MS)
    await expect(card(lee).locator(".step").first).to_contain_text("Requested")
    await expect(card(lee)).to_contain_text(re.compile(r"by \d\d:\d\d"))
    await lee.chat.locator("#more").click()
    for act in ("Talk to someone senior", "Technical team"):
        item = lee.chat.get_by_role("menuitem", name=act)
        await expect(item).to_have_attribute("aria-disabled", "true")
    await expect(lee.chat.locator("#menu")).to_contain_text("Requested")
    await lee.looks("menu")
    await lee.page.keyboard.press("Escape")
    await lee.page.reload()
    await expect(card(lee)).to_have_count(1, timeout=LONG_MS)
    await lee.looks("asked")


@pytest.mark.parametrize("wire", WIRES)
async def test_what_the_customer_calls_solved_opens_again_when_they_write(
    stage: Stage, own_desk: DeskServer, wire: str
) -> None:
    lee = await arrives(stage, own_desk, "lee", wire=wire)
    await lee.sends("Never mind, it came")
    await lee.delivered("Never mind, it came")
    reference = await lee.reference()
    await chooses(lee, "My problem is solved")
    ended = lee.chat.locator(".line").filter(has_text="You marked this as solved")
    await expect(ended).to_have_count(1, timeout=LONG_MS)
    await expect(lee.field).to_have_attribute("placeholder", "Still need help? Write here")
    await lee.looks("solved")
    await lee.sends("It is gone again")
    await lee.delivered("It is gone again")
    await expect(lee.chat.get_by_text("This conversation is open again")).to_have_count(1)
    assert await lee.reference() == reference


async def test_a_chinese_customer_is_told_all_this_in_chinese(
    stage: Stage, own_desk: DeskServer
) -> None:
    lee = await stage.customer("lee", viewport={"width": 360, "height": 740}, color_scheme="dark")
    await lee.opens_chat(own_desk, "zh")
    await expect(lee.chat.locator("#topics")).to_contain_text("提现")
    await lee.looks("start")
    await lee.sends("提现一直没到账")
    await expect(panel(lee)).to_contain_text("下一位就是您", timeout=LONG_MS)
    await chooses(lee, "转高级客服")
    await expect(card(lee)).to_contain_text("已提交", timeout=LONG_MS)
    await lee.looks("waits")
