"""The imitation exchange's side of the exchange contract (`docs/exchange.md`), and its memory."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import OctKey
from msgspec import Struct, field

from kefu.cli.demo.content import Person
from kefu.core.clock import Clock, now
from kefu.customers import signing
from kefu.customers.exchange import Exchange
from kefu.customers.tokens import IdentityKey

KID: Final = "halden-2026"
TOKEN_LIFE: Final = timedelta(minutes=5)
MAX_KEPT: Final = 1_000


class Notice(Struct, frozen=True):
    """A push the desk asked for. Numbers count up, so that a page asks for what is new."""

    number: int
    uid: str
    kind: str
    reference: str
    language: str


class Reply(Struct, frozen=True):
    """A signed answer, ready to send."""

    status: int
    headers: dict[str, str]
    body: bytes


class Refused(Exception):
    """The imitation exchange says no, with a status and its own code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Imitation(Struct):
    """One imitation exchange: its secrets, its people, and what it has been asked.

    answered: what each request id was answered, so that a repeat acts only once.
    """

    inbox_key: str
    people: dict[str, Person]
    clock: Clock = now
    identity_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    contract_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    sessions: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    frozen: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    answered: dict[str, tuple[str, bytes, int, bytes]] = field(default_factory=dict)

    def identity_key(self) -> IdentityKey:
        """Return the key to put into the desk's inbox."""
        return IdentityKey(KID, "HS256", self.identity_secret)

    def exchange(self, url: str) -> Exchange:
        """Return how the desk reaches this exchange at url."""
        return Exchange(f"{url.rstrip('/')}/kefu", self.contract_secret)

    def support_token(self, uid: str) -> str:
        """Return the identity token the page hands to the widget."""
        person = self.people[uid]
        return self.token(uid, locale=person.language, tier=person.tier, name=person.name)

    def token(self, uid: str, **about: str) -> str:
        """Return an identity token for any uid, with the optional claims in `about`."""
        at = self.clock()
        claims: dict[str, Any] = {
            "sub": uid,
            "aud": self.inbox_key,
            "iat": int(at.timestamp()),
            "exp": int((at + TOKEN_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(16),
        }
        header = {"alg": "HS256", "typ": "JWT", "kid": KID}
        return jwt.encode(header, claims | about, OctKey.import_key(self.identity_secret))

    def new_code(self, uid: str) -> str:
        """Return a one-time support code the customer may read out to an agent."""
        code = f"{secrets.randbelow(100_000_000):08d}"
        self.codes[uid] = code
        return code

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the signed answer to one request of the desk.

        target: path and query as sent. headers: names in lower case.
        """
        id = signing.proven(
            self.contract_secret, headers, f"{method}.{target}", body, now=self.clock()
        )
        if id is None or (method == "GET" and body):
            return self._signed(
                headers.get("x-kefu-id", ""), target, 401, _code("signature.refused")
            )
        asked = f"{method}.{target}"
        if id not in self.answered:
            if len(self.answered) >= MAX_KEPT:
                del self.answered[next(iter(self.answered))]
            self.answered[id] = (asked, body, *self._act(method, target, body))
        known, known_body, status, content = self.answered[id]
        if (known, known_body) != (asked, body):
            status, content = 409, _code("id.taken")
        return self._signed(id, target, status, content)

    def _act(self, method: str, target: str, body: bytes) -> tuple[int, bytes]:
        url = urlsplit(target)
        act = _CALLS.get((method, url.path.rpartition("/")[2]))
        try:
            if act is None:
                raise Refused(404, "call.unknown")
            asked = _asked(url.query, body)
            if asked["uid"] not in self.people:
                raise Refused(404, "uid.unknown")
            return 200, msgspec.json.encode(act(self, asked))
        except Refused as refusal:
            return refusal.status, _code(refusal.code)
        except (KeyError, TypeError, AttributeError, msgspec.DecodeError):
            return 400, _code("request.malformed")

    def _signed(self, id: str, target: str, status: int, body: bytes) -> Reply:
        proof = signing.headers(self.contract_secret, id, self.clock(), f"{status}.{target}", body)
        return Reply(status, proof, body)


def _code(code: str) -> bytes:
    return msgspec.json.encode({"code": code})


def _asked(query: str, body: bytes) -> dict[str, Any]:
    """Return what a call asks, from its query or its JSON body."""
    if body:
        return msgspec.json.decode(body, type=dict[str, Any])
    return {name: values[0] for name, values in parse_qs(query).items()}


def _facts(imitation: Imitation, asked: dict[str, Any]) -> dict[str, Any]:
    return {"facts": imitation.people[asked["uid"]].facts}


def _freeze(imitation: Imitation, asked: dict[str, Any]) -> dict[str, Any]:
    datetime.fromisoformat(asked["consent"]["at"])
    already = asked["uid"] in imitation.frozen
    reference = imitation.frozen.setdefault(asked["uid"], f"FRZ-{secrets.randbelow(10**6):06d}")
    return {"reference": reference, "already": already}


def _support_code(imitation: Imitation, asked: dict[str, Any]) -> dict[str, Any]:
    """Use the code up if it is the customer's; it opens the record for half an hour."""
    if imitation.codes.get(asked["uid"]) != asked["code"]:
        return {"valid": False}
    del imitation.codes[asked["uid"]]
    return {"valid": True, "expires_at": imitation.clock() + timedelta(minutes=30)}


def _notify(imitation: Imitation, asked: dict[str, Any]) -> dict[str, Any]:
    number = imitation.notices[-1].number + 1 if imitation.notices else 1
    imitation.notices.append(
        Notice(number, asked["uid"], asked["kind"], asked["reference"], asked["language"])
    )
    del imitation.notices[:-MAX_KEPT]
    return {"delivered": asked["uid"] in imitation.sessions.values()}


_Call = Callable[[Imitation, dict[str, Any]], dict[str, Any]]
_CALLS: Final[dict[tuple[str, str], _Call]] = {
    ("GET", "facts"): _facts,
    ("POST", "freeze"): _freeze,
    ("POST", "support-code"): _support_code,
    ("POST", "notify"): _notify,
}
