"""The chat inboxes of this desk, opened once and looked at again every few seconds."""

import time
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from kefu.core import crypto
from kefu.core.errors import HelloRefused
from kefu.core.i18n import DEFAULT
from kefu.customers.exchange import Exchange
from kefu.customers.tokens import IdentityKey
from kefu.reads import conversation as reads
from kefu.storage.db import Database

FRESH_SECONDS: Final = 10
_SEAL: Final = "inbox"


class Inbox(Struct, frozen=True):
    """A configured door: where it may stand, whose identity tokens it takes."""

    id: UUID
    key: str
    name: dict[str, str]
    origins: frozenset[str]
    identity_keys: tuple[IdentityKey, ...]
    exchange: Exchange | None

    def called(self, lang: str) -> str:
        """Return the inbox's name in a language, or in the first it has."""
        return self.name.get(lang) or self.name.get(DEFAULT) or next(iter(self.name.values()), "")


class Inboxes:
    """Finds inboxes by key or id. Their secrets are unsealed in memory only."""

    def __init__(self, database: Database, secret_key: bytes) -> None:
        self._database = database
        self._secret_key = secret_key
        self._known: tuple[Inbox, ...] = ()
        self._read_at = float("-inf")

    async def all(self) -> tuple[Inbox, ...]:
        """Return every inbox, oldest first."""
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            views = await self._database.read(reads.inboxes)
            self._known = tuple(self._opened(view) for view in views)
            self._read_at = time.monotonic()
        return self._known

    def brand(self, lang: str) -> str:
        """Return the desk's name for pages: that of the first inbox, as last read."""
        return self._known[0].called(lang) if self._known else "kefu"

    async def by_key(self, key: str | None) -> Inbox:
        """Return the inbox of a widget key; None means the first. Raises HelloRefused."""
        known = await self.all()
        found = next((i for i in known if key is None or i.key == key), None)
        if found is None:
            raise HelloRefused
        return found

    async def by_id(self, inbox_id: UUID) -> Inbox:
        """Return the inbox. Raises HelloRefused if it is gone."""
        found = next((i for i in await self.all() if i.id == inbox_id), None)
        if found is None:
            raise HelloRefused
        return found

    def _opened(self, view: reads.InboxView) -> Inbox:
        return Inbox(
            id=view.id,
            key=view.key,
            name=view.name,
            origins=frozenset(view.origins),
            identity_keys=tuple(
                msgspec.msgpack.decode(
                    crypto.unseal(self._secret_key, _SEAL, view.identity_keys),
                    type=list[IdentityKey],
                )
                if view.identity_keys
                else ()
            ),
            exchange=(
                msgspec.msgpack.decode(
                    crypto.unseal(self._secret_key, _SEAL, view.exchange), type=Exchange
                )
                if view.exchange
                else None
            ),
        )


def sealed(secret_key: bytes, value: object) -> bytes:
    """Return keys or an exchange's secret as the inbox's row holds them."""
    return crypto.seal(secret_key, _SEAL, msgspec.msgpack.encode(value))
