"""Every page at every width, in each language and theme, as the demo shows it: to be looked at."""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any, Final, Literal, NamedTuple

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Stage
from tests.journeys.people import Customer

WIDTHS: Final = (360, 768, 1280, 1920)
LANGUAGES: Final = {"zh": ("zh-CN", "HD-10482"), "en": ("en-GB", "HD-20931")}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


class Demo(NamedTuple):
    """Where a running demo is, and what opens its desk."""

    desk: str
    exchange: str
    password: str


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """The demo, as `make demo` runs it."""
    command = [sys.executable, "-m", "kefu", "demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, f"the demo ended: {said}"
            said += line
        exchange, _, desk = re.findall(r"http://127.0.0.1:\d+", said)[:3]
        password = re.search(r"password (\S+)", said)
        assert password is not None
        yield Demo(desk, exchange, password[1])
        process.terminate()


@pytest.mark.soak
@pytest.mark.parametrize(("width", "lang", "scheme"), list(product(WIDTHS, LANGUAGES, SCHEMES)))
async def test_every_page_is_shown(
    stage: Stage, demo: Demo, width: int, lang: str, scheme: Literal["light", "dark"]
) -> None:
    locale, uid = LANGUAGES[lang]
    look: dict[str, Any] = {
        "viewport": {"width": width, "height": 900 if width > 500 else 740},
        "locale": locale,
        "color_scheme": scheme,
    }
    guest = await stage.customer("public", **look)
    for path in ("", f"{lang}/", f"{lang}/contact", f"{lang}/verify", "desk/sign-in", "nowhere"):
        await guest.page.goto(f"{demo.desk}/{path}")
        await fits(guest)
        await guest.looks(path.strip("/").replace("/", "-") or "home")

    lee = await stage.customer("exchange", **look)
    await lee.page.context.request.post(
        f"{demo.exchange}/sign-in",
        form={"uid": uid, "lang": lang},
        headers={"Origin": demo.exchange},
    )
    await lee.page.goto(f"{demo.exchange}/?lang={lang}")
    await lee.launcher()
    await lee.photo("closed")
    await lee.presses_launcher()
    await expect(lee.chat.locator("#rows .message").first).to_be_visible()
    await lee.looks("widget", lee.chat)
    await guest.page.goto(f"{demo.desk}/{lang}/chat")
    await expect(guest.field).to_be_visible()
    await guest.looks("chat")

    lin = await stage.agent(demo.desk, password=demo.password, **look)
    await lin.opens_desk("open")
    await lin.looks("list")
    await lin.page.locator("#entries .entry").first.click()
    await expect(lin.page.locator("#lines .line").first).to_be_visible()
    await lin.looks("thread")


async def fits(guest: Customer) -> None:
    """Assert that nobody has to scroll sideways."""
    assert await guest.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), guest.page.url
