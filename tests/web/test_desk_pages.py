"""The agents' pages over HTTP: who gets in, what a stale reply shows, what a live page takes in."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from kefu.web.site import site
from tests.house import House

Browser = httpx.AsyncClient


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(site(house.desk))
    async with Browser(transport=transport, base_url="http://desk.example") as client:
        client.headers["Accept-Language"] = "en"
        yield client


@pytest.fixture
async def desk(browser: Browser) -> Browser:
    """The browser with Lin signed in."""
    await sign_in(browser, "lin@halden.example", "lin password")
    return browser


async def sign_in(browser: Browser, email: str, password: str, **more: str) -> httpx.Response:
    await browser.get("/desk/sign-in")
    form = {"email": email, "password": password, "_csrf_token": browser.cookies["kefu_csrf"]}
    return await browser.post("/desk/sign-in", data=form | more)


async def post(browser: Browser, path: str, body: Any = None) -> httpx.Response:
    headers = {"x-csrftoken": browser.cookies["kefu_csrf"], "HX-Request": "true"}
    return await browser.post(path, json=body, headers=headers)


def reply(**changes: Any) -> dict[str, Any]:
    return {"key": "key-of-a-reply", "text": "Which network?", "read_up_to": 2} | changes


async def asked(house: House, text: str = "Where is my deposit?") -> UUID:
    return (await house.says(await house.visitor(), text)).conversation_id


async def test_without_a_session_every_page_leads_to_the_sign_in_page(browser: Browser) -> None:
    for path in ("/desk/", "/desk/part/list", "/desk/status", f"/desk/c/{UUID(int=1)}"):
        answer = await browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/desk/sign-in?next=/desk")
    live = await browser.get("/desk/part/list", headers={"HX-Request": "true"})
    assert (live.status_code, live.headers["hx-redirect"][:13]) == (401, "/desk/sign-in")


async def test_a_wrong_password_says_so_and_keeps_the_address(browser: Browser) -> None:
    answer = await sign_in(browser, "lin@halden.example", "wrong")
    assert answer.status_code == 401
    assert 'value="lin@halden.example"' in answer.text
    assert "kefu_desk" not in browser.cookies


async def test_a_session_cookie_is_out_of_reach_of_scripts(browser: Browser) -> None:
    answer = await sign_in(browser, "lin@halden.example", "lin password")
    kept = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("kefu_desk="))
    assert "HttpOnly" in kept
    assert "samesite=lax" in kept.lower()


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/desk/", "/\\evil", "/"])
async def test_signing_in_never_leads_off_the_desk(browser: Browser, away: str) -> None:
    answer = await sign_in(browser, "lin@halden.example", "lin password", next=away)
    assert answer.headers["location"] == "/desk/"


async def test_a_post_without_the_token_is_refused(house: House, desk: Browser) -> None:
    conversation = await asked(house)
    answer = await desk.post(f"/desk/c/{conversation}/take", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert (await house.state(conversation)).assignee is None


async def test_who_takes_what_was_free_does_not_take_it_from_who_was_first(
    house: House, desk: Browser
) -> None:
    conversation = await asked(house)
    take = f"/desk/c/{conversation}/take"
    assert f'{take}?free=true"' in (await desk.get(f"/desk/c/{conversation}")).text
    await house.desk.take(await house.agent("maya"), conversation)
    late = await post(desk, f"{take}?free=true")
    assert late.status_code == 409
    assignee = (await house.state(conversation)).assignee
    assert assignee is not None and assignee.name == "Maya"
    assert f'{take}"' in (await desk.get(f"/desk/c/{conversation}")).text
    assert (await post(desk, take)).status_code == 204


async def test_a_reply_answers_with_the_lines_it_adds(house: House, desk: Browser) -> None:
    conversation = await asked(house)
    answer = await post(desk, f"/desk/c/{conversation}/reply", reply(shown=2))
    assert answer.status_code == 200
    assert 'id="line-4"' in answer.text
    assert 'id="line-2"' not in answer.text
    assert "Which network?" in await house.texts(conversation)


async def test_a_repeated_key_is_one_message(house: House, desk: Browser) -> None:
    conversation = await asked(house)
    for _ in range(2):
        assert (await post(desk, f"/desk/c/{conversation}/reply", reply())).status_code == 200
    assert (await house.texts(conversation)).count("Which network?") == 1


async def test_a_stale_reply_shows_what_is_newer_and_can_be_sent_over_it(
    house: House, desk: Browser
) -> None:
    visitor = await house.visitor()
    conversation = (await house.says(visitor, "Where is my deposit?")).conversation_id
    newer = await house.says(visitor, "It arrived")
    held = await post(desk, f"/desk/c/{conversation}/reply", reply())
    assert held.status_code == 409
    assert "It arrived" in held.text
    assert f'data-newest="{newer.event.seq}"' in held.text
    assert "Which network?" not in await house.texts(conversation)
    over = await post(desk, f"/desk/c/{conversation}/reply", reply(read_up_to=newer.event.seq))
    assert over.status_code == 200


async def test_a_secret_in_a_reply_is_masked(house: House, desk: Browser) -> None:
    conversation = await asked(house)
    await post(desk, f"/desk/c/{conversation}/reply", reply(text="Is it 4111 1111 1111 1111 ?"))
    assert "4111 1111" not in str(await house.texts(conversation))


async def test_what_people_write_is_never_markup(house: House, desk: Browser) -> None:
    conversation = await asked(house, "<img src=x onerror=alert(1)>")
    page = await desk.get(f"/desk/c/{conversation}")
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text


async def test_the_desk_works_under_a_policy_without_inline_code(
    house: House, desk: Browser
) -> None:
    page = await desk.get(f"/desk/c/{await asked(house)}")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert " style=" not in page.text
    assert " onclick=" not in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_acts_change_the_conversation_and_call_for_a_fresh_look(
    house: House, desk: Browser
) -> None:
    conversation = await asked(house)
    await house.desk.seen(await house.agent(), conversation, 1_000)
    for act, status in (("take", "open"), ("close", "closed"), ("reopen", "open")):
        answer = await post(desk, f"/desk/c/{conversation}/{act}")
        assert (answer.status_code, answer.headers["hx-trigger"]) == (204, "kefu:changed")
        assert (await house.state(conversation)).status == status


async def test_a_reader_may_look_and_gets_no_composer(house: House, browser: Browser) -> None:
    await sign_in(browser, "reader@halden.example", "reader password")
    conversation = await asked(house)
    page = await browser.get(f"/desk/c/{conversation}")
    assert page.status_code == 200
    assert "<kefu-composer" not in page.text
    assert (await post(browser, f"/desk/c/{conversation}/reply", reply())).status_code == 403


async def test_a_supervisor_sees_an_alert_and_marks_it_as_looked_at(
    house: House, desk: Browser
) -> None:
    where = await asked(house)
    body = reply(text="Tell me your password.")
    assert (await post(desk, f"/desk/c/{where}/reply", body)).status_code == 422
    await post(desk, "/desk/sign-out")
    await sign_in(desk, "chen@halden.example", "chen password")
    assert 'href="/desk/alerts"' in (await desk.get("/desk/")).text
    page = (await desk.get("/desk/alerts")).text
    assert f'href="/desk/c/{where}"' in page and "asked for a password" in page
    [settle] = re.findall(r'action="(/desk/alerts/[^"]+)"', page)
    assert (await post(desk, settle)).headers["location"] == "/desk/alerts"
    page = (await desk.get("/desk/alerts")).text
    assert "Looked at" in page and "/settle" not in page


async def test_a_link_to_the_former_view_of_those_nobody_has_shows_the_queue(
    house: House, desk: Browser
) -> None:
    await asked(house)
    page = await desk.get("/desk/?view=unassigned")
    assert 'data-view="queue"' in page.text
    assert "Where is my deposit?" in page.text


async def test_a_badge_carries_the_instant_that_it_counts_down_to(
    house: House, desk: Browser
) -> None:
    conversation = await asked(house)
    await house.follows(conversation)
    due_at = (await house.clocks(conversation))["first", 1].due_at
    assert due_at is not None
    for path in ("/desk/part/list?view=queue", f"/desk/c/{conversation}"):
        assert f'data-due="{due_at.isoformat()}"' in (await desk.get(path)).text


async def test_a_hand_over_needs_a_summary_and_a_receiver(house: House, desk: Browser) -> None:
    conversation = await asked(house)
    maya = await house.agent("maya")
    path = f"/desk/c/{conversation}/hand-over"
    for form in ({"to": str(maya.id), "summary": " "}, {"to": "nobody", "summary": "x"}):
        assert (await send(desk, path, form)).status_code in (404, 422)
    assert (await house.state(conversation)).assignee is None
    form = {"to": str(maya.id), "summary": "Asked the wallet team"}
    assert (await send(desk, path, form)).status_code == 204
    state = await house.state(conversation)
    assert state.assignee is not None and state.assignee.id == maya.id
    assert "Asked the wallet team" in await house.texts(conversation)
    sheet = await desk.get(path)
    assert "Maya" in sheet.text
    assert "Technical support" in sheet.text


async def test_only_who_may_have_an_escalated_conversation_is_offered_it(
    house: House, desk: Browser
) -> None:
    conversation = await asked(house)
    form = {"to": "senior", "reason": "asked", "summary": "Wants somebody else"}
    assert (await send(desk, f"/desk/c/{conversation}/escalate", form)).status_code == 204
    page = (await desk.get(f"/desk/c/{conversation}")).text
    assert "Escalated: waits for Senior agents" in page
    assert "Accept" not in page
    await sign_in(desk, "chen@halden.example", "chen password")
    page = (await desk.get(f"/desk/c/{conversation}")).text
    assert "Accept" in page
    assert (await post(desk, f"/desk/c/{conversation}/take")).status_code == 204
    refusal = {"reason": "The rules allow no second review"}
    assert (await send(desk, f"/desk/c/{conversation}/decline", refusal)).status_code == 204
    page = (await desk.get(f"/desk/c/{conversation}")).text
    assert "Escalated:" not in page
    assert "The rules allow no second review" in page


async def test_figures_that_differ_are_shown_beside_what_the_customer_wrote(
    house: House, desk: Browser
) -> None:
    conversation = await asked(house, "I sent 1,500 USDT")
    held = await post(desk, f"/desk/c/{conversation}/reply", reply(text="1,600 USDT arrived"))
    assert held.status_code == 409
    assert "data-differs" in held.text
    assert "1,600 USDT" in held.text
    assert "1,500 USDT" in held.text
    sent = reply(text="1,600 USDT arrived", confirmed=True)
    assert (await post(desk, f"/desk/c/{conversation}/reply", sent)).status_code == 200


async def send(browser: Browser, path: str, form: dict[str, str]) -> httpx.Response:
    headers = {"x-csrftoken": browser.cookies["kefu_csrf"], "HX-Request": "true"}
    return await browser.post(path, data=form, headers=headers)
