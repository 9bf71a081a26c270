"""One person's way to the desk, which a test can cut, silence and mend."""

import asyncio
import struct
from contextlib import suppress
from typing import Final, Self

HERE: Final = "127.0.0.1"
_VERSION: Final = b"\x05"
_GRANTED: Final = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
_BROKEN: Final = (OSError, EOFError)


class Network:
    """A SOCKS5 proxy for one browser context; every host it is asked for is this machine."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._open: set[Tunnel] = set()
        self._is_cut = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, HERE, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @property
    def url(self) -> str:
        """What the browser is told to use."""
        assert self._server is not None
        return f"socks5://{HERE}:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Break every connection, and refuse new ones until `mend`."""
        self._is_cut = True
        for tunnel in list(self._open):
            tunnel.break_()

    def silence(self) -> None:
        """Let nothing through the connections there are, and tell neither end: they stay open.

        New connections work.
        """
        for tunnel in self._open:
            tunnel.flows.clear()

    def mend(self) -> None:
        """Let new connections through."""
        self._is_cut = False

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = Tunnel(reader, writer)
        self._open.add(tunnel)
        with suppress(*_BROKEN):
            if not self._is_cut:
                await tunnel.run()
        tunnel.break_()
        self._open.discard(tunnel)


class Tunnel:
    """One connection through the proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.flows = asyncio.Event()
        self.flows.set()
        self._reader = reader
        self._writers = [writer]

    async def run(self) -> None:
        """Agree on where to, then carry bytes both ways until one side ends."""
        port = await self._asked_port()
        reader, writer = await asyncio.open_connection(HERE, port)
        self._writers.append(writer)
        self._writers[0].write(_GRANTED)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._carry(self._reader, writer))
            both.create_task(self._carry(reader, self._writers[0]))

    def break_(self) -> None:
        """End both sides at once."""
        self.flows.set()
        for writer in self._writers:
            writer.transport.abort()

    async def _asked_port(self) -> int:
        _, methods = await self._reader.readexactly(2)
        await self._reader.readexactly(methods)
        self._writers[0].write(_VERSION + b"\x00")
        _, _, _, kind = await self._reader.readexactly(4)
        length = {1: 4, 4: 16}.get(kind) or (await self._reader.readexactly(1))[0]
        await self._reader.readexactly(length)
        port: int = struct.unpack("!H", await self._reader.readexactly(2))[0]
        return port

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*_BROKEN):
            while data := await reader.read(65_536):
                await self.flows.wait()
                writer.write(data)
                await writer.drain()
        for end in self._writers:
            end.close()
