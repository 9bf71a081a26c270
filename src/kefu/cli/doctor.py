"""`kefu doctor`: does this desk work, from its database to a socket through the public address?"""

import asyncio
import contextlib
import secrets
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import click
import msgspec
import websockets
from sqlalchemy.exc import SQLAlchemyError
from websockets.typing import Origin

from kefu.app.process import bus_of
from kefu.core.errors import KefuError
from kefu.core.settings import Settings, from_environment
from kefu.fetch import Fetcher
from kefu.files.blobs import FolderBlobs
from kefu.storage.db import Database
from kefu.storage.migrate import is_current
from kefu.storage.timers import next_due

SECONDS: Final = 10
LOW_BYTES: Final = 1 << 30
MOST_SKEW_SECONDS: Final = 5.0

Check = Callable[[Settings], Awaitable[str]]


class Trouble(Exception):
    """A check that failed: what is wrong, and what to do."""


@click.command()
def doctor() -> None:
    """Check database, files, bus, and clock and sockets through KEFU_PUBLIC_URL."""
    settings = from_environment()
    if not asyncio.run(_all(settings)):
        sys.exit(1)


async def _all(settings: Settings) -> bool:
    """Run every check, print a line for each; return whether all passed."""
    good = True
    for name, check in CHECKS.items():
        try:
            async with asyncio.timeout(SECONDS):
                said, mark = await check(settings), "ok  "
        except Trouble as trouble:
            said, mark, good = str(trouble), "FAIL", False
        except (KefuError, OSError, TimeoutError, SQLAlchemyError) as error:
            said, mark, good = f"{type(error).__name__}: {error}", "FAIL", False
        click.echo(f"{mark}  {name:<9} {said}")
    return good


async def _database(settings: Settings) -> str:
    """Reachable, current, and willing to write."""
    database = Database(settings.database_url)
    try:
        if not await database.read(is_current):
            raise Trouble("the schema is not this version's; run: kefu migrate")
        await database.write(next_due)
    finally:
        database.close()
    return f"{database.engine.dialect.name} answers, takes writes, and has the current schema"


async def _files(settings: Settings) -> str:
    """A file can be kept, read and dropped; the disk has room."""
    blobs, content = FolderBlobs(settings.files_path), secrets.token_bytes(64)
    digest = blobs.put(content)
    same = blobs.get(digest) == content
    blobs.delete(digest)
    if not same:
        raise Trouble(f"{settings.files_path} gives back other content than it was given")
    free = shutil.disk_usage(settings.files_path).free
    if free < LOW_BYTES:
        raise Trouble(f"only {free >> 20} MiB free at {settings.files_path}")
    return f"{settings.files_path} keeps files, {free >> 30} GiB free"


async def _bus(settings: Settings) -> str:
    """The bus of several processes can be reached."""
    if not settings.bus_url:
        return "one process, no bus needed"
    bus = bus_of(settings.bus_url)
    await bus.start(_ignored)
    healthy = bus.healthy
    await bus.stop()
    if not healthy:
        raise Trouble("the bus does not answer; look at KEFU_BUS_URL")
    return "the bus answers"


async def _ignored(hints: object) -> None:
    """Take no notice."""


async def _clock(settings: Settings) -> str:
    """This machine and whoever answers at the public address agree about the time."""
    place = urlsplit(settings.public_url)
    port = place.port or (443 if place.scheme == "https" else 80)
    async with Fetcher(allow={place.netloc, f"{place.hostname}:{port}"}) as fetcher:
        answer = await fetcher.fetch("GET", f"{settings.public_url}/healthz")
    if answer.status != 200:
        raise Trouble(f"{settings.public_url}/healthz answers {answer.status}, not 200")
    with contextlib.suppress(KeyError, ValueError):
        theirs = parsedate_to_datetime(answer.headers["date"])
        skew = abs((datetime.now(UTC) - theirs).total_seconds())
        if skew > MOST_SKEW_SECONDS:
            raise Trouble(f"this clock and the server's differ by {skew:.0f} s; set up NTP")
    return f"the clock agrees with {place.netloc}"


async def _sockets(settings: Settings) -> str:
    """A socket opens through the public address, says hello and is welcomed."""
    url = settings.socket_origin + "/ws"
    try:
        async with websockets.connect(url, origin=Origin(settings.origin)) as socket:
            await socket.send('{"type":"hello","v":1}')
            frame = msgspec.json.decode(await socket.recv())
    except (websockets.InvalidHandshake, websockets.InvalidURI) as error:
        raise Trouble(
            f"{url} does not open ({error}); the proxy must pass Upgrade and Connection, "
            "and KEFU_PUBLIC_URL must be the address customers use"
        ) from error
    if frame.get("type") != "welcome":
        raise Trouble(f"{url} opens but answers {frame.get('code')}; run: kefu init")
    return f"{url} opens and welcomes"


CHECKS: Final[dict[str, Check]] = {
    "database": _database,
    "files": _files,
    "bus": _bus,
    "clock": _clock,
    "sockets": _sockets,
}
