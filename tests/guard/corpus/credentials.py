"""Passwords, one-time codes and secrets of programs."""

import base64
import json
from random import Random
from typing import Final

from tests.guard.corpus.value import (
    ALNUM,
    BASE32,
    DIGITS,
    Case,
    Value,
    date,
    full_width,
    hexes,
    in_groups,
    number,
    pick,
    uuid,
)

BASES: Final = (
    "qwerty", "asdf", "zxcv", "dragon", "monkey", "tiger", "hunter", "winter", "summer",
    "shadow", "soccer", "galatasaray", "barca", "anna", "maria", "natasha", "ivan", "lihua",
    "xiaoming", "woaini", "minh", "hanoi", "saigon", "sakura", "hana", "minji", "seoul",
    "jakarta", "bandung", "cairo", "paris", "lyon", "lisboa", "samba", "bitcoin", "hodl",
    "moon", "trader", "satoshi", "mama", "family", "lucky", "gold", "coffee", "pizza", "rocky",
    "bella", "panda", "motor", "gitar", "kucing", "nokia", "volga", "berlin", "luna",
)  # fmt: skip
_LEET: Final = ("P@ssw0rd", "Pa$$w0rd", "pa55word", "h4ck3r", "Adm1n", "S3cret", "l3tm3in")


def password(case: Case) -> Value:
    """Return a password that shows a digit, so that it looks like none of the words round it."""
    random = case.random
    base, other = random.choice(BASES), random.choice(BASES).title()
    drawn = random.random()
    for limit, name, text in (
        (0.20, "weak", base + number(random, random.choice((2, 3, 4, 6)))),
        (0.34, "mid", base.title() + number(random, 3) + random.choice("!@#$%*?_&")),
        (0.44, "mid", base + random.choice("@_#.-!") + number(random, random.choice((2, 4)))),
        (0.50, "date", date(random, 1955, 2011)),
        (0.56, "digits", number(random, random.choice((6, 8, 9, 10)))),
        (0.63, "two", base.title() + random.choice("-_&") + other + number(random, 2)),
        (0.69, "lead", random.choice(("1", "88", "520", "!", "@")) + base + number(random, 3)),
        (0.74, "leet", random.choice(_LEET) + number(random, 2)),
    ):
        if drawn < limit:
            return Value(text, (f"pw:{name}",))
    if drawn < 0.9:
        return Value(_drawn(random, ALNUM, random.choice((8, 10, 12, 14))), ("pw:random",))
    return Value(_drawn(random, ALNUM + "!@#$%^&*_+=", random.choice((9, 12, 15))), ("pw:strong",))


def _drawn(random: Random, alphabet: str, size: int) -> str:
    inner = [*pick(random, alphabet, size - 3), random.choice("23456789")]
    random.shuffle(inner)
    return random.choice(ALNUM) + "".join(inner) + random.choice(ALNUM)


def quoted_password(case: Case) -> Value:
    """Return a password that may hold spaces or no digit, since marks stand round it."""
    random = case.random
    if random.random() < 0.75:
        return password(case)
    base, other = random.choice(BASES), random.choice(BASES)
    text = random.choice((f"{base} {other} {number(random, 2)}", base.title() + "ForEver"))
    return Value(text, ("pw:quoted",))


def plain_password(case: Case) -> Value:
    """Return a password without the signs that end a field in an address or a log."""
    value = password(case)
    return Value("".join(char for char in value.text if char not in "&#=+%?\"'|"), value.tags)


def pin(case: Case) -> Value:
    """Return a short number of an account."""
    return Value(pick(case.random, DIGITS, case.random.choice((4, 6, 6))), ("pw:pin",))


def otp(case: Case) -> Value:
    """Return a one-time code in one of its spellings."""
    random = case.random
    six = pick(random, DIGITS, 6)
    drawn = random.random()
    for limit, name, text in (
        (0.72, "6", six),
        (0.80, "4", six[:4]),
        (0.85, "8", six + "42"),
        (0.91, "3 3", f"{six[:3]} {six[3:]}"),
        (0.95, "3-3", f"{six[:3]}-{six[3:]}"),
        (0.97, "full", full_width(six)),
    ):
        if drawn < limit:
            return Value(text, (f"otp:{name}",))
    return Value(" ".join(six), ("otp:spelled",))


