"""Private keys: those that prove themselves by a checksum or a frame, and raw keys by cue.

Steps: docs/guard.md, section 6.
"""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard import checks
from kefu.guard.compounds import Cue
from kefu.guard.pack import PACK, roles
from kefu.guard.reading import Reading, is_filler, is_told
from kefu.guard.spans import Span

_P: Final = PACK.shapes["key"]
_WORD: Final = re.compile(_P["word"])
_WIF: Final = re.compile(_P["wif"])
_WIF_VERSIONS: Final = frozenset(_P["wif_versions"])
_EXTENDED: Final = re.compile(_P["extended"])
_ENCRYPTED: Final = re.compile(_P["encrypted_wif"])
_NAMED: Final = re.compile(_P["named"])
_GROUPED: Final = re.compile(_P["grouped"])
_HEX: Final = re.compile(_P["hex"])
_BASE58: Final = re.compile(_P["base58"])
_SEED: Final = re.compile(_P["base58_seed"])
_STELLAR: Final = re.compile(_P["stellar"])
_RIPPLE: Final = re.compile(_P["ripple"])
_PREFIXED: Final = re.compile("|".join(_P["prefixed"]))
_BYTES: Final = re.compile(_P["bytes"])
_NUMBER: Final = re.compile("[0-9]+")
_MANY_NUMBERS: Final = re.compile("[0-9](?:[0-9]{0,2}[ ]?,[ \\n]?[0-9]){31}")
_PEM_BEGIN: Final = re.compile(_P["pem_begin"])
_PEM_END: Final = re.compile(_P["pem_end"])
_HEAD: Final = re.compile(_P["keystore_head"])
_SECRET: Final = roles("key", "phrase")
_PUBLIC: Final = roles("hash", "number", "api", "secret", "totp") & ~_SECRET
_WEAK: Final = roles("keyword")
_KEYED: Final = roles("key", "keyword")
_MOST: Final = 40
_CUES: Final = roles("key", "secret")
_PREFIX: Final = roles("prefix")
_FRAME: Final = roles("frame")
_EITHER: Final = roles("secret", "totp")
_SIGNED: Final = re.compile(_P["signed"])
_API: Final = roles("api")
_PHRASE: Final = roles("phrase")
_NEGATE: Final = roles("negate")
_WHERE: Final = roles("hash")
_PLACE: Final = re.compile(_P["place"])
_IT_WAS: Final = re.compile(_P["it_was"])
_NEAR_PLACE: Final = 14
_SPACED: Final = re.compile("  +")
_TRIES: Final = 1_000


def find_keys(reading: Reading) -> Iterator[Span]:
    """Yield the private keys in a text. After _TRIES long words, beside a cue all are keys."""
    plain = reading.plain
    tries = 0
    words = list(_WORD.finditer(plain))
    for at, match in enumerate(words):
        word, start, end = match[0], match.start(), match.end()
        kind = _proven(word)
        if kind:
            yield Span(start, end, kind)
        elif plain[end : end + 1] == "=" and len(word) < 64:
            continue  # base64 ends so, no key does
        elif reading.roles & (_SECRET | _WEAK) and _is_raw(word) and not _is_told_of(words, at):
            tries += 1
            if tries > reading.few:
                reading.claim(start, "private_key")
                break
            if tries > _TRIES or _is_key(reading, start, end, word):
                kind = "wif" if _WIF.fullmatch(word) else "private_key"
                yield Span(start, end, kind, ambiguous=not _is_named(reading.low, start))
    yield from _framed(reading)


def _is_named(low: str, start: int) -> bool:
    """Return whether the value is that of a field called private key: it is nothing else then."""
    return bool(_NAMED.search(low, max(0, start - 24), start))


def find_grouped(reading: Reading) -> Iterator[Span]:
    """Yield keys whose hex digits are written in groups, behind a word for a key."""
    for cue in reading.of(_KEYED)[: min(_MOST, reading.few)]:
        match = _GROUPED.search(reading.plain, cue.end, cue.end + _P["grouped_reach"])
        link = match and reading.link(match.start(), match.end(), _KEYED, _PUBLIC)
        if match and link and link.secret and match.start() - cue.end <= _P["grouped_gap"]:
            yield Span(match.start(), match.end(), "private_key", ambiguous=True)


def _framed(reading: Reading) -> Iterator[Span]:
    """Yield keys known by a prefix, a frame or a form of their own."""
    plain = reading.plain
    if reading.roles & _PREFIX:
        for cue in reading.of(_PREFIX):
            match = _PREFIXED.match(plain, cue.start)
            if match:
                yield Span(match.start(), match.end(), "private_key")
    if reading.roles & _FRAME:
        yield from _pem(plain)
    if "," in plain:
        yield from _bytes(reading)
    if "{" in plain:
        yield from _keystores(plain)


def _is_told_of(words: list[re.Match[str]], at: int) -> bool:
    """Return whether the word may be an address, and another raw value follows at once: its key."""
    if at + 1 == len(words) or len(words[at][0]) not in {43, 44}:
        return False
    following = words[at + 1]
    return following.start() - words[at].end() <= 24 and _is_raw(following[0])


def _proven(word: str) -> str:
    """Return the kind of a word that its own shape or checksum gives away, or nothing."""
    first = word[0]
    if first in "xyztuvYZUV" and _EXTENDED.fullmatch(word):
        return "xprv"
    if first in "5KLc9" and len(word) in {51, 52} and _WIF.fullmatch(word):
        payload = checks.base58check(word)
        good = payload and payload[0] in _WIF_VERSIONS and len(payload) in {33, 34}
        return "wif" if good else ""
    if first == "6" and len(word) == 58 and _ENCRYPTED.fullmatch(word):
        return "private_key" if checks.base58check(word) else ""
    if first == "S" and len(word) == 56 and _STELLAR.fullmatch(word):
        return "private_key" if checks.stellar(word) else ""
    if first == "s" and len(word) <= 31 and _RIPPLE.fullmatch(word):
        return "private_key" if checks.base58check(word, checks.RIPPLE) else ""
    return ""


