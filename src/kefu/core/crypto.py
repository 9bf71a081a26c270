"""Seals and short-lived signed tokens, under keys derived from KEFU_SECRET_KEY."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def derive(secret_key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, so that no two uses share a key."""
    return hmac.digest(secret_key, b"kefu:" + purpose.encode(), hashlib.sha256)


def seal(secret_key: bytes, purpose: str, content: bytes) -> bytes:
    """Return content encrypted and authenticated (AES-256-GCM; 12 bytes of nonce first)."""
    nonce = os.urandom(12)
    return nonce + AESGCM(derive(secret_key, purpose)).encrypt(nonce, content, None)


def unseal(secret_key: bytes, purpose: str, sealed: bytes) -> bytes:
    """Return what was sealed. Raises ValueError if it was altered or the key is another."""
    try:
        return AESGCM(derive(secret_key, purpose)).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag as error:
        raise ValueError("the seal does not open with this key") from error


def sign(secret_key: bytes, purpose: str, subject: str, expires: int) -> str:
    """Return `subject.expires.signature` for a token that lives until Unix second `expires`."""
    body = f"{subject}.{expires}"
    return f"{body}.{_signature(secret_key, purpose, body)}"


def signed_subject(secret_key: bytes, purpose: str, token: str, now: float) -> str | None:
    """Return the subject of a token that `sign` made and that still lives, or None."""
    body, _, signature = token.rpartition(".")
    subject, _, expires = body.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(secret_key, purpose, body).encode()):
        return None
    return subject if expires.isdecimal() and now < int(expires) else None


def _signature(secret_key: bytes, purpose: str, body: str) -> str:
    digest = hmac.digest(derive(secret_key, purpose), body.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
