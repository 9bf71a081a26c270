"""Identity tokens: the exchange's own back end says, signed, which customer is in the chat."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import GuestProtocol, Key, OctKey, OKPKey
from joserfc.jws import JWSRegistry
from msgspec import Struct

from kefu.core.errors import KefuError

LIFETIME: Final = timedelta(minutes=10)
LEEWAY: Final = timedelta(seconds=60)
MAX_BYTES: Final = 4096
MIN_SECRET_BYTES: Final = 32

_LOCALE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")

Algorithm = Literal["HS256", "EdDSA"]
Reason = Literal[
    "too_large", "malformed", "algorithm", "unknown_key", "signature",
    "audience", "expired", "lifetime", "not_yet", "claims", "used",
]  # fmt: skip


class IdentityRefused(KefuError):
    """The token proves nothing. `reason` is for logs and metrics; the visitor stays a visitor."""

    code = "identity.refused"
    status = 401

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason


class IdentityKey(Struct, frozen=True):
    """A key of the exchange, good for one algorithm only.

    material: for HS256 the shared secret, 32 bytes or more; for EdDSA the Ed25519 public
        key in PEM.
    """

    kid: str
    alg: Algorithm
    material: bytes

    def __post_init__(self) -> None:
        _imported(self.alg, self.material)

    def __repr__(self) -> str:
        return f"IdentityKey({self.kid!r}, {self.alg})"


class Identity(Struct, frozen=True):
    """A customer as the exchange vouches for. `jti` is good for one browser, until `expires_at`."""

    uid: str
    jti: str
    expires_at: datetime
    locale: str | None = None
    tier: str | None = None
    name: str | None = None


def identity(
    token: str,
    keys: Iterable[IdentityKey],
    *,
    audience: str,
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> Identity:
    """Return who the token says the customer is.

    audience: the inbox's key; a token for another inbox is refused.
    lifetime: how far ahead the token's end may lie.
    Raises IdentityRefused.
    """
    claims = _verified(token, {(key.kid, key.alg): key for key in keys})
    if claims.get("aud") != audience:
        raise IdentityRefused("audience")
    return Identity(
        uid=_text(claims, "sub", 128),
        jti=_text(claims, "jti", 128),
        expires_at=_end(claims, now, lifetime),
        locale=_locale(claims),
        tier=_text(claims, "tier", 32) if "tier" in claims else None,
        name=_text(claims, "name", 80) if "name" in claims else None,
    )


def _verified(token: str, keys: dict[tuple[str, Algorithm], IdentityKey]) -> dict[str, Any]:
    """Return the claims of a token one of the keys signed."""
    if len(token) > MAX_BYTES:
        raise IdentityRefused("too_large")

    def signer(signed: GuestProtocol) -> Key:
        return _signer(signed.headers(), keys)

    try:
        return jwt.decode(token, signer, registry=_Registry(), decoder_cls=_StrictDecoder).claims
    except BadSignatureError:
        raise IdentityRefused("signature") from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise IdentityRefused("malformed") from None


def _signer(header: dict[str, Any], keys: dict[tuple[str, Algorithm], IdentityKey]) -> Key:
    """Return the key the header names, or the only one; never one of another algorithm."""
    kid = header.get("kid")
    named = [key for key in keys.values() if kid is None or key.kid == kid]
    if not named or (kid is None and len(named) > 1):
        raise IdentityRefused("unknown_key")
    key = next((key for key in named if key.alg == header["alg"]), None)
    if key is None:
        raise IdentityRefused("algorithm")
    return _imported(key.alg, key.material)


@lru_cache(maxsize=256)
def _imported(alg: Algorithm, material: bytes) -> Key:
    """Return the key ready for use. Raises ValueError for one that is weak or of another kind."""
    if alg == "HS256":
        if len(material) < MIN_SECRET_BYTES or b"-----BEGIN" in material:
            raise ValueError(f"an HS256 secret needs {MIN_SECRET_BYTES} random bytes or more")
        return OctKey.import_key(material)
    try:
        key = OKPKey.import_key(material)
        curve = key.curve_name
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise ValueError("an EdDSA key is an Ed25519 public key in PEM") from error
    if curve != "Ed25519" or key.is_private:
        raise ValueError("an EdDSA key is an Ed25519 public key in PEM")
    return key


class _Registry(JWSRegistry):
    """Two algorithms and no more. joserfc's own registry warns at each use of the name EdDSA,
    which RFC 9864 finds too wide; here it means Ed25519, as `_imported` sees to.
    """

    def get_alg(self, name: str) -> Any:
        if name not in get_args(Algorithm):
            raise IdentityRefused("algorithm")
        return self.algorithms[name]


class _StrictDecoder(json.JSONDecoder):
    """JSON in which every name stands once and numbers are finite."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_single, parse_constant=_refuse)


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    claims = dict(pairs)
    if len(claims) != len(pairs):
        raise ValueError("a claim stands twice")
    return claims


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _end(claims: dict[str, Any], now: datetime, lifetime: timedelta) -> datetime:
    """Return when the token ends, having checked that it has begun and not ended."""
    at, end = now.timestamp(), _instant(claims, "exp")
    if end <= at:
        raise IdentityRefused("expired")
    if end > at + lifetime.total_seconds():
        raise IdentityRefused("lifetime")
    begun = [_instant(claims, name) for name in ("iat", "nbf") if name in claims]
    if any(begin > at + LEEWAY.total_seconds() for begin in begun):
        raise IdentityRefused("not_yet")
    return datetime.fromtimestamp(end, UTC)


def _instant(claims: dict[str, Any], name: str) -> float:
    """Return a claim in Unix seconds; what is too large for them is probably milliseconds."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e11:
        raise IdentityRefused("claims")
    return float(value)


def _text(claims: dict[str, Any], name: str, longest: int) -> str:
    """Return a claim of 1 to `longest` printable characters."""
    value = claims.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise IdentityRefused("claims")
    if not value.isprintable() or value != value.strip():
        raise IdentityRefused("claims")
    return value


def _locale(claims: dict[str, Any]) -> str | None:
    if "locale" not in claims:
        return None
    value = _text(claims, "locale", 35)
    if not _LOCALE.fullmatch(value):
        raise IdentityRefused("claims")
    return value
