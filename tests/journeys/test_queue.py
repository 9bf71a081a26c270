"""Who gets whom, and what is owed: routing, clocks, handing over, going further up, help aside."""

from typing import Any

from playwright.async_api import Locator, Page, expect
from sqlalchemy import Connection, select

from kefu.core.records import FRONT, SENIOR, TECHNICAL
from kefu.routing import store as routing
from kefu.storage.db import Database
from kefu.storage.tables import agent
from tests.desk_server import DeskServer
from tests.journeys.conftest import Stage
from tests.journeys.people import Agent, Customer

MISSING = "My deposit of 1,500 USDT has not arrived"


def gives(desk: DeskServer, name: str, capacity: int, *teams: str) -> None:
    """Have an agent be given customers of teams, so many at once."""

    def give(tx: Connection) -> None:
        of = select(agent.c.id).where(agent.c.email == f"{name}@halden.example")
        found = tx.execute(of).scalar_one()
        routing.set_skills(tx, found, teams=teams or (FRONT,), topics=(), capacity=capacity)

    database = Database(desk.database_url)
    database.write_now(give)
    database.close()


async def asks(stage: Stage, desk: DeskServer, text: str) -> Customer:
    """A customer who has just written."""
    lee = await stage.customer()
    await lee.opens_chat(desk)
    await lee.sends(text)
    await lee.delivered(text)
    return lee


async def left(badge: Locator) -> int:
    """Return the seconds a badge counts down from."""
    minutes, _, seconds = (await badge.locator("[data-left]").inner_text()).partition(":")
    return int(minutes) * 60 + int(seconds)


async def picks(page: Page, name: str) -> None:
    """Choose one of the options of the sheet."""
    await page.locator("#sheet .option").filter(has_text=name).first.click()


async def test_a_customer_goes_to_a_free_agent_at_once_and_the_badge_counts_down(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 1)
    lin = await stage.agent(own_desk.url)
    await lin.opens_desk("mine")
    await asks(stage, own_desk, MISSING)
    row = lin.row(MISSING)
    await expect(row).to_be_visible()
    badge = row.locator("[data-due]")
    before = await left(badge)
    assert 90 <= before <= 120
    shown = f"{before // 60}:{before % 60:02}"
    await expect(badge.locator("[data-left]")).not_to_have_text(shown)
    assert before - 20 < await left(badge) < before
    await lin.opens(MISSING)
    await expect(lin.page.locator("#lines")).to_contain_text("Given to 林 Lin")
    await expect(lin.page.locator("#thread-case")).to_contain_text("First answer")
    await expect(lin.page.locator("#me-mark")).to_contain_text("1/1")

    await asks(stage, own_desk, "And who has time for me?")
    await lin.page.keyboard.press("2")
    waiting = lin.row("And who has time for me?")
    await expect(waiting.locator(".entry-place")).to_contain_text("1")
    await lin.looks("one-waits")
    await lin.sends("It was credited a minute ago")
    await lin.page.keyboard.press("Escape")
    await lin.page.keyboard.press("e")
    await expect(lin.chips).to_have_text("Closed")
    await expect(waiting).to_have_count(0)
    await lin.page.keyboard.press("1")
    await expect(lin.row("And who has time for me?")).to_be_visible()


async def test_an_agent_on_a_break_is_given_nobody_until_they_are_back(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 2)
    lin = await stage.agent(own_desk.url)
    await lin.opens_desk("mine")
    await lin.page.click(".me-button")
    await lin.page.click('#me-work [value="break"]')
    await expect(lin.page.locator("#me-mark .me-dot")).to_have_attribute("title", "Break")
    await lin.looks("on-a-break")
    await asks(stage, own_desk, "Is anybody there?")
    await lin.page.keyboard.press("Escape")
    await lin.page.keyboard.press("2")
    await expect(lin.row("Is anybody there?")).to_be_visible()
    await lin.page.click(".me-button")
    await lin.page.click('#me-work [value="available"]')
    await expect(lin.row("Is anybody there?")).to_have_count(0)
    await lin.page.keyboard.press("Escape")
    await lin.page.keyboard.press("1")
    await expect(lin.row("Is anybody there?")).to_be_visible()