def six_digits(case: Case) -> Value:
    """Return a one-time code of six digits."""
    return Value(pick(case.random, DIGITS, 6), ("otp:6",))


def backup_code(case: Case) -> Value:
    """Return one of the codes that a person prints for a lost phone."""
    return Value(pick(case.random, DIGITS, 8), ("otp:backup",))


def api_secret(case: Case) -> Value:
    """Return the secret half of an exchange's key."""
    random = case.random
    forms = {
        "long": pick(random, ALNUM, 64), "upper_hex": hexes(random, 32).upper(),
        "hex": hexes(random, 64), "hex32": hexes(random, 32), "36": pick(random, ALNUM, 36),
        "base64": base64.b64encode(random.randbytes(32)).decode(),
        "base64_88": base64.b64encode(random.randbytes(64)).decode(),
        "uuid": uuid(random), "40": pick(random, ALNUM, 40),
    }  # fmt: skip
    name = random.choice([*forms])
    return Value(forms[name], (f"api:{name}",))


def api_key(case: Case) -> Value:
    """Return the public half of an exchange's key."""
    random = case.random
    return Value(random.choice((uuid(random), pick(random, ALNUM, 64), hexes(random, 32))))


def token(case: Case) -> Value:
    """Return a token that its own prefix gives away."""
    random = case.random
    forms = {
        "github": "ghp_" + pick(random, ALNUM, 36),
        "github_pat": f"github_pat_{pick(random, ALNUM, 22)}_{pick(random, ALNUM, 59)}",
        "jwt": _jwt(random),
        "slack": f"xoxb-{number(random, 12)}-{number(random, 12)}-{pick(random, ALNUM, 24)}",
        "stripe": "sk_live_" + pick(random, ALNUM, 24),
        "telegram": f"{number(random, 10)}:AA{pick(random, ALNUM + '_-', 32)}x",
        "gitlab": "glpat-" + pick(random, ALNUM, 20),
        "google": "AIza" + pick(random, ALNUM + "_-", 34) + "k",
        "openai": "sk-proj-" + pick(random, ALNUM, 48),
    }
    name = random.choice([*forms, "jwt"])
    return Value(forms[name], (f"api:{name}",))


def _jwt(random: Random) -> str:
    head = {"alg": "HS256", "typ": "JWT"}
    body = {"sub": number(random, 8), "iat": 1700000000 + random.randrange(10**8)}
    parts = [json.dumps(head).encode(), json.dumps(body).encode(), random.randbytes(32)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def bearer(case: Case) -> Value:
    """Return what stands after "Bearer" in a header."""
    random = case.random
    forms = (_jwt(random), pick(random, ALNUM, 43), hexes(random, 40))
    return Value(random.choice(forms), ("api:bearer",))


def aws_secret(case: Case) -> Value:
    """Return the secret half of a cloud key."""
    return Value("w" + pick(case.random, ALNUM + "/+", 38) + "k", ("api:aws",))


def aws_key_id(case: Case) -> Value:
    """Return the public half of a cloud key, after its four letters."""
    return Value(pick(case.random, BASE32, 16))


def otpauth(case: Case) -> Value:
    """Return the address inside the picture that an authenticator scans."""
    random = case.random
    name = random.choice(BASES) + number(random, 3)
    secret = pick(random, BASE32, random.choice((16, 32)))
    tail = random.choice(("", "&digits=6&period=30"))
    text = f"otpauth://totp/Exchange:{name}@example.com?secret={secret}&issuer=Exchange{tail}"
    return Value(text, ("api:otpauth",))


def totp_key(case: Case) -> Value:
    """Return the setup key of an authenticator."""
    text = pick(case.random, BASE32, case.random.choice((16, 16, 32)))
    spaced = case.random.random() < 0.3
    return Value(" ".join(in_groups(text, (4,))) if spaced else text, ("api:totp",))
