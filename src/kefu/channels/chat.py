"""Live chat: a customer's frames become calls at the door, over socket or HTTP alike."""

import asyncio
import hashlib
import re
from typing import Any, Final

from msgspec import to_builtins

from kefu import guard
from kefu.actions.desk import Desk
from kefu.actions.visit import Arrival
from kefu.actions.waits import Look
from kefu.core import metrics
from kefu.core.errors import HelloRefused, KefuError
from kefu.core.i18n import DEFAULT, language
from kefu.core.records import Inbound, Receipt, Visitor
from kefu.core.text import SafeText
from kefu.files.inspect import ACCEPTED, MAX_BYTES
from kefu.realtime.connection import Connection
from kefu.realtime.protocol import KEY, VERSION, Hello, Say, Spans

FILES_A_MESSAGE: Final = 10
MOST_SPANS: Final = 50
_KEY: Final = re.compile(KEY)


class KeyRefused(KefuError):
    """A client key that is not 1 to 64 printable ASCII characters."""

    code = "key.refused"
    status = 400


class TooManyFiles(KefuError):
    """Over ten files in one message."""

    code = "file.too_many"
    status = 413


class HarmlessRefused(KefuError):
    """Spans called harmless that are none: over 50, empty, backwards, or past the longest text."""

    code = "harmless.refused"
    status = 400


LIMITS: Final[dict[str, Any]] = {
    "text": guard.LIMIT,
    "file": MAX_BYTES,
    "files": FILES_A_MESSAGE,
    "types": sorted(ACCEPTED),
    "harmless": MOST_SPANS,
}


async def on_hello(desk: Desk, frame: Hello, listening: Connection | None = None) -> Arrival:
    """Return who a browser is, by its own token and the exchange's."""
    if frame.v != VERSION:
        raise HelloRefused
    return await desk.hello(
        inbox_key=frame.inbox,
        site=frame.site,
        token=frame.token,
        identity=frame.identity,
        language=language(frame.lang) or DEFAULT,
        listening=listening,
    )


async def on_say(desk: Desk, visitor: Visitor, frame: Say, lang: str | None = None) -> Receipt:
    """Store what the customer said, once its secrets are out of it."""
    if not _KEY.fullmatch(frame.key):
        raise KeyRefused
    if len(frame.files) > FILES_A_MESSAGE:
        raise TooManyFiles(limit=FILES_A_MESSAGE)
    if not _are_spans(frame.harmless):
        raise HarmlessRefused
    text = await clean(
        frame.text, visitor.language, optional=bool(frame.files), asserted=frame.harmless
    )
    return await desk.receive(
        Inbound(visitor, frame.key, text, frame.files, lang, topic=frame.topic)
    )


def _are_spans(given: Spans) -> bool:
    return len(given) <= MOST_SPANS and all(0 <= a < b <= guard.LIMIT for a, b in given)


async def clean(
    text: str, lang: str, *, optional: bool = False, asserted: Spans = ()
) -> SafeText | None:
    """Return guarded text; a long one is guarded off the event loop. None: nothing beside files.

    asserted: spans that the author called harmless.
    """
    if optional and not text.strip():
        return None
    if len(text) > guard.LONG:
        safe = await asyncio.to_thread(guard.clean, text, lang=lang, asserted=asserted)
    else:
        safe = guard.clean(text, lang=lang, asserted=asserted)
    for finding in safe.findings:
        metrics.findings.labels(finding.kind).inc()
    return safe


def welcome(arrival: Arrival, look: Look, *, beat: int) -> dict[str, Any]:
    """Return the welcome frame. look: the queues as last seen; beat: seconds between two."""
    visitor, conversation = arrival.visitor, arrival.conversation
    frame: dict[str, Any] = {
        "type": "welcome",
        "v": VERSION,
        "you": _you(visitor),
        "conversation": None,
        "beat": beat,
        "limits": LIMITS,
        "hours": to_builtins(look.opening),
        "peak": look.peak,
        "wait": look.frame_of(conversation.id) if conversation else None,
    }
    if conversation is not None:
        who = conversation.assignee
        frame["conversation"] = {
            "id": conversation.id,
            "reference": conversation.reference,
            "status": conversation.status,
            "head": conversation.public_head,
            "seen": {"agent": conversation.agent_seen, "customer": conversation.customer_seen},
            "agent": {"name": who.name, "badge": who.badge} if who else None,
        }
    if arrival.token:
        frame["token"] = arrival.token
    if arrival.problem:
        frame["problem"] = arrival.problem
    return frame


def _you(visitor: Visitor) -> dict[str, str]:
    """Return who the browser speaks for; the mark of a customer changes with the person."""
    if visitor.uid is None:
        return {"kind": "visitor"}
    person = f"{visitor.inbox_id}:{visitor.customer_id}"
    return {"kind": "customer", "mark": hashlib.sha256(person.encode()).hexdigest()[:16]}


def ack(receipt: Receipt) -> dict[str, Any]:
    """Return the ack frame: the message is on disk."""
    event = receipt.event
    return {
        "type": "ack",
        "key": receipt.key,
        "conversation": receipt.conversation_id,
        "reference": receipt.reference,
        "seq": event.seq,
        "at": event.at,
        "text": event.text.value if event.text else "",
    }