async def test_figures_that_differ_from_the_case_are_looked_at_twice(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 1)
    lin = await stage.agent(own_desk.url)
    await lin.opens_desk("mine")
    lee = await asks(stage, own_desk, MISSING)
    await lin.opens(MISSING)
    await lin.field.fill("We credited 1,600 USDT")
    await lin.field.press("Control+Enter")
    card = lin.page.locator("[data-differs]")
    await expect(card.locator("tbody tr")).to_have_count(1)
    await expect(card).to_contain_text("1,600 USDT")
    await expect(card).to_contain_text("1,500 USDT")
    await lin.looks("differs")
    await card.get_by_role("button", name="Edit reply").click()
    await expect(card).to_have_count(0)
    await lin.field.fill("We credited 1,500 USDT")
    await lin.field.press("Control+Enter")
    await lee.sees("We credited 1,500 USDT")
    await lin.field.fill("Minus a fee of 12 USDT")
    await lin.field.press("Control+Enter")
    await card.get_by_role("button", name="Send anyway").click()
    await lee.sees("Minus a fee of 12 USDT")
    checked = lin.line("Minus a fee of 12 USDT").locator(".asserted")
    await expect(checked).to_have_text("Figures that differ were checked before sending")


async def test_a_conversation_is_handed_over_with_a_summary_that_only_colleagues_read(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 1)
    lin, maya = await stage.agent(own_desk.url), await stage.agent(own_desk.url, "maya")
    await lin.opens_desk("mine")
    await maya.opens_desk("mine")
    lee = await asks(stage, own_desk, MISSING)
    await lin.opens(MISSING)
    await lin.field.fill("Half a reply")
    await lin.field.press("Escape")
    await lin.page.keyboard.press("h")
    summary = lin.page.locator("#summary")
    await summary.fill("Hash is valid, wallet team is asked")
    await picks(lin.page, "Maya")
    await lin.looks("hand-over")
    await lin.page.keyboard.press("Escape")
    await lin.page.keyboard.press("h")
    await expect(summary).to_have_value("Hash is valid, wallet team is asked")
    await picks(lin.page, "Maya")
    await lin.page.locator("#sheet").get_by_role("button", name="Hand over").click()
    await expect(lin.page.locator("#sheet")).to_be_hidden()
    await expect(lin.chips).to_have_text("With Maya")
    await expect(lin.field).to_have_value("Half a reply")
    await maya.opens(MISSING)
    await maya.sees("Hash is valid, wallet team is asked")
    await expect(lee.chat.locator("#rows")).to_contain_text("Maya")
    await expect(lee.chat.get_by_text("wallet team")).to_have_count(0)


async def test_an_escalation_is_accepted_or_declined_with_a_reason_that_the_customer_reads(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 1)
    gives(own_desk, "maya", 0, SENIOR)
    lin, maya = await stage.agent(own_desk.url), await stage.agent(own_desk.url, "maya")
    await lin.opens_desk("mine")
    await maya.opens_desk("escalated")
    lee = await asks(stage, own_desk, MISSING)
    await lin.opens(MISSING)
    await escalates(lin, "Refused twice, wants to know why")
    card = lin.page.locator("#escalated")
    await expect(card).to_contain_text("Escalated: waits for Senior agents")
    await expect(card.get_by_role("button", name="Accept")).to_have_count(0)
    await lin.page.keyboard.press("e")
    await expect(lin.page.locator(".toast")).to_contain_text("asked for somebody else")
    await lin.looks("waits-for-somebody-else")

    await maya.opens(MISSING)
    await expect(maya.page.locator("#escalated")).to_contain_text("Senior agents")
    await maya.looks("escalated")
    await maya.page.get_by_role("button", name="Accept").click()
    await expect(maya.chips).to_have_text("With you")
    await expect(maya.page.locator("#escalated")).to_contain_text("with Maya")
    await maya.page.locator('[data-act="decline"]').click()
    await maya.page.locator("#sheet #reason").fill("The rules allow no second review")
    await maya.looks("decline")
    await maya.page.get_by_role("button", name="Send and decline").click()
    await expect(maya.page.locator("#escalated")).to_have_count(0)
    await expect(maya.page.locator("#lines")).to_contain_text("declined the escalation")
    await expect(lee.chat.locator("#rows")).to_contain_text("The rules allow no second review")
    await expect(lee.chat.get_by_text("wants to know why")).to_have_count(0)
    await lee.photo("declined")


