"""The supervisors' pages over HTTP: what they show, what they refuse, and that nothing is lost."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from kefu.actions import setup
from kefu.sla import store
from kefu.web.site import site
from tests.house import House

Browser = httpx.AsyncClient


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(site(house.desk))
    async with Browser(transport=transport, base_url="http://desk.example") as client:
        client.headers["Accept-Language"] = "en"
        yield client


async def sign_in(browser: Browser, name: str) -> Browser:
    await browser.get("/desk/sign-in")
    form = {"email": f"{name}@halden.example", "password": f"{name} password"}
    await send(browser, "/desk/sign-in", **form)
    return browser


async def send(browser: Browser, path: str, **form: str | list[str]) -> httpx.Response:
    return await browser.post(path, data={"_csrf_token": browser.cookies["kefu_csrf"], **form})


@pytest.fixture
async def watching(house: House, browser: Browser) -> Browser:
    """The browser with Chen signed in, who watches over the floor and takes no work."""
    await sign_in(browser, "chen")
    await house.desk.work(await house.agent("chen"), "away")
    return browser


@pytest.fixture
async def managing(house: House, browser: Browser) -> Browser:
    """The browser with an administrator signed in."""

    def hire(tx: Connection) -> None:
        setup.agent(
            tx,
            email="wu@halden.example",
            password="wu password",
            alias="吴 Wu",
            badge="A-20400",
            languages=["en"],
            role="admin",
            at=house.at,
        )

    await house.database.write(hire)
    return await sign_in(browser, "wu")


def words(answer: httpx.Response) -> str:
    """The page's text in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def field(answer: httpx.Response, name: str) -> str:
    """What stands in a field of the page."""
    found = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]* value="([^"]*)"', answer.text)
    area = re.search(rf'<textarea[^>]* name="{re.escape(name)}"[^>]*>([^<]*)<', answer.text)
    match = found or area
    assert match, name
    return html.unescape(match[1])


def problem(answer: httpx.Response, name: str) -> str:
    """What is said to be wrong with a field."""
    found = re.search(rf'id="{re.escape(name)}-problem"[^>]*>.*?<span>([^<]*)</span>', answer.text)
    return html.unescape(found[1]) if found else ""


async def waits(house: House, text: str = "Where is my deposit?") -> str:
    cid = (await house.says(await house.visitor(), text)).conversation_id
    await house.follows(cid)
    return str(cid)