def _is_raw(word: str) -> bool:
    """Return whether word has the shape of a key, which a hash or a signature has as well."""
    size = len(word)
    if size >= 64 and _HEX.fullmatch(word):
        return True
    if 43 <= size <= 44:
        return bool(_SEED.fullmatch(word)) and not word.isalpha()
    if size in {51, 52, 56} or 26 <= size <= 31:
        shapes = (_WIF, _STELLAR, _RIPPLE)
        return any(shape.fullmatch(word) for shape in shapes)
    return 85 <= size <= 90 and bool(_BASE58.fullmatch(word))


def _is_key(reading: Reading, start: int, end: int, word: str) -> bool:
    """Return whether the words beside an ambiguous value call it a private key."""
    link = reading.link(start, end, _SECRET, _PUBLIC)
    weak = reading.link(start, end, _WEAK | _SECRET, _PUBLIC)
    if link and link.secret:
        either = link.cue.roles & _EITHER and not link.cue.roles & _PHRASE
        if either and (
            reading.roles & _API or (_HEX.fullmatch(word) and _is_signed(reading, start, end))
        ):
            return False
        if link.tight:
            return True
        first = min(link.cue.start, start)
        clause = max(first - 24, reading.clause(first))
        negated = reading.has(_NEGATE, clause, max(start, link.cue.start))
        short = 43 <= len(word) <= 44  # also the form of a Solana address
        told = link.before and is_told(_SPACED.sub(" ", reading.low[link.cue.end : start]))
        reach = _P["loose_told"] if told else _P["loose"]
        return not short and not negated and link.distance <= reach
    if len(word) >= 51 and _is_meant(reading, start):
        return True
    return bool(weak and weak.secret and weak.tight and weak.before and len(word) >= 51)


def _is_signed(reading: Reading, start: int, end: int) -> bool:
    """Return whether the text near speaks of signing requests: a secret key is then an API's."""
    near: int = _P["signed_near"]
    return bool(_SIGNED.search(reading.low, max(0, start - near), end + near))


def _is_meant(reading: Reading, start: int) -> bool:
    """Return whether the value's clause says only `it was`, and the one before it speaks of a key.

    An address in that clause is where the key was put: no such value is an address.
    """
    clause = reading.clause(start)
    pronoun = _IT_WAS.search(reading.low, clause, start)
    clause = pronoun.start() if pronoun else clause
    said = reading.low[clause:start]
    if not said.strip() or not is_filler(said) or not is_told(said):
        return False
    before = reading.clause(max(0, clause - 2))
    first = max(before, clause - _P["clause_before"])
    if reading.has(_NEGATE | _WHERE, clause, start) or reading.has(_NEGATE, first, clause):
        return False
    cues = reading.between(_SECRET | _WHERE, first, clause)
    about = [cue for cue in cues if cue.roles & _SECRET or not _is_place(reading.low, cue)]
    return bool(about) and bool(about[-1].roles & _SECRET)


def _is_place(low: str, cue: Cue) -> bool:
    """Return whether the cue is part of the words for an address."""
    return bool(_PLACE.search(low[max(0, cue.start - _NEAR_PLACE) : cue.end + _NEAR_PLACE]))


def _pem(plain: str) -> Iterator[Span]:
    """Yield PEM private keys. One whose end is missing reaches to the end of the text."""
    at = 0
    while begin := _PEM_BEGIN.search(plain, at):
        close = _PEM_END.search(plain, begin.end())
        at = close.end() if close else len(plain)
        yield Span(begin.start(), at, "private_key")


def _bytes(reading: Reading) -> Iterator[Span]:
    """Yield keys written as 64 numbers below 256, or 32 of them beside a cue."""
    if not _MANY_NUMBERS.search(reading.plain):
        return
    for match in _BYTES.finditer(reading.plain):
        numbers = _NUMBER.findall(match[0])
        if len(numbers) not in _P["byte_counts"] or any(int(number) > 255 for number in numbers):
            continue
        if len(numbers) == 64 or reading.has(_CUES, match.start() - 80, match.end() + 40):
            yield Span(match.start(), match.end(), "private_key")


def _keystores(plain: str) -> Iterator[Span]:
    """Yield wallet files: the JSON object round "crypto" with its cipher and kdf."""
    at = 0
    for match in _HEAD.finditer(plain):
        if match.start() < at:
            continue
        start = plain.rfind("{", max(at, match.start() - _P["keystore_size"]), match.start())
        start = _outermost(plain, max(at, match.start() - 400), match.start(), start)
        end = _closing(plain, start, min(len(plain), match.end() + _P["keystore_size"]))
        body = plain[start:end].lower()
        at = end
        if start >= 0 and all(word in body for word in _P["keystore_needs"]):
            yield Span(start, end, "private_key")


def _outermost(plain: str, floor: int, before: int, nearest: int) -> int:
    """Return where the outermost object that is still open at `before` begins."""
    depth, start = 0, nearest
    for at in range(before - 1, floor - 1, -1):
        if plain[at] == "}":
            depth += 1
        elif plain[at] == "{":
            if depth == 0:
                start = at
            else:
                depth -= 1
    return start


def _closing(plain: str, start: int, limit: int) -> int:
    depth = 0
    for at in range(max(start, 0), limit):
        if plain[at] == "{":
            depth += 1
        elif plain[at] == "}":
            depth -= 1
            if depth == 0:
                return at + 1
    return limit
