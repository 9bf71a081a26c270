"""Check digits and checksums. Each is a few lines so that the browser's engine can mirror it."""

from binascii import crc_hqx
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

BITCOIN: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BASE32: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv"
)
_BASE36: Final = {ord(sign): str(int(sign, 36)) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")
_DNI: Final = "TRWAGMYFPDXBNJZSQVHLCKE"


def luhn(digits: str) -> bool:
    """Return whether the last digit is the Luhn check digit of the others."""
    codes = digits.encode()
    total = sum(codes[-1::-2]) + sum(codes[-2::-2].translate(_DOUBLED)) - 48 * len(codes)
    return total % 10 == 0


def base58check(word: str, alphabet: str = BITCOIN) -> bytes | None:
    """Return the bytes that word spells, or None if its checksum is wrong."""
    number = 0
    for value in map(alphabet.find, word):
        if value < 0:
            return None
        number = number * 58 + value
    zeros = len(word) - len(word.lstrip(alphabet[0]))
    raw = b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, check = raw[:-4], raw[-4:]
    good = payload and sha256(sha256(payload).digest()).digest()[:4] == check
    return payload if good else None


def stellar(word: str) -> bool:
    """Return whether word, 56 base32 letters, carries its CRC-16."""
    raw = int(word.translate(_BASE32), 32).to_bytes(35, "big")
    return raw[-2:] == crc_hqx(raw[:-2], 0).to_bytes(2, "little")


def bip39(numbers: Sequence[int]) -> bool:
    """Return whether the places of a phrase's words on their list carry its checksum."""
    value = 0
    for number in numbers:
        value = value << 11 | number
    check = len(numbers) * 11 // 33
    entropy = (value >> check).to_bytes(check * 4, "big")
    return sha256(entropy).digest()[0] >> (8 - check) == value & ((1 << check) - 1)


def mod97(text: str) -> int:
    """Return the ISO 7064 remainder of an IBAN already turned to begin with its account."""
    return int(text.translate(_BASE36)) % 97


def national(name: str, text: str) -> bool:
    """Return whether text passes the check of this name; text holds digits and letters only."""
    return _NATIONAL[name](text)


def _weighted(digits: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_date(year: str, month: str, day: str) -> bool:
    return 1900 <= int(year) <= 2030 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _cn(text: str) -> bool:
    if text[0] not in "12345678" or not _is_date(text[6:10], text[10:12], text[12:14]):
        return False
    total = _weighted(text[:17], [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    return "10X98765432"[total % 11] == text[17]


def _br(text: str) -> bool:
    if len(set(text)) == 1:
        return False
    one = _weighted(text[:9], list(range(10, 1, -1))) * 10 % 11 % 10
    two = _weighted(text[:10], list(range(11, 1, -1))) * 10 % 11 % 10
    return text[9:] == f"{one}{two}"


def _nif(text: str) -> bool:
    rest = _weighted(text, list(range(9, 1, -1))) % 11
    return int(text[8]) == (0 if rest < 2 else 11 - rest)


def _kr(text: str) -> bool:
    return _is_date("19" + text[:2], text[2:4], text[4:6]) and text[6] in "12345678"


def _us(text: str) -> bool:
    return text[:3] not in {"000", "666"} and text[3:5] != "00" and text[5:] != "0000"


def _inn(text: str) -> bool:
    tail = [2, 4, 10, 3, 5, 9, 4, 6, 8]
    if len(text) == 10:
        return _weighted(text, tail) % 11 % 10 == int(text[9])
    one = _weighted(text, [7, *tail]) % 11 % 10
    two = _weighted(text, [3, 7, *tail]) % 11 % 10
    return text[10:] == f"{one}{two}"


def _snils(text: str) -> bool:
    return _weighted(text, list(range(9, 0, -1))) % 101 % 100 == int(text[9:])


def _dni(text: str) -> bool:
    number = text[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _DNI[int(number) % 23] == text[-1]


def _nir(text: str) -> bool:
    number = text[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(text[13:]) and 1 <= int(text[3:5]) <= 42


def _tr(text: str) -> bool:
    digits = [int(digit) for digit in text]
    ten = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[0] != 0 and digits[9] == ten and digits[10] == sum(digits[:10]) % 10


def _jp(text: str) -> bool:
    rest = _weighted(text, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return int(text[11]) == (0 if rest <= 1 else 11 - rest)


def _id(text: str) -> bool:
    day = int(text[6:8]) % 40
    return 1 <= day <= 31 and 1 <= int(text[8:10]) <= 12


def _tw(text: str) -> bool:
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".find(text[0]) + 10
    total = letter // 10 + letter % 10 * 9
    total += _weighted(text[1:9], [8, 7, 6, 5, 4, 3, 2, 1]) + int(text[9])
    return total % 10 == 0


def _none(_: str) -> bool:
    return True


_NATIONAL: Final = {
    "cn": _cn,
    "br": _br,
    "nif": _nif,
    "kr": _kr,
    "us": _us,
    "inn": _inn,
    "snils": _snils,
    "dni": _dni,
    "nir": _nir,
    "tr": _tr,
    "jp": _jp,
    "id": _id,
    "tw": _tw,
    "none": _none,
}
