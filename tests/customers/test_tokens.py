"""Identity tokens: what is believed, and every way of forging one that is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kefu.customers.tokens import Identity, IdentityKey, IdentityRefused, identity

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
AT = int(NOW.timestamp())
SECRET = b"0123456789abcdef0123456789abcdef"
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = SIGNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

SHARED_KEY = IdentityKey("s1", "HS256", SECRET)
SIGNED_KEY = IdentityKey("e1", "EdDSA", PUBLIC)
BOTH = (SHARED_KEY, SIGNED_KEY)
GOOD: dict[str, Any] = {"sub": "HD-10482", "aud": "inbox", "exp": AT + 300, "jti": "j-1"}


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: Any, payload: str, secret: bytes = SECRET) -> str:
    """A token with any header and payload, HMAC-signed."""
    body = f"{packed(json.dumps(header).encode())}.{packed(payload.encode())}"
    return f"{body}.{packed(hmac.digest(secret, body.encode(), hashlib.sha256))}"


def shared(secret: bytes = SECRET, kid: str | None = "s1", **claims: Any) -> str:
    header = {"alg": "HS256", "typ": "JWT"} | ({"kid": kid} if kid else {})
    return forged(header, json.dumps(GOOD | claims), secret)


def signed(signer: Ed25519PrivateKey = SIGNER, kid: str | None = "e1", **claims: Any) -> str:
    header = {"alg": "EdDSA"} | ({"kid": kid} if kid else {})
    body = f"{packed(json.dumps(header).encode())}.{packed(json.dumps(GOOD | claims).encode())}"
    return f"{body}.{packed(signer.sign(body.encode()))}"


def without(name: str) -> str:
    return forged(
        {"alg": "HS256", "kid": "s1"}, json.dumps({k: v for k, v in GOOD.items() if k != name})
    )


def read(token: str, keys: tuple[IdentityKey, ...] = BOTH) -> Identity:
    return identity(token, keys, audience="inbox", now=NOW)


BELIEVED = {
    "a shared secret": shared(),
    "a signature": signed(),
    "a uid in Chinese": shared(sub="用户-8842"),
    "begun within the leeway": shared(iat=AT + 59, nbf=AT + 60),
    "one second of life left": shared(exp=AT + 1),
    "ten minutes of life": shared(exp=AT + 600),
    "a fraction of a second": shared(exp=AT + 299.5),
    "a claim we do not know": shared(iss="halden", scope={"a": [1]}),
}


@pytest.mark.parametrize("token", BELIEVED.values(), ids=BELIEVED)
def test_a_well_made_token_is_believed(token: str) -> None:
    assert read(token).jti == "j-1"


def test_every_claim_reaches_the_identity() -> None:
    found = read(signed(locale="zh-CN", tier="VIP 3", name="王小明"))
    assert found == Identity(
        "HD-10482", "j-1", NOW + timedelta(seconds=300), "zh-CN", "VIP 3", "王小明"
    )


HS, UNSIGNED = {"alg": "HS256", "kid": "s1"}, packed(json.dumps(GOOD).encode())
REFUSED = {
    "another's secret": (shared(secret=b"x" * 32), "signature"),
    "another's private key": (signed(STRANGER), "signature"),
    "an altered claim": (shared().replace(UNSIGNED, packed(b'{"sub":"HD-1"}')), "signature"),
    "no signature": (shared().rpartition(".")[0] + ".", "signature"),
    "HS256 keyed with the public key": (
        forged({"alg": "HS256", "kid": "e1"}, json.dumps(GOOD), PUBLIC),
        "algorithm",
    ),
    "EdDSA under the kid of the secret": (signed(kid="s1"), "algorithm"),
    "alg none": (packed(b'{"alg":"none"}') + f".{UNSIGNED}.", "algorithm"),
    "alg None in another case": (packed(b'{"alg":"nOnE"}') + f".{UNSIGNED}.", "algorithm"),
    "alg HS512": (forged(HS | {"alg": "HS512"}, json.dumps(GOOD)), "algorithm"),
    "alg a list": (forged(HS | {"alg": ["HS256"]}, json.dumps(GOOD)), "malformed"),
    "alg missing": (forged({"kid": "s1"}, json.dumps(GOOD)), "malformed"),
    "a kid nobody has": (shared(kid="s9"), "unknown_key"),
    "no kid where there are two keys": (shared(kid=None), "unknown_key"),
    "a key in the header": (
        forged(HS | {"jwk": {"kty": "oct", "k": "eHh4"}}, json.dumps(GOOD), b"xxx"),
        "signature",
    ),
    "a critical extension": (
        forged(HS | {"crit": ["b64"], "b64": False}, json.dumps(GOOD)),
        "malformed",
    ),
    "another inbox": (shared(aud="other"), "audience"),
    "several audiences": (shared(aud=["inbox", "other"]), "audience"),
    "no audience": (without("aud"), "audience"),
    "expired": (shared(exp=AT), "expired"),
    "expired long ago": (shared(exp=0), "expired"),
    "more than ten minutes of life": (shared(exp=AT + 601), "lifetime"),
    "a life in milliseconds": (shared(exp=AT * 1000), "claims"),
    "an endless life": (forged(HS, json.dumps(GOOD | {"exp": float("inf")})), "malformed"),
    "a life of too many digits": (
        forged(HS, json.dumps(GOOD).replace(str(AT + 300), "1e999")),
        "claims",
    ),
    "exp as text": (shared(exp=str(AT + 300)), "claims"),
    "exp true": (shared(exp=True), "claims"),
    "no exp": (without("exp"), "claims"),
    "made in the future": (shared(iat=AT + 61), "not_yet"),
    "not valid yet": (shared(nbf=AT + 61), "not_yet"),
    "no sub": (without("sub"), "claims"),
    "sub a number": (shared(sub=10482), "claims"),
    "sub empty": (shared(sub=""), "claims"),
    "sub of spaces": (shared(sub="  "), "claims"),
    "sub of 129 characters": (shared(sub="x" * 129), "claims"),
    "sub with a line break": (shared(sub="HD\n1"), "claims"),
    "sub with a direction mark": (shared(sub="HD\u202e1"), "claims"),
    "sub with a lone surrogate": (shared(sub="HD\ud8001"), "claims"),
    "no jti": (without("jti"), "claims"),
    "a locale that is none": (shared(locale="../zh"), "claims"),
    "a tier that is a list": (shared(tier=["VIP"]), "claims"),
    "a name that is null": (shared(name=None), "claims"),
    "sub twice": (forged(HS, json.dumps(GOOD)[:-1] + ', "sub": "HD-1"}'), "malformed"),
    "claims that are a list": (forged(HS, "[1]"), "malformed"),
    "claims that are no JSON": (forged(HS, "{"), "malformed"),
    "claims nested too deep": (forged(HS, "[" * 2000), "malformed"),
    "more than 4 kB": (shared(name="x" * 3100), "too_large"),
    "five parts": ("a.b.c.d.e", "malformed"),
    "two parts": ("a.b", "malformed"),
    "empty": ("", "malformed"),
    "not ASCII": ("令牌.令牌.令牌", "malformed"),
    "a lone surrogate": ("\ud800.a.b", "malformed"),
}


@pytest.mark.parametrize(("token", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_forged_token_is_refused(token: str, reason: str) -> None:
    with pytest.raises(IdentityRefused) as refusal:
        read(token)
    assert refusal.value.reason == reason
    assert refusal.value.code == "identity.refused"
    assert not token or token not in f"{refusal.value!r} {refusal.value}"


def test_a_single_key_needs_no_kid() -> None:
    assert read(signed(kid=None), (SIGNED_KEY,)).uid == "HD-10482"


def test_a_token_signed_by_hmac_with_the_only_public_key_is_refused() -> None:
    token = forged({"alg": "HS256"}, json.dumps(GOOD), PUBLIC)
    with pytest.raises(IdentityRefused) as refusal:
        read(token, (SIGNED_KEY,))
    assert refusal.value.reason == "algorithm"


def test_the_old_and_the_new_key_are_both_good_while_they_are_changed() -> None:
    keys = (SHARED_KEY, IdentityKey("s2", "HS256", b"y" * 32))
    assert read(shared(), keys) == read(shared(secret=b"y" * 32, kid="s2"), keys)


WEAK: dict[str, tuple[Any, bytes]] = {
    "a short secret": ("HS256", b"x" * 31),
    "a public key as secret": ("HS256", PUBLIC),
    "no PEM": ("EdDSA", b"x" * 32),
    "a private key": (
        "EdDSA",
        SIGNER.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ),
    "another curve": (
        "EdDSA",
        new_ec_key(SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ),
}


@pytest.mark.parametrize(("alg", "material"), WEAK.values(), ids=WEAK)
def test_a_weak_or_wrong_key_is_refused_when_it_is_made(alg: Any, material: bytes) -> None:
    with pytest.raises(ValueError, match=r"key|secret"):
        IdentityKey("k", alg, material)


def test_a_key_never_shows_its_material() -> None:
    assert "0123456789abcdef" not in repr(SHARED_KEY)
