"""The servers of conftest.py do what the other tests take for granted."""

import nats as client
import psycopg
import pytest
from playwright.async_api import async_playwright

from tests.servers import Nats, Postgres


def test_each_test_has_an_empty_postgresql_database_of_its_own(
    postgres: Postgres, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url) as mine:
        mine.execute("CREATE TABLE note (text text)")
    other_url = postgres.create()
    with psycopg.connect(other_url) as other:
        assert _tables(other) == []
    postgres.drop(other_url)


def test_a_database_can_be_copied_from_a_prepared_one(postgres: Postgres) -> None:
    prepared_url = postgres.create()
    with psycopg.connect(prepared_url) as prepared:
        prepared.execute("CREATE TABLE note (text text)")
    copy_url = postgres.create(template=prepared_url.rpartition("/")[2])
    with psycopg.connect(copy_url) as copy:
        assert _tables(copy) == ["note"]
    postgres.drop(copy_url)
    postgres.drop(prepared_url)


def test_a_durable_postgresql_keeps_what_was_committed_through_a_crash(
    durable_postgres: Postgres,
) -> None:
    with psycopg.connect(durable_postgres.url()) as before:
        before.execute("CREATE TABLE note (text text)")
    durable_postgres.crash()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(durable_postgres.url())
    durable_postgres.start()
    with psycopg.connect(durable_postgres.url()) as after:
        assert _tables(after) == ["note"]


async def test_nats_carries_a_message_and_comes_back_after_a_stop(nats: Nats) -> None:
    assert await _echo(nats) == b"first"
    nats.stop()
    nats.start()
    assert await _echo(nats) == b"first"


@pytest.mark.browser
async def test_chromium_renders_a_page(chromium: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.set_content("<title>客服</title>")
        assert await page.title() == "客服"
        await browser.close()


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [name for (name,) in rows]


async def _echo(server: Nats) -> bytes:
    connection = await client.connect(server.url)
    subscription = await connection.subscribe("echo")
    await connection.publish("echo", b"first")
    message = await subscription.next_msg(timeout=2)
    await connection.close()
    return message.data