async def escalates(lin: Agent, summary: str) -> None:
    """Escalate the open conversation to the senior agents."""
    await lin.page.keyboard.press("u")
    await picks(lin.page, "Senior agents")
    await lin.page.locator("#summary").fill(summary)
    await lin.looks("escalate")
    await lin.page.locator("#sheet").get_by_role("button", name="Escalate").click()
    await expect(lin.page.locator("#sheet")).to_be_hidden()


async def test_colleagues_talk_aside_and_no_word_of_it_reaches_the_customer(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 1)
    gives(own_desk, "maya", 0, TECHNICAL)
    wide: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
    lin = await stage.agent(own_desk.url, **wide)
    maya = await stage.agent(own_desk.url, "maya", **wide)
    await lin.opens_desk("mine")
    await maya.opens_desk("open")
    lee = await asks(stage, own_desk, MISSING)
    for person in (lin, maya):
        await person.opens(MISSING)
    await lin.page.keyboard.press("s")
    await lin.page.locator("#sheet #title").fill("Is the sweep behind?")
    await lin.looks("ask-aside")
    await lin.page.locator("#sheet").get_by_role("button", name="Ask").click()
    await expect(lin.page.locator("#sheet")).to_be_hidden()
    for person in (lin, maya):
        await expect(person.page.locator("#sides")).to_contain_text("Is the sweep behind?")
        await expect(person.page.locator("#lines .is-note")).to_contain_text("Technical support")
    answer = maya.page.locator(".side-form textarea")
    await answer.fill("Yes, by ten blocks")
    await maya.page.get_by_role("button", name="Send inside").click()
    await expect(lin.page.locator(".side-lines")).to_contain_text("Yes, by ten blocks")
    await expect(answer).to_have_value("")
    await lin.looks("aside")
    await lin.page.locator(".side-acts").get_by_role("button", name="End", exact=True).click()
    await expect(maya.page.locator(".side .chip")).to_have_text("Ended")
    await expect(maya.page.locator("#lines")).to_contain_text("ended the talk aside")
    await lee.page.reload()
    await lee.sees(MISSING)
    for secret in ("sweep", "ten blocks", "aside"):
        await expect(lee.chat.get_by_text(secret)).to_have_count(0)


async def test_a_topic_is_found_by_typing_and_a_priority_by_a_key(
    stage: Stage, own_desk: DeskServer
) -> None:
    gives(own_desk, "lin", 1)
    lin = await stage.agent(own_desk.url)
    await lin.opens_desk("mine")
    await asks(stage, own_desk, MISSING)
    await lin.opens(MISSING)
    page, keys = lin.page, lin.page.keyboard
    await keys.press("g")
    await expect(page.locator("#topic-menu input")).to_be_focused()
    await keys.type("crypto memo")
    await expect(page.locator("#topic-menu li:visible")).to_have_count(1)
    await lin.looks("topic")
    await keys.press("Enter")
    await expect(page.locator('[data-act="topic"]')).to_contain_text("Memo or tag missing")
    await expect(page.locator("#lines")).to_contain_text("set the topic: Memo or tag missing")
    await keys.press("Escape")
    await keys.press("p")
    await page.locator("#priority-menu").get_by_role("button", name="Urgent").click()
    await expect(page.locator('[data-act="priority"]')).to_contain_text("Urgent")
    await expect(lin.row(MISSING).locator(".is-priority-2")).to_be_visible()
