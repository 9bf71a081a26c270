"""Hints between processes: which conversations moved. No text, no row; a lost hint is harmless."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from kefu.core.records import Owner

HintKind = Literal["event", "seen", "typing", "joined", "ended"]


class Hint(Struct, frozen=True, omit_defaults=True):
    """Something others may want to look at.

    event: the conversation's head is now `seq`. seen: `by` read up to `seq`. typing: `by`
    (`name`) is typing or stopped. joined: visitor `topic` now speaks for `owner`.
    ended: the visit or the agent's session `topic` is over.
    """

    kind: HintKind
    conversation: UUID | None = None
    owner: Owner | None = None
    seq: int = 0
    by: str = ""
    name: str | None = None
    on: bool = True
    topic: str = ""


Listener = Callable[[Sequence[Hint]], Awaitable[None]]


class Bus(Protocol):
    """What carries hints to other processes; the own process is told directly."""

    async def start(self, listener: Listener) -> None:
        """Begin to pass hints of other processes to listener."""

    async def publish(self, hints: Sequence[Hint]) -> None:
        """Tell other processes, as far as they can be reached. Never raises, never waits long."""

    async def stop(self) -> None:
        """Stop passing hints."""

    @property
    def healthy(self) -> bool:
        """Whether hints travel now."""


class OneProcess:
    """The bus of a desk that is one process: there is nobody else to tell."""

    healthy = True

    async def start(self, listener: Listener) -> None:
        """Nothing to listen to."""

    async def publish(self, hints: Sequence[Hint]) -> None:
        """Nobody to tell."""

    async def stop(self) -> None:
        """Nothing to stop."""


ENCODE = msgspec.msgpack.Encoder()
DECODE = msgspec.msgpack.Decoder(tuple[str, list[Hint]])
