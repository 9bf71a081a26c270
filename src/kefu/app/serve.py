"""Serve the desk with uvicorn, and stop without losing anything."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from kefu.app.process import Process
from kefu.web.site import site


class Server(uvicorn.Server):
    """uvicorn, with a word to every socket before they are closed."""

    def __init__(self, config: uvicorn.Config, goodbye: Callable[[], None]) -> None:
        super().__init__(config)
        self._goodbye = goodbye

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Shut down at a signal and return; uvicorn's own would raise it again, too early."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell sockets goodbye, then shut down as uvicorn does."""
        self._goodbye()
        await asyncio.sleep(0.1)
        await super().shutdown(sockets)


async def serve(process: Process, listening: socket.socket) -> None:
    """Serve until a signal comes. The listening socket is bound already."""
    logging.getLogger("uvicorn.access").disabled = True
    async with process.running():
        config = uvicorn.Config(
            site(process.desk),
            log_config=None,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=65_536 * 2,
            ws_per_message_deflate=False,
            lifespan="off",
            proxy_headers=bool(process.settings.trusted_proxies),
            forwarded_allow_ips=list(process.settings.trusted_proxies),
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        gc.freeze()  # what start-up made lives on: a full collection need not walk it
        gc.set_threshold(10_000, 20, 20)
        await Server(config, process.say_goodbye).serve(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 takes a free one. Raises OSError if the port is taken.

    The protocol is named because asyncio sends without delay (TCP_NODELAY) only then.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    bound.listen(2048)
    bound.setblocking(False)
    return bound
