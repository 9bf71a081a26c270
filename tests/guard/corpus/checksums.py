"""The checksums that make an invented value look right: base58, bech32, Luhn, SLIP-39, IBAN."""

import hashlib
from collections.abc import Sequence
from typing import Final

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE58: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_STEPS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_RS1024_STEPS: Final = (
    0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009,
    0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120,
)  # fmt: skip


def base58(data: bytes, alphabet: str = BASE58) -> str:
    """Return bytes in base 58."""
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, rest = divmod(number, 58)
        digits = alphabet[rest] + digits
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + digits


def base58check(data: bytes, alphabet: str = BASE58) -> str:
    """Return bytes and their four check bytes in base 58."""
    digest = hashlib.sha256(hashlib.sha256(data).digest()).digest()
    return base58(data + digest[:4], alphabet)


def bech32(prefix: str, data: bytes, version: int | None = None) -> str:
    """Return an address; version 1 and above is written in bech32m."""
    values = [] if version is None else [version]
    gathered = bits = 0
    for byte in data:
        gathered, bits = gathered << 8 | byte, bits + 8
        while bits >= 5:
            bits -= 5
            values.append(gathered >> bits & 31)
    if bits:
        values.append(gathered << (5 - bits) & 31)
    head = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = _bech32_check([*head, *values, *[0] * 6]) ^ (0x2BC830A3 if version else 1)
    values += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(_BECH32[value] for value in values)


def _bech32_check(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for at, step in enumerate(_BECH32_STEPS):
            check ^= step if top >> at & 1 else 0
    return check


def crc16(data: bytes) -> int:
    """Return the XMODEM checksum that Stellar keys end in."""
    check = 0
    for byte in data:
        check ^= byte << 8
        for _ in range(8):
            check = (check << 1 ^ 0x1021 if check & 0x8000 else check << 1) & 0xFFFF
    return check


def rs1024(values: Sequence[int]) -> list[int]:
    """Return the three check words of a SLIP-39 share."""
    check = 1
    for value in [*b"shamir", *values, 0, 0, 0]:
        top = check >> 20
        check = (check & 0xFFFFF) << 10 ^ value
        for at, step in enumerate(_RS1024_STEPS):
            check ^= step if top >> at & 1 else 0
    check ^= 1
    return [check >> 10 * (2 - at) & 1023 for at in range(3)]


def luhn(digits: str) -> str:
    """Return the digit that completes a card number."""
    total = 0
    for at, char in enumerate(reversed(digits)):
        digit = int(char) * (1 if at % 2 else 2)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of digits times weights, from the left."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def iban_check(country: str, account: str) -> str:
    """Return the two check digits of an IBAN."""
    return f"{98 - int(''.join(str(int(char, 36)) for char in account + country + '00')) % 97:02d}"
