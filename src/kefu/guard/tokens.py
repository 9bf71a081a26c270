"""API secrets and tokens: known prefixes, JWTs, seeds of authenticator apps, values by cue.

Steps: docs/guard.md, section 7.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from kefu.guard.credentials import looks_chosen
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading, is_filler
from kefu.guard.spans import Span

_P: Final = PACK.shapes["api"]
_PREFIXED: Final = re.compile("|".join(_P["prefixed"]))
_JWT: Final = re.compile(_P["jwt"])
_JWT_HEAD: Final = re.compile("eyJ[0-9A-Za-z_-]+")
_BEARER: Final = re.compile(_P["bearer"])
_OTPAUTH: Final = re.compile(_P["otpauth"], re.IGNORECASE)
_VALUE: Final = re.compile(_P["value"])
_UUID: Final = re.compile(_P["uuid"])
_BASE32: Final = re.compile(_P["base32"])
_FOLLOW: Final = re.compile(_P["follow"])
_THIRD: Final = re.compile(_P["third"])
_ID: Final = re.compile(_P["uuid"])
_THIRD_LABEL: Final = roles("apipass", "phrase", "password")
_TRIPLE: Final = re.compile(_P["triple"])
_HASH: Final = re.compile("(?:0x)?[0-9a-f]{64}")
_PASS: Final = re.compile("[!#-+\\--:=?-~]{4,64}")
_ADDRESS: Final = re.compile("|".join(PACK.shapes["address"]))
_PAIR: Final = re.compile("(?<![0-9A-Za-z])[0-9A-Za-z]{16,80}:([0-9A-Za-z-]{32,80})(?![0-9A-Za-z])")
_LABEL: Final = roles("apipass", "phrase", "api")
_SECRET: Final = roles("secret", "api", "totp")
_API: Final = roles("secret", "api")
_PREFIX: Final = roles("prefix")
_TOLD: Final = roles("secret")
_ONLY_API: Final = roles("api")
_API_PASS: Final = roles("apipass")
_VERBS: Final = frozenset(PACK.shapes["password"]["verbs"])
_TOTP: Final = roles("totp")
_DRAWN: Final = re.compile(_P["drawn"])
_PUBLIC: Final = roles("hash", "number") & ~_SECRET
_TRIES: Final = 1_000


def find_tokens(reading: Reading) -> Iterator[Span]:
    """Yield API secrets, access tokens and authenticator seeds."""
    if reading.roles & _PREFIX:
        yield from _prefixed(reading)
    plain, low = reading.plain, reading.low
    if "bearer" in low or "basic" in low or "token" in low:
        yield from _mixed_values(_BEARER, low)
    if ":" in plain:
        yield from _mixed_values(_PAIR, plain)
    if "-" in plain:
        yield from _triples(plain)
    if reading.roles & _SECRET:
        yield from _by_cue(reading)
    if reading.roles & _TOTP:
        yield from _seeds(reading)


def _prefixed(reading: Reading) -> Iterator[Span]:
    """Yield secrets that begin with a known prefix, which the cues have found."""
    plain = reading.plain
    at = 0
    for tries, cue in enumerate(reading.of(_PREFIX)):
        if tries >= reading.few:
            reading.claim(cue.start, "api_secret")
            return
        if cue.start < at:
            continue
        match = (
            _PREFIXED.match(plain, cue.start)
            or _JWT.match(plain, cue.start)
            or _OTPAUTH.match(plain, cue.start)
            or _PREFIXED.match(plain, _number_before(plain, cue.start))
        )
        if match:
            at = match.end()
            yield Span(match.start(), at, "api_secret")
        elif head := _JWT_HEAD.match(plain, cue.start):
            at = head.end()  # no second look at what follows: it may be long


def _triples(plain: str) -> Iterator[Span]:
    """Yield the secret and the passphrase behind a key id: `ID / SECRET / PASSPHRASE`."""
    for match in islice(_TRIPLE.finditer(plain), _TRIES):
        if not _HASH.fullmatch(match[1]) and looks_chosen(match[2]):
            yield Span(match.start(1), match.end(1), "api_secret")
            yield Span(match.start(2), match.end(2), "api_secret")


def _number_before(plain: str, at: int) -> int:
    """Return where the number of a bot, which stands before its prefix, begins, or at."""
    if plain[at - 1 : at] != ":":
        return at
    number = plain[max(0, at - 11) : at - 1]
    return at - 1 - len(number) + len(number.rstrip("0123456789"))


def _mixed_values(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if _mixed(match[1]):
            yield Span(match.start(1), match.end(1), "api_secret")


def _by_cue(reading: Reading) -> Iterator[Span]:
    plain = reading.plain
    for tries, match in enumerate(_VALUE.finditer(plain)):
        start, end = _inner(match)
        word = plain[start:end]
        if tries >= reading.few:
            reading.claim(start, "api_secret")
            return
        if tries < _TRIES and not _is_secret(reading, start, end, word):
            continue
        yield Span(start, end, "api_secret")
        yield from _passphrase(reading, start, end)


def _inner(match: re.Match[str]) -> tuple[int, int]:
    """Return the value in a word such as `secret=...`, which the shape takes in whole."""
    word = match[0]
    cut = word.rstrip("=.-_").rfind("=") + 1
    end = len(word.rstrip(".-_"))
    return match.start() + cut, match.start() + end


def _is_secret(reading: Reading, start: int, end: int, word: str) -> bool:
    if len(word) < 16 or _ADDRESS.fullmatch(word):
        return False
    if not (_mixed(word) or _DRAWN.fullmatch(word)):
        return False
    if _UUID.search(word) and not (_UUID.fullmatch(word) and _is_told(reading, start, end)):
        return False
    link = reading.link(start, end, _SECRET, _PUBLIC)
    if not link or not link.secret or not (link.tight or link.before):
        return _after_id(reading, start)
    if not link.cue.roles & _API and len(word) < 20:
        return False
    return link.tight or len(word) >= 20


def _is_told(reading: Reading, start: int, end: int) -> bool:
    """Return whether a word for the secret itself, not for the key, stands right before it."""
    link = reading.link(start, end, _SECRET, _PUBLIC)
    if not link or not link.before:
        return False
    if link.cue.roles & _ONLY_API:
        return link.tight and reading.has(_TOLD, start - 24, link.cue.start)  # secret of the api
    near = link.tight or start - link.cue.end <= 24
    return near and bool(link.cue.roles & _TOLD)


def _after_id(reading: Reading, start: int) -> bool:
    """Return whether the value follows a key id at once, as in `id / secret / passphrase`."""
    before = reading.plain[max(0, start - 48) : start]
    return bool(re.search(_P["uuid"] + r"[\s/,;|:]{1,5}$", before)) and bool(reading.roles & _API)


def _mixed(word: str) -> bool:
    """Return whether word is a drawn value: digits among letters, and no dotted name."""
    digits = sum(character.isdigit() for character in word)
    if digits < 2 or digits == len(word):
        return False
    return (word.count("-") <= 2 + len(word) // 16 and "/" not in word[:8]) or len(word) >= 32


def _passphrase(reading: Reading, start: int, end: int) -> Iterator[Span]:
    """Yield the passphrase that follows a secret: labelled, or third after a key id."""
    third = _third(reading, start, end)
    if third:
        yield third
        return
    gap = _FOLLOW.match(reading.low, end)
    if not gap:
        return
    before = reading.plain[max(0, start - 48) : start]
    triple = re.search(_P["uuid"] + r"[\s/,;|:]{1,5}$", before)
    if not triple and not reading.has(_LABEL, end, gap.end()):
        return
    word = _PASS.match(reading.plain, gap.end())
    if word and looks_chosen(word[0]):
        last = word.start() + len(word[0].rstrip(".,)"))
        yield Span(word.start(), last, "api_secret")


def _third(reading: Reading, start: int, end: int) -> Span | None:
    """Return what a third label gives, after a key id and its secret: `..., passphrase VALUE`."""
    gap = _THIRD.match(reading.low, end)
    labels = reading.between(_THIRD_LABEL, end, gap.end()) if gap else []
    if not gap or not labels or not is_filler(reading.low[labels[-1].end : gap.end()]):
        return None
    if not _ID.search(reading.plain, max(0, start - _P["near_id"]), start):
        return None
    word = _PASS.match(reading.plain, gap.end())
    if not word:
        return None
    last = word.start() + len(word[0].rstrip(".,)\"'"))
    ends = reading.plain[last : last + 2].strip(".,)\"' \n") == ""
    return Span(word.start(), last, "api_secret") if looks_chosen(word[0]) or ends else None


def _seeds(reading: Reading) -> Iterator[Span]:
    """Yield base32 seeds beside the words for an authenticator app."""
    for match in _BASE32.finditer(reading.plain):
        word = match[0]
        letters = re.sub("[ -]", "", word)
        if letters.islower() and not any(character.isdigit() for character in letters):
            continue
        link = reading.link(match.start(), match.end(), _TOTP, _PUBLIC)
        if link and link.secret and (link.before or link.tight):
            yield Span(match.start(), match.end(), "api_secret")


def in_api_context(reading: Reading, span: Span, secrets: list[int]) -> bool:
    """Return whether a password belongs to an API key. secrets: where API secrets end."""
    near = span.start - _P["near_named"]
    named = reading.between(_API_PASS, near, span.start)
    if not named:
        return False
    if reading.low[named[-1].start : named[-1].end] in _VERBS:  # pass: the password of what?
        near = max(near, reading.low.rfind("\n", 0, span.start) + 1)
    elif reading.has(_TOLD, span.end, span.end + 24):
        return True
    if reading.has(_ONLY_API, near, span.start):
        return True
    last = max((end for end in secrets if end <= span.start), default=-1)
    reach: int = _P["near_pass"]
    return last >= 0 and span.start - last <= reach and "@" not in reading.low[last : span.start]
