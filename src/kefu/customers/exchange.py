"""The signed client of the exchange's back end. The contract is `docs/exchange.md`.

One call is one request: whoever must be heard (the outbox) calls again with the same id, and
the exchange answers a repeated id without acting twice.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from kefu.core.clock import Clock, now
from kefu.core.errors import KefuError
from kefu.core.ids import uuid7
from kefu.customers import signing
from kefu.fetch import Answer, Fetcher, FetchFailed

FreezeReason = Literal["customer_asked", "account_taken", "device_lost", "scam"]
NotifyKind = Literal["reply", "closed"]
Mask = Literal["none", "tail", "hidden"]

MIN_SECRET_BYTES: Final = 32

_CODE: Final = re.compile(r"[a-z_]+(\.[a-z_]+)*")
_Body = TypeVar("_Body")
_Short = Annotated[str, Meta(min_length=1, max_length=64)]


class ExchangeRefused(KefuError):
    """The exchange said no, and will say it again. `reason` is its own code, `uid.unknown`."""

    code = "exchange.refused"
    status = 422

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class ExchangeUnavailable(KefuError):
    """No usable answer; the same call, with the same id, may succeed later."""

    code = "exchange.unavailable"
    status = 503


class ExchangeUnproven(KefuError):
    """The answer is not signed by the exchange for this very call; nothing in it is believed."""

    code = "exchange.unproven"
    status = 502


class Exchange(Struct, frozen=True):
    """Where the exchange's back end listens, and the secret shared with it."""

    url: str
    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) < MIN_SECRET_BYTES:
            raise ValueError(f"the exchange's secret needs {MIN_SECRET_BYTES} bytes or more")

    def __repr__(self) -> str:
        return f"Exchange({self.url!r})"


class Fact(Struct, frozen=True):
    """One thing the exchange knows of a customer.

    mask: `none` is shown, of `tail` the last four characters, `hidden` only through the
        logged reveal.
    label: the name of it in words, by language.
    """

    name: _Short
    value: Annotated[str, Meta(max_length=500)]
    mask: Mask = "hidden"
    label: dict[str, _Short] = {}


class Consent(Struct, frozen=True):
    """The customer said yes: in which conversation, and when."""

    reference: str
    at: datetime


class Frozen(Struct, frozen=True):
    """What a freeze did. `already`: withdrawals were frozen before."""

    reference: _Short
    already: bool = False
    until: datetime | None = None


class SupportCode(Struct, frozen=True):
    """Whether the one-time code is the customer's, and how long it opens the record."""

    valid: bool
    expires_at: datetime | None = None


class _Facts(Struct):
    facts: Annotated[tuple[Fact, ...], Meta(max_length=50)]


class _Notified(Struct):
    delivered: bool


class _Problem(Struct):
    code: str


class ExchangeClient:
    """Asks the exchange of one inbox.

    Every call raises one of the errors above, or FetchRefused where the operator's URL leads
    to an address the desk does not go to.
    """

    def __init__(self, exchange: Exchange, fetcher: Fetcher, *, clock: Clock = now) -> None:
        self._exchange = exchange
        self._fetcher = fetcher
        self._clock = clock

    async def facts(self, uid: str) -> tuple[Fact, ...]:
        """Return what the exchange lets the desk know of the customer, at most 50 facts."""
        found = await self._call("GET", f"/facts?uid={quote(uid, safe='')}", None, uuid7(), _Facts)
        return found.facts

    async def freeze(self, uid: str, reason: FreezeReason, consent: Consent, *, id: UUID) -> Frozen:
        """Freeze the customer's withdrawals, as the customer asked."""
        said = {"reference": consent.reference, "at": consent.at}
        body = {"uid": uid, "reason": reason, "consent": said}
        return await self._call("POST", "/freeze", body, id, Frozen)

    async def support_code(self, uid: str, code: str, badge: str, *, id: UUID) -> SupportCode:
        """Use up the one-time code from the customer's app, for the agent with this badge."""
        body = {"uid": uid, "code": code, "badge": badge}
        return await self._call("POST", "/support-code", body, id, SupportCode)

    async def notify(
        self, uid: str, kind: NotifyKind, reference: str, language: str, *, id: UUID
    ) -> bool:
        """Have the app tell the customer; return whether a device was reached. Carries no text."""
        body = {"uid": uid, "kind": kind, "reference": reference, "language": language}
        return (await self._call("POST", "/notify", body, id, _Notified)).delivered

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None, id: UUID, answer: type[_Body]
    ) -> _Body:
        url = self._exchange.url.rstrip("/") + path
        target = urlsplit(url)._replace(scheme="", netloc="").geturl()
        sent = b"" if body is None else msgspec.json.encode(body)
        proof = signing.headers(
            self._exchange.secret, str(id), self._clock(), f"{method}.{target}", sent
        )
        kind = {"Content-Type": "application/json"} if sent else {}
        try:
            got = await self._fetcher.fetch(
                method, url, headers=proof | kind, body=sent, follow=False
            )
        except FetchFailed:
            raise ExchangeUnavailable from None
        return self._read(got, str(id), target, answer)

    def _read(self, got: Answer, id: str, target: str, answer: type[_Body]) -> _Body:
        """Return the body of a proven answer."""
        if got.status == 429 or got.status >= 500:
            raise ExchangeUnavailable(retry_after=_seconds(got.headers.get("retry-after", "")))
        line = f"{got.status}.{target}"
        if id != signing.proven(
            self._exchange.secret, got.headers, line, got.body, now=self._clock()
        ):
            raise ExchangeUnproven
        if got.status != 200:
            raise ExchangeRefused(_reason(got.body))
        try:
            return msgspec.json.decode(got.body, type=answer)
        except msgspec.DecodeError:
            raise ExchangeUnavailable from None


def _seconds(retry_after: str) -> float | None:
    return float(retry_after) if re.fullmatch(r"[0-9]{1,5}", retry_after) else None


def _reason(body: bytes) -> str:
    """Return the code of an error answer, `unknown` if it has none of the right form."""
    try:
        code = msgspec.json.decode(body, type=_Problem).code
    except msgspec.DecodeError:
        return "unknown"
    return code if len(code) <= 64 and _CODE.fullmatch(code) else "unknown"
