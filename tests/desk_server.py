"""The desk as a process of its own, that tests may kill; and people who speak its protocol."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

from tests.servers import free_port

START_SECONDS: Final = 20
SECRET: Final = "s" * 40
PASSWORD: Final = "{} password"


class DeskServer:
    """`kefu serve` on a free port; killed with SIGKILL, it comes back on the same port."""

    def __init__(
        self,
        database_url: str,
        folder: Path,
        *,
        bus_url: str = "",
        beat: int | None = None,
        public_url: str = "",
        ocr: bool = False,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url
        self._log = folder / f"desk-{self.port}.log"
        self._environ = {
            **os.environ,
            "KEFU_DATABASE_URL": database_url,
            "KEFU_BUS_URL": bus_url,
            "KEFU_FILES_URL": str(folder / "files"),
            "KEFU_SECRET_KEY": SECRET,
            "KEFU_PUBLIC_URL": public_url or self.url,
            "KEFU_OCR": "auto" if ocr else "off",
        }
        if beat is not None:
            self._environ["KEFU_BEAT_SECONDS"] = str(beat)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return when it answers."""
        command = [sys.executable, "-m", "kefu", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environ, stdout=log, stderr=log)
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                break
            with suppress(httpx.TransportError):
                if httpx.get(self.url + "/healthz", timeout=2).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the desk did not start: {self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(15)

    def limit_files(self, size_bytes: int) -> None:
        """Let it write no file past so many bytes, as a full disk does; -1 makes room again."""
        assert self._process is not None
        hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size_bytes, hard))

    @property
    def log(self) -> str:
        """What the process wrote."""
        return self._log.read_text()

    def agent_token(self, name: str = "lin") -> str:
        """A fresh socket token of an agent, got through the desk's own pages."""
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=10) as browser:
            page = browser.get("/desk/sign-in")
            token = page.cookies["kefu_csrf"]
            browser.post(
                "/desk/sign-in",
                data={
                    "_csrf_token": token,
                    "email": f"{name}@halden.example",
                    "password": PASSWORD.format(name),
                },
            )
            found: str = browser.get("/desk/socket-token").json()["token"]
            return found


class Client:
    """One socket: frames out, and what came in, by type."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame."""
        await self.socket.send(json.dumps(frame))

    async def next(self, kind: str, seconds: float = 5) -> dict[str, Any]:
        """Return the next frame of a type, keeping the others."""
        async with asyncio.timeout(seconds):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if frame["type"] == kind:
                    return frame

    async def say(self, text: str, key: str | None = None) -> dict[str, Any]:
        """Say something and return its ack."""
        await self.send({"type": "say", "key": key or str(uuid4()), "text": text})
        return await self.next("ack")

    async def silence(self, seconds: float = 0.3) -> list[dict[str, Any]]:
        """Return what comes within the time."""
        came = []
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    came.append(json.loads(await self.socket.recv()))
        return came


@asynccontextmanager
async def customer(server: DeskServer, token: str | None = None) -> AsyncIterator[Client]:
    """A customer's socket after hello; its welcome is the first frame."""
    async with websockets.connect(server.url.replace("http", "ws", 1) + "/ws") as socket:
        client = Client(socket)
        hello = {"type": "hello", "v": 1, "lang": "en"}
        await client.send(hello | ({"token": token} if token else {}))
        await client.next("welcome")
        yield client


@asynccontextmanager
async def agent(server: DeskServer, name: str = "lin") -> AsyncIterator[Client]:
    """An agent's socket after hello."""
    async with websockets.connect(server.url.replace("http", "ws", 1) + "/ws") as socket:
        client = Client(socket)
        token = await asyncio.to_thread(server.agent_token, name)
        await client.send({"type": "hello", "v": 1, "desk": token})
        await client.next("welcome")
        yield client