async def test_the_floor_leads_to_who_waits_and_lets_step_in(
    house: House, watching: Browser
) -> None:
    cid = await waits(house)
    page = await watching.get("/desk/floor")
    assert page.status_code == 200
    for way in (f'href="/desk/c/{cid}', f'hx-post="/desk/c/{cid}/take"', f"/desk/c/{cid}/assign"):
        assert way in page.text
    assert "No. 1, Front line" in words(page)
    part = await watching.get("/desk/floor/part", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div class="floor" id="floor">')
    ids = re.findall(r'\bid="([^"]+)"', part.text)
    assert len(ids) == len(set(ids))
    taken = await watching.post(
        f"/desk/c/{cid}/take", headers={"x-csrftoken": watching.cookies["kefu_csrf"]}
    )
    assert taken.headers["hx-trigger"] == "kefu:changed"
    assert "Nobody is waiting" in words(await watching.get("/desk/floor/part"))


async def test_the_floor_names_what_is_late(house: House, watching: Browser) -> None:
    await waits(house)
    house.later(200)
    page = words(await watching.get("/desk/floor/part"))
    assert "First response is late 1 min ago" in page


async def test_the_rail_leads_only_those_who_may(house: House, browser: Browser) -> None:
    await sign_in(browser, "lin")
    assert "/desk/floor" not in (await browser.get("/desk/")).text
    await sign_in(browser, "chen")
    page = (await browser.get("/desk/")).text
    assert 'href="/desk/floor"' in page and 'href="/desk/service"' not in page


async def test_a_note_that_asks_for_a_secret_stays_in_its_field(watching: Browser) -> None:
    text = "Ask every customer: please send me your recovery phrase."
    refused = await send(watching, "/desk/floor/notes", text=text)
    assert refused.status_code == 422
    assert field(refused, "text") == text and "we never do" in words(refused)
    kept = await send(watching, "/desk/floor/notes", text="TRON is slow <today>.")
    assert kept.status_code == 303
    assert "TRON is slow <today>." in words(await watching.get("/desk/floor/part"))


async def test_a_shift_is_planned_shown_and_taken_away(house: House, watching: Browser) -> None:
    lin = (await house.agent("lin")).id
    form = {"agent_id": str(lin), "day": "2026-03-03", "begins": "22:00", "ends": "06:00"}
    added = await send(watching, "/desk/floor/plan/shifts", **form, days="3", team="front")
    assert (added.status_code, added.headers["location"]) == (
        303,
        "/desk/floor/plan?team=front#day-2026-03-03",
    )
    page = await watching.get("/desk/floor/plan")
    assert words(page).count("22:00–06:00") >= 3
    again = await send(watching, "/desk/floor/plan/shifts", **form, days="1", team="front")
    assert again.status_code == 409
    assert field(again, "begins") == "22:00" and "has a shift in that time" in words(again)
    [first, *_] = re.findall(r'action="(/desk/floor/plan/shifts/[^"]+)"', page.text)
    gone = await send(watching, html.unescape(first))
    assert gone.status_code == 303
    assert len(re.findall("/remove", (await watching.get("/desk/floor/plan")).text)) == 2


@pytest.mark.parametrize(
    "change",
    [{"day": "2026-02-30"}, {"begins": "25:00"}, {"ends": "17:00"}, {"days": "15"}, {"days": "x"}],
)
async def test_a_shift_that_is_none_is_refused(
    house: House, watching: Browser, change: dict[str, str]
) -> None:
    form = {"day": "2026-03-03", "begins": "17:00", "ends": "23:00", "days": "1", "team": "front"}
    lin = str((await house.agent("lin")).id)
    answer = await send(watching, "/desk/floor/plan/shifts", **(form | {"agent_id": lin} | change))
    assert answer.status_code == 422 and "A shift has a date" in words(answer)


CALENDAR = {
    "key": "hong-kong",
    "name.en": "Hong Kong",
    "name.zh-Hans": "香港",
    "timezone": "Asia/Hong_Kong",
    "day.mon": "9-12, 13:00 - 18:00",
    "day.fri": "22:00–06:00",
    "special": "2026-12-24 09:00-13:00\n2026-12-26",
    "holidays": "2026-10-01 National Day\n\n2026/12/25",
    "act": "save",
}


async def test_a_calendar_is_saved_as_people_write_it(managing: Browser) -> None:
    saved = await send(managing, "/desk/service/calendars/new", **CALENDAR)
    assert (saved.status_code, saved.headers["location"]) == (303, "/desk/service?saved=yes")
    page = await managing.get("/desk/service/calendars/hong-kong")
    assert field(page, "day.mon") == "09:00-12:00, 13:00-18:00"
    assert field(page, "day.fri") == "22:00-06:00"
    assert field(page, "special").split("\n") == ["2026-12-24 09:00-13:00", "2026-12-26"]
    assert field(page, "holidays").split("\n") == ["2026-10-01 National Day", "2026-12-25"]
    assert "Hong Kong" in words(await managing.get("/desk/service"))


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        ("day.mon", "09:00-18:60", "Mon: opening hours are pairs of times"),
        ("day.mon", "09:00-09:00", "Mon: opens and closes at the same time"),
        ("day.mon", "09:00-13:00, 12:00-18:00", "Mon: opening hours overlap"),
        ("day.sat", "05:00-12:00", "Sat: opening hours overlap"),
        ("day.mon", "nine to five", "Mon: opening hours are pairs of times"),
        ("timezone", "Mars/Phobos", "There is no time zone of this name"),
        ("special", "Christmas 09:00-12:00", "Special days, line 1: begin with a date"),
        ("holidays", "2026-10-01\n2026-13-01", "Holidays, line 2: begin with a date"),
        ("key", "Hong Kong!", "A key has small letters"),
    ],
)
async def test_what_is_wrong_in_a_calendar_is_said_beside_its_field_and_nothing_is_lost(
    managing: Browser, place: str, typed: str, said: str
) -> None:
    answer = await send(managing, "/desk/service/calendars/new", **(CALENDAR | {place: typed}))
    assert answer.status_code == 422
    assert problem(answer, place).startswith(said)
    for name, value in (CALENDAR | {place: typed}).items():
        if name != "act":
            assert field(answer, name) == value
    assert "hong-kong" not in words(await managing.get("/desk/service"))


