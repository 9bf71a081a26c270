"""Settings: environment variables, read once at start into one frozen object."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from kefu.core.errors import KefuError

PATTERNS: Final = "KEFU_GUARD_PATTERNS"
_PATTERN_NAME: Final = re.compile("[a-z0-9_-]{1,40}")


class SettingRefused(KefuError):
    """A setting that cannot be used; `name` and `reason` say which and why."""

    code = "setting.refused"

    def __str__(self) -> str:
        return f"{self.values['name']}: {self.values['reason']}"


class Settings(Struct, frozen=True):
    """How this process runs. URLs as documented in README.md.

    secret_key: 32 bytes or more; signs socket tokens and seals keys of inboxes.
    inside: `host:port` of the operator's own hosts that requests may reach at any address.
    beat_seconds: how often a socket hears the heads of what it follows.
    ocr: whether pictures are read where the program for it is installed.
    guard_patterns: the operator's own patterns for the guard, by name.
    """

    database_url: str
    bus_url: str
    files_path: Path
    secret_key: bytes
    public_url: str
    trusted_proxies: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    writer_queue: int = 2_000
    beat_seconds: int = 25
    ocr: Literal["auto", "off"] = "auto"
    guard_patterns: Mapping[str, str] = {}

    @property
    def origin(self) -> str:
        """The desk's own web origin."""
        url = urlsplit(self.public_url)
        return f"{url.scheme}://{url.netloc}"

    @property
    def socket_origin(self) -> str:
        """The origin under which the desk's sockets open."""
        return "ws" + self.origin.removeprefix("http")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings. Makes the secret key file (mode 0600) on the first start.

    Raises SettingRefused for a value that cannot be used.
    """
    database_url = environ.get("KEFU_DATABASE_URL", "sqlite:///kefu.db")
    home = _home(database_url)
    return Settings(
        database_url=database_url,
        bus_url=environ.get("KEFU_BUS_URL", ""),
        files_path=_files_path(environ.get("KEFU_FILES_URL", ""), home),
        secret_key=_secret_key(environ.get("KEFU_SECRET_KEY", ""), home),
        public_url=_public_url(environ.get("KEFU_PUBLIC_URL", "http://127.0.0.1:8000")),
        beat_seconds=_whole(environ, "KEFU_BEAT_SECONDS", 25),
        trusted_proxies=_names(environ.get("KEFU_TRUSTED_PROXIES", "")),
        inside=_names(environ.get("KEFU_FETCH_INSIDE", "")),
        ocr=_ocr(environ.get("KEFU_OCR", "auto")),
        guard_patterns=guard_patterns(environ),
    )


def guard_patterns(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the patterns in the JSON file that KEFU_GUARD_PATTERNS names, or none.

    Raises SettingRefused for a file that cannot be read or is no {"name": "pattern"} object.
    """
    path = environ.get(PATTERNS, "")
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingRefused(
            name=PATTERNS, reason=f"{path} is no readable JSON: {error}"
        ) from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise SettingRefused(name=PATTERNS, reason=f'{path} must hold {{"name": "pattern", ...}}')
    for name in found:
        if not _PATTERN_NAME.fullmatch(name):
            raise SettingRefused(
                name=PATTERNS, reason=f"name {name!r} must be 1 to 40 of a-z, 0-9, - and _"
            )
    return found


def _ocr(given: str) -> Literal["auto", "off"]:
    if given not in ("auto", "off"):
        raise SettingRefused(name="KEFU_OCR", reason="must be auto or off")
    return "off" if given == "off" else "auto"


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    given = environ.get(name, str(default))
    if not given.isdecimal() or int(given) < 1:
        raise SettingRefused(name=name, reason="must be a whole number, 1 or more")
    return int(given)


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.replace(",", " ").split())


def _home(database_url: str) -> Path:
    """Return the folder beside which files and key live: the database's, or the working folder."""
    if database_url.startswith("sqlite:///"):
        return Path(database_url.removeprefix("sqlite:///")).absolute().parent
    return Path.cwd()


def _files_path(url: str, home: Path) -> Path:
    if not url:
        return home / "kefu-files"
    if urlsplit(url).scheme not in ("", "file"):
        raise SettingRefused(name="KEFU_FILES_URL", reason="only a folder (file:///...) is known")
    return Path(urlsplit(url).path)


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise SettingRefused(name="KEFU_PUBLIC_URL", reason="must be like https://support.example")
    return url.rstrip("/")


def _secret_key(given: str, home: Path) -> bytes:
    if given:
        if len(given) < 32:
            raise SettingRefused(name="KEFU_SECRET_KEY", reason="needs 32 characters or more")
        return given.encode()
    path = home / "kefu.key"
    if not path.exists():
        _make_key(path)
    key = path.read_bytes().strip()
    if len(key) < 32:
        raise SettingRefused(name=str(path), reason="is damaged: it holds under 32 characters")
    return key


def _make_key(path: Path) -> None:
    """Write a new key, whole or not at all; another process's, made meanwhile, stays."""
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_urlsafe(48).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()
