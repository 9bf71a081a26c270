"""Private keys of every make, with right checksums; extended public keys, which are none."""

import base64
import json
from random import Random
from typing import Final

from tests.guard.corpus.checksums import RIPPLE58, base58, base58check, crc16
from tests.guard.corpus.value import Case, Value, hexes, uuid

_PRIVATE: Final = {"xprv": "0488ADE4", "yprv": "049D7878", "zprv": "04B2430C", "tprv": "04358394"}
_PUBLIC: Final = {"xpub": "0488B21E", "ypub": "049D7CB2", "zpub": "04B24746", "tpub": "043587CF"}
_PEM: Final = ("", "EC ", "RSA ", "OPENSSH ", "ENCRYPTED ")


def private_key(case: Case) -> Value:
    """Return a key that only its words tell from a transaction: hexadecimal, or Solana's."""
    random = case.random
    if random.random() < 0.3:
        return Value(solana(random), ("pk:solana58",), "private_key")
    digits = hexes(random, 64)
    digits = digits.upper() if random.random() < 0.12 else digits
    return Value(random.choice(("0x", "")) + digits, ("pk:hex",), "private_key")


def any_key(case: Case) -> Value:
    """Return a key that its own form gives away."""
    makers = [wif] * 5 + [xprv] * 5 + [stellar, ripple, pem, keystore, solana_bytes] * 2
    return case.random.choice(makers)(case)


def solana(random: Random) -> str:
    """Return 64 bytes in base 58, as a key or a signature has."""
    while True:
        text = base58(random.randbytes(64))
        if len(text) in (87, 88):
            return text


def wif(case: Case) -> Value:
    """Return a key in the form wallets import."""
    random = case.random
    main = random.random() > 0.06
    compressed = b"\1" if random.random() < 0.75 else b""
    data = (b"\x80" if main else b"\xef") + random.randbytes(32) + compressed
    return Value(base58check(data), ("wif:main" if main else "wif:test",), "wif")


def xprv(case: Case) -> Value:
    """Return an extended private key."""
    return _extended(case.random, _PRIVATE, b"\0", "xprv")


def xpub(case: Case) -> Value:
    """Return an extended public key."""
    return _extended(case.random, _PUBLIC, case.random.choice((b"\2", b"\3")), "xpub")


def _extended(random: Random, versions: dict[str, str], lead: bytes, kind: str) -> Value:
    name = random.choice([*versions, *[kind] * 4])
    depth = random.randrange(6)
    parents = random.randbytes(8) if depth else bytes(8)
    data = bytes.fromhex(versions[name]) + bytes([depth]) + parents
    return Value(
        base58check(data + random.randbytes(32) + lead + random.randbytes(32)),
        (f"ext:{name}",),
        kind,
    )


def stellar(case: Case) -> Value:
    """Return a Stellar secret seed."""
    return Value(stellar_key(case.random, 18 << 3), ("pk:stellar",), "private_key")


def stellar_key(random: Random, version: int) -> str:
    """Return a Stellar key or, by its version byte, an address."""
    data = bytes([version]) + random.randbytes(32)
    return base64.b32encode(data + crc16(data).to_bytes(2, "little")).decode().rstrip("=")


def ripple(case: Case) -> Value:
    """Return an XRP family seed."""
    data = b"\x21" + case.random.randbytes(16)
    return Value(base58check(data, RIPPLE58), ("pk:xrp",), "private_key")


def pem(case: Case) -> Value:
    """Return a PEM block."""
    random = case.random
    name = random.choice(_PEM) + "PRIVATE KEY"
    body = base64.b64encode(random.randbytes(random.choice((48, 121, 138, 300)))).decode()
    end = "\n" if random.random() < 0.9 else "\\n"
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    text = end.join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"])
    return Value(text, ("pk:pem",), "private_key")


def solana_bytes(case: Case) -> Value:
    """Return a key file of 64 numbers."""
    gap = case.random.choice((",", ", "))
    text = "[" + gap.join(map(str, case.random.randbytes(64))) + "]"
    return Value(text, ("pk:solana_json",), "private_key")


def keystore(case: Case) -> Value:
    """Return an encrypted key file of an Ethereum wallet."""
    random = case.random
    sealed = {
        "ciphertext": hexes(random, 64),
        "cipherparams": {"iv": hexes(random, 32)},
        "cipher": "aes-128-ctr",
        "kdf": "scrypt",
        "kdfparams": {"dklen": 32, "salt": hexes(random, 64), "n": 262144, "r": 8, "p": 1},
        "mac": hexes(random, 64),
    }
    name = "Crypto" if random.random() < 0.2 else "crypto"
    items = [("version", 3), ("id", uuid(random)), ("address", hexes(random, 40)), (name, sealed)]
    random.shuffle(items)
    text = json.dumps(dict(items), indent=random.choice((None, None, 2)))
    return Value(text, ("pk:keystore",), "private_key")
