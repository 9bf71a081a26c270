"""One browser for all journeys, a context for each person, and a desk that serves them."""

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from kefu.actions import inboxes, setup
from kefu.core.clock import now
from kefu.customers.tokens import IdentityKey
from kefu.storage.db import Database, engine_of
from kefu.storage.migrate import migrate
from tests.conftest import copy_of
from tests.desk_server import PASSWORD, SECRET, DeskServer
from tests.house import House
from tests.journeys.hosts import HostSite
from tests.journeys.network import Network
from tests.journeys.people import SCREENSHOTS, Agent, Customer

IDENTITY_SECRET = b"i" * 32
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run every journey in the loop the browser lives in."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def site() -> Iterator[HostSite]:
    """The exchange whose pages carry the widget."""
    with HostSite() as running:
        yield running


@pytest.fixture(scope="session")
def furnished(site: HostSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's database whose inbox the exchange's pages may carry, to copy."""
    path = tmp_path_factory.mktemp("journeys") / "kefu.db"
    url = f"sqlite:///{path}"
    engine = engine_of(url)
    migrate(engine)
    engine.dispose()
    database = Database(url)
    keys = [IdentityKey("exchange", "HS256", IDENTITY_SECRET)]
    database.write_now(
        setup.chat_inbox,
        name={"en": "Halden Exchange", "zh-Hans": "海登交易所"},
        origins=[site.origin],
        identity_keys=inboxes.sealed(SECRET.encode(), keys),
        at=now(),
    )
    database.close()
    House(url, path.parent).database.close()
    return path


@pytest.fixture(scope="session")
def inbox(furnished: Path) -> str:
    """The key of the desk's inbox."""
    house = House(f"sqlite:///{furnished}", furnished.parent)
    house.database.close()
    return house.inbox_key


@pytest.fixture(scope="session")
def desk(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A running desk that the journeys share. Its pulse is quick."""
    folder = tmp_path_factory.mktemp("desk")
    with DeskServer(copy_of(furnished, folder), folder, beat=1) as running:
        yield running


@pytest.fixture
def own_desk(furnished: Path, tmp_path: Path) -> Iterator[DeskServer]:
    """A running desk of the journey's own, to be killed. Its pulse is quick."""
    with DeskServer(copy_of(furnished, tmp_path), tmp_path, beat=1) as running:
        yield running
        running.kill()


class Stage:
    """Lets people into a journey, and sees them out."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.folder = folder
        self.errors: list[str] = []
        self._browser = browser
        self._stack = AsyncExitStack()
        self.pages: list[Page] = []

    async def customer(self, name: str = "customer", **context: Any) -> Customer:
        """Return somebody with an empty browser."""
        return Customer(await self._page(**context), self.folder, name)

    async def agent(
        self, desk: str, name: str = "lin", *, password: str = PASSWORD, **context: Any
    ) -> Agent:
        """Return somebody signed in at the desk of an address."""
        page = await self._page(**context)
        requests = page.context.request
        await requests.get(f"{desk}/desk/sign-in")
        (csrf,) = [c for c in await page.context.cookies() if c.get("name") == "kefu_csrf"]
        form: dict[str, str | float | bool] = {
            "_csrf_token": csrf.get("value", ""),
            "email": f"{name}@halden.example",
            "password": password.format(name),
        }
        answer = await requests.post(f"{desk}/desk/sign-in", form=form)
        assert answer.ok, answer.status
        return Agent(page, self.folder, name, desk)

    async def network(self) -> Network:
        """Return a way to the desk that can be cut."""
        return await self._stack.enter_async_context(Network())

    async def close(self) -> None:
        """See everybody out."""
        await self._stack.aclose()

    async def _page(self, network: Network | None = None, **context: Any) -> Page:
        if network is not None:
            context["proxy"] = {"server": network.url, "bypass": "<-loopback>"}
        context = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}} | context
        made = await self._browser.new_context(**context)
        self._stack.push_async_callback(made.close)
        made.set_default_timeout(15_000)
        self._watch(made)
        page = await made.new_page()
        self.pages.append(page)
        return page

    def _watch(self, context: BrowserContext) -> None:
        context.on("weberror", lambda error: self.errors.append(str(error.error)))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser of all journeys."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A stage whose scripts must not fail. Keeps what was on screen at the end."""
    name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    folder = SCREENSHOTS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    opened = Stage(browser, folder)
    yield opened
    for at, page in enumerate(opened.pages):
        await page.screenshot(path=folder / f"end-{at}.png")
    await opened.close()
    assert opened.errors == [], "a script failed"