async def test_a_calendar_without_open_time_is_refused(managing: Browser) -> None:
    closed = {name: value for name, value in CALENDAR.items() if not name.startswith("day.")}
    for special in ("", "2020-01-01 09:00-12:00"):
        asked = closed | {"special": special}
        answer = await send(managing, "/desk/service/calendars/new", **asked)
        assert answer.status_code == 422
        assert problem(answer, "week") == "This calendar has no open time."


async def test_a_special_day_with_two_sorts_of_hours_is_refused(managing: Browser) -> None:
    asked = CALENDAR | {"special": "2026-12-24 09:00-13:00\n2026-12-24"}
    answer = await send(managing, "/desk/service/calendars/new", **asked)
    assert answer.status_code == 422
    said = "Special days: 2026-12-24 stands twice, with different hours."
    assert problem(answer, "special") == said


async def test_a_countrys_holidays_come_into_the_form_before_anything_is_saved(
    managing: Browser,
) -> None:
    asked = CALENDAR | {"act": "country", "country": "cn"}
    answer = await send(managing, "/desk/service/calendars/new", **asked)
    holidays = field(answer, "holidays").split("\n")
    assert holidays[:3] == ["2026-10-01 National Day", "", "2026/12/25"]
    assert any(line.startswith("2026-05-01") for line in holidays)
    assert "hong-kong" not in words(await managing.get("/desk/service"))
    unknown = await send(
        managing, "/desk/service/calendars/new", **(asked | {"country": "Atlantis"})
    )
    assert problem(unknown, "country") == "No holidays are known for this country or region."


async def test_a_feed_inside_the_house_is_not_fetched(managing: Browser) -> None:
    asked = CALENDAR | {"act": "feed", "feed": "http://127.0.0.1/holidays.ics"}
    answer = await send(managing, "/desk/service/calendars/new", **asked)
    assert answer.status_code == 422 and problem(answer, "feed")
    assert field(answer, "feed") == "http://127.0.0.1/holidays.ics"


async def test_a_calendar_is_tried_out_before_it_is_saved(managing: Browser) -> None:
    asked = CALENDAR | {"act": "try", "when": "2026-03-07T23:30"}
    page = words(await send(managing, "/desk/service/calendars/new", **asked))
    assert "A case that comes Sat 2026-03-07 23:30 is owed by:" in page
    assert "The next opening is Mon 2026-03-09 09:00." in page
    assert "chat First response Mon 2026-03-09 09:02" in page
    for odd in ("0001-01-01T00:00", "9999-12-31T23:59", "tomorrow", "2026-03-07T23:30+99:00"):
        tried = await send(managing, "/desk/service/calendars/new", **(asked | {"when": odd}))
        assert tried.status_code == 200 and "A case that comes Sat" in words(tried)


POLICY: dict[str, Any] = {
    "key": "vip",
    "calendar": "desk",
    "channel": ["chat", "email"],
    "tier": "VIP2, VIP3",
    "first.within": "1m 30s",
    "first.goal": "95",
    "first.latest": "10 minutes",
    "next.within": "5m",
    "next.lead": "60s",
    "resolution.within": "1 天",
    "act": "save",
}


