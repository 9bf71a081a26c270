"""The socket protocol, without sockets: frames in, frames out. docs/protocol.md describes it.

Pure: no clock, no database, no await. Time comes in as an argument.
"""

from typing import Annotated, Any, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from kefu.core.errors import KefuError

VERSION: Final = 1
LARGEST_FRAME: Final = 65_536
HELLO_SECONDS: Final = 10.0


MOST_SEQ: Final = 2**31 - 1
LONGEST_KEY: Final = 64
KEY: Final = f"^[!-~]{{1,{LONGEST_KEY}}}$"
"""A client key: 1 to 64 printable ASCII characters without spaces."""

Spans = tuple[tuple[int, int], ...]
Seq = Annotated[int, Meta(ge=0, le=MOST_SEQ)]


class FrameMalformed(KefuError):
    """Not a JSON object, or a field of the wrong type."""

    code = "frame.malformed"
    status = 400


class FrameUnknown(KefuError):
    """A `type` this version does not know."""

    code = "frame.unknown"
    status = 400


class FrameTooLarge(KefuError):
    """Over 64 kB."""

    code = "frame.too_large"
    status = 413


class FrameOutOfOrder(KefuError):
    """Something before hello, or a second hello that cannot be."""

    code = "frame.out_of_order"
    status = 409


class Frame(Struct, tag_field="type", frozen=True):
    """A frame from a client; `type` says which."""


class Hello(Frame, tag="hello", frozen=True):
    """Who speaks: a visitor (inbox, site, token?) or an agent (desk: a socket token)."""

    v: int = VERSION
    inbox: str | None = None
    site: str | None = None
    token: str | None = None
    identity: str | None = None
    lang: str | None = None
    desk: str | None = None


class Say(Frame, tag="say", frozen=True):
    """A message of the customer. key: chosen by the client, the same on every try.

    harmless: spans of the text, in code points, that its author called no secret.
    topic: what it is about; counts if the message opens a conversation.
    """

    key: str
    text: str
    files: tuple[UUID, ...] = ()
    harmless: Spans = ()
    topic: str | None = None


class Resume(Frame, tag="resume", frozen=True):
    """Send what came after a line; for an agent also: keep sending."""

    conversation: UUID
    after: Seq = 0


class Unwatch(Frame, tag="unwatch", frozen=True):
    """Stop sending this conversation (agents)."""

    conversation: UUID


class SeenFrame(Frame, tag="seen", frozen=True):
    """Read up to a line."""

    conversation: UUID
    seq: Seq


class Typing(Frame, tag="typing", frozen=True):
    """Somebody is typing, or stopped. Never carries text."""

    conversation: UUID
    on: bool = True


class Escalate(Frame, tag="escalate", frozen=True):
    """The customer wants somebody more senior, or the technical team."""

    conversation: UUID
    to: Literal["senior", "technical"] = "senior"


class Solve(Frame, tag="solve", frozen=True):
    """The customer needs no more help."""

    conversation: UUID


class Continue(Frame, tag="continue", frozen=True):
    """The customer will not wait here: the answer is to reach them this way."""

    conversation: UUID
    by: Literal["app"]


class Ping(Frame, tag="ping", frozen=True):
    """Answered with pong."""


class Bye(Frame, tag="bye", frozen=True):
    """The client leaves."""


Incoming = (
    Hello | Say | Resume | Unwatch | SeenFrame | Typing | Escalate | Solve | Continue | Ping | Bye
)

_KNOWN: Final = {str(frame.__struct_config__.tag) for frame in get_args(Incoming)}
_DECODER: Final[msgspec.json.Decoder[Incoming]] = msgspec.json.Decoder(Incoming)
_TYPE: Final = msgspec.json.Decoder(dict[str, Any])


def decode(text: str) -> Incoming:
    """Return the frame. Raises FrameTooLarge, FrameMalformed or FrameUnknown.

    Unknown fields are ignored.
    """
    if len(text) * 4 > LARGEST_FRAME and _bytes(text) > LARGEST_FRAME:
        raise FrameTooLarge(limit=LARGEST_FRAME)
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise _what_is_wrong(text) from error


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _what_is_wrong(text: str) -> KefuError:
    try:
        kind = _TYPE.decode(text).get("type")
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return FrameMalformed()
    known = isinstance(kind, str) and kind in _KNOWN
    return FrameMalformed() if known or not isinstance(kind, str) else FrameUnknown()


def encode(frame: dict[str, Any]) -> str:
    """Return the frame as JSON text."""
    return msgspec.json.encode(frame).decode()


Allowance = Literal["say", "control"]
_RATES: Final[dict[Allowance, tuple[float, float]]] = {"say": (2.0, 20.0), "control": (20.0, 60.0)}


class Pace:
    """How fast one client may send: a token bucket for messages, one for the rest.

    rates: by allowance, (a second, burst).
    """

    __slots__ = ("_at", "_left", "_rates")

    def __init__(self, now: float, rates: dict[Allowance, tuple[float, float]] = _RATES) -> None:
        self._rates = rates
        self._left = {kind: burst for kind, (_, burst) in rates.items()}
        self._at = now

    def wait(self, frame: Incoming, now: float) -> float:
        """Return 0 if the frame may pass now, else after how many seconds."""
        for kind, (rate, burst) in self._rates.items():
            self._left[kind] = min(burst, self._left[kind] + (now - self._at) * rate)
        self._at = now
        kind = "say" if isinstance(frame, Say) else "control"
        if self._left[kind] < 1:
            return (1 - self._left[kind]) / self._rates[kind][0]
        self._left[kind] -= 1
        return 0.0
