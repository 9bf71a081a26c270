"""`kefu demo`: a furnished desk and an imitation exchange, gone without a trace when it ends."""

import asyncio
import contextlib
import secrets
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from types import FrameType
from typing import Final

import click
import uvicorn
import uvloop

from kefu.app.logs import configure
from kefu.app.memory import keep_little
from kefu.app.process import Process
from kefu.app.serve import listen, serve
from kefu.cli.demo.content import content
from kefu.cli.demo.exchange import app
from kefu.cli.demo.furnish import at_the_desk, furnish
from kefu.cli.demo.imitation import Imitation
from kefu.core.clock import now
from kefu.core.settings import Settings, from_environment
from kefu.storage.db import Database

HOST: Final = "127.0.0.1"
PORT: Final = 8000
STAY_SECONDS: Final = 60


@click.command()
@click.option("--port", type=int, envvar="KEFU_PORT", help="Port; 8000, or a free one if taken.")
@click.option("--no-browser", is_flag=True, help="Do not open the exchange in a browser.")
def demo(port: int | None, no_browser: bool) -> None:
    """Serve a furnished desk and an exchange to try it with; nothing is kept."""
    configure()
    keep_little()
    signal.signal(signal.SIGTERM, _end)
    desk, exchange = _listening(port), listen(HOST, 0)
    password = f"demo-{secrets.token_hex(4)}"
    with (
        contextlib.suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="kefu-demo-") as folder,
    ):
        settings = from_environment(
            {
                "KEFU_DATABASE_URL": f"sqlite:///{folder}/kefu.db",
                "KEFU_PUBLIC_URL": _url(desk),
            }
        )
        uvloop.run(_run(settings, desk, exchange, password, no_browser=no_browser))


def _end(number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does: what is open is closed, and the folder goes."""
    raise KeyboardInterrupt


def _listening(port: int | None) -> socket.socket:
    """Return the desk's socket. Raises ClickException if the port that was asked for is taken."""
    try:
        return listen(HOST, PORT if port is None else port)
    except OSError as error:
        if port is None:
            return listen(HOST, 0)
        raise click.ClickException(f"cannot listen on {HOST}:{port}: {error.strerror}") from error


def _url(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}"


async def _run(
    settings: Settings,
    desk: socket.socket,
    exchange: socket.socket,
    password: str,
    *,
    no_browser: bool,
) -> None:
    people = {person.uid: person for person in content().people}
    imitation = Imitation("halden", people)
    await furnish(settings, imitation, _url(exchange), password=password, start=now())
    beside = _Beside(uvicorn.Config(app(imitation, _url(desk)), log_config=None, lifespan="off"))
    serving = asyncio.create_task(beside.serve(sockets=[exchange]))
    staying = asyncio.create_task(_stay(settings.database_url))
    process = Process(settings, inside=frozenset({_url(exchange).removeprefix("http://")}))
    _announce(_url(desk), _url(exchange), password)
    if not no_browser and sys.stdout.isatty():
        await asyncio.to_thread(webbrowser.open, _url(exchange))
    try:
        await serve(process, desk)
    finally:
        staying.cancel()
        beside.should_exit = True
        await serving


async def _stay(database_url: str) -> None:
    """Keep the demo's staff at the desk, so that nobody's conversations go to somebody else."""
    database = Database(database_url)
    try:
        while True:
            await database.write(at_the_desk, at=now())
            await asyncio.sleep(STAY_SECONDS)
    finally:
        database.close()


class _Beside(uvicorn.Server):
    """The exchange's server: it ends with the desk's, which alone minds the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the desk's server."""
        yield


def _announce(desk: str, exchange: str, password: str) -> None:
    """Print where everything is."""
    width = max(len(person.email) for person in content().staff)
    lines = [
        "",
        f"  Exchange with the chat   {exchange}/?lang=zh   {exchange}/?lang=en",
        f"  Desk for agents          {desk}/desk/",
        f"  Public pages             {desk}/",
        "",
        f"  Agents, password {password}",
        *(
            f"    {person.email:<{width}}  {person.alias}, {person.role}"
            for person in content().staff
        ),
        "",
        "  Ctrl-C ends the demo; nothing is kept.",
        "",
    ]
    click.echo("\n".join(lines))