async def test_a_policy_is_saved_as_people_write_it(managing: Browser) -> None:
    saved = await send(managing, "/desk/service/policies/new", **(POLICY | {"recount": "1"}))
    assert saved.headers["location"] == "/desk/service?saved=recounting"
    page = await managing.get("/desk/service/policies/vip")
    assert [field(page, name) for name in ("first.within", "first.goal", "first.latest")] == [
        "1m 30s",
        "95",
        "10m",
    ]
    assert (field(page, "next.lead"), field(page, "resolution.within")) == ("1m", "24h")
    assert field(page, "tier") == "VIP2, VIP3"
    listed = words(await managing.get("/desk/service"))
    assert "95 % within 1m 30s, all within 10m" in listed
    again = await send(managing, "/desk/service/policies/new", **POLICY)
    assert (again.status_code, problem(again, "key")) == (409, "This key is taken.")


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"first.within": "2"}, "first.within", "Write a number and a unit"),
        ({"first.within": "2 fortnights"}, "first.within", "Write a number and a unit"),
        ({"first.within": "0m"}, "first.within", "Write a number and a unit"),
        ({"first.goal": "0"}, "first.goal", "Write a percentage"),
        ({"first.goal": "nan"}, "first.goal", "Write a percentage"),
        ({"first.latest": "30s"}, "first.within", "vip: first response"),
        ({"next.lead": "6m"}, "next.within", "vip: next response"),
        ({"resolution.within": "1m"}, "resolution.within", "vip: resolution"),
        ({"tier": "", "channel": ["chat"]}, "conditions", "vip and chat have the same conditions"),
        ({"topic": "horoscopes"}, "topic", "vip: no case can meet the condition Topic"),
        ({"language": "?"}, "language", "vip: no case can meet the condition Language"),
        ({"channel": ["pigeon"]}, "channel", "vip: no case can meet the condition Channel"),
        ({"calendar": "nowhere"}, "calendar", "vip: calendar"),
    ],
)
async def test_what_is_wrong_in_a_policy_is_said_beside_its_field_and_nothing_is_lost(
    managing: Browser, change: dict[str, Any], place: str, said: str
) -> None:
    form = POLICY | change
    answer = await send(managing, "/desk/service/policies/new", **form)
    assert answer.status_code == 422
    assert problem(answer, place).startswith(said)
    for name in ("key", "tier", "first.within", "first.goal", "next.lead", "resolution.within"):
        assert field(answer, name) == form[name]


async def test_the_policy_for_every_case_is_not_taken_away(managing: Browser) -> None:
    answer = await send(managing, "/desk/service/policies/standard", act="drop")
    assert answer.status_code == 422 and "One policy has to be without conditions" in words(answer)
    gone = await send(managing, "/desk/service/policies/social", act="drop")
    assert gone.headers["location"] == "/desk/service?saved=dropped"
    assert (await managing.get("/desk/service/policies/social")).status_code == 404
    assert (await managing.get("/desk/service/calendars/nowhere")).status_code == 404


async def test_every_shipped_policy_goes_through_its_form_unchanged(
    house: House, managing: Browser
) -> None:
    before = (await house.database.read(store.book)).policies
    for policy in before:
        page = await managing.get(f"/desk/service/policies/{policy.key}")
        form: dict[str, Any] = {"act": "save", "calendar": policy.calendar}
        for name in re.findall(r'<input class="input" id="([a-z.]+)"', page.text):
            form[name] = field(page, name)
        for name, value in re.findall(
            r'type="checkbox" name="([a-z.]+)" value="([a-z0-9]+)" checked', page.text
        ):
            form.setdefault(name, []).append(value)
        saved = await send(managing, f"/desk/service/policies/{policy.key}", **form)
        assert saved.status_code == 303, words(saved)
    assert (await house.database.read(store.book)).policies == before


async def test_skills_are_changed_and_what_is_refused_stays_in_its_field(
    house: House, managing: Browser
) -> None:
    lin = (await house.agent("lin")).id
    form: dict[str, Any] = {
        "team": ["front", "senior"],
        "topics": "withdrawals",
        "languages": "en, zh-Hans",
        "capacity": "3",
    }
    saved = await send(managing, f"/desk/service/people/{lin}", **form)
    assert saved.status_code == 303
    page = await managing.get("/desk/service/people")
    assert 'value="withdrawals"' in page.text and 'value="en, zh-Hans"' in page.text
    for change, said in (
        ({"team": []}, "Choose one team at least."),
        ({"topics": "horoscopes"}, "topic"),
        ({"languages": ""}, "Write one language at least"),
        ({"capacity": "many"}, "Write a whole number from 0 to 50."),
    ):
        answer = await send(managing, f"/desk/service/people/{lin}", **(form | change))
        assert answer.status_code == 422 and said in words(answer)
        if "capacity" in change:
            assert 'value="many"' in answer.text
    named = await send(
        managing, "/desk/service/teams/front", **{"name.en": "First aid", "name.zh-Hans": "前线"}
    )
    assert named.status_code == 303
    assert "First aid" in words(await managing.get("/desk/floor"))
