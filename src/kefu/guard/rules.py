"""The rules in force and their version, which every finding carries."""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard.answers import find_answers
from kefu.guard.cards import find_cards
from kefu.guard.codes import find_codes, find_security_codes
from kefu.guard.counted import find_spelled
from kefu.guard.echoes import find_echoes
from kefu.guard.fold import Flat
from kefu.guard.identities import find_ibans, find_identities
from kefu.guard.implied import find_implied
from kefu.guard.joined import find_joined
from kefu.guard.keys import find_grouped, find_keys
from kefu.guard.mnemonic import find_mnemonics
from kefu.guard.pack import roles
from kefu.guard.pairs import find_pairs
from kefu.guard.passwords import find_passwords
from kefu.guard.reading import Reading
from kefu.guard.spans import Span, merged
from kefu.guard.tokens import find_tokens, in_api_context

VERSION: Final = "2"
_DIGITS: Final = re.compile("[0-9][^A-Za-z]{0,3}[0-9][^A-Za-z]{0,3}[0-9]")
_LONG: Final = re.compile(
    "[0-9A-Za-z+/=_-](?:[0-9A-Za-z+/=_-]{15}"
    "|(?<=[A-Za-z2-7])[A-Za-z2-7]{3}[ -](?:[A-Za-z2-7]{4}[ -]){2})"
)
_LIST: Final = re.compile("[0-9]{1,3}[ ]?,[ \\n]?[0-9]{1,3}[ ]?,[ \\n]?[0-9]{1,3}[ ]?,|crypto")
_CODE: Final = roles("otp")
_SPOKEN: Final = roles("otp", "code", "told", "came", "message", "handset", "sms")
_KEY: Final = roles("key", "keyword")
_DIGIT: Final = re.compile("[0-9]")
_SECRETS: Final = 50
_FRAMED: Final = roles("frame", "prefix")
_PASSWORD: Final = roles("password", "login")


def find(flat: Flat, budget: int | None = None) -> list[Span]:
    """Return what the rules find in a text, in order and apart.

    Raises BudgetSpent where that takes more than budget steps, see `Reading`.
    Cheap looks first: a text without three digits, a long word, a password cue or a row of
    words is done.
    """
    reading = Reading(flat, budget)
    spans = [*_found(reading), *reading.claimed]
    if spans:
        spans += find_echoes(reading, spans)
        secrets = [span.end for span in spans if span.kind == "api_secret"][:_SECRETS]
        spans = [
            span._replace(kind="api_secret")
            if span.kind == "password" and in_api_context(reading, span, secrets)
            else span
            for span in spans
        ]
    return merged(spans)


def _found(reading: Reading) -> Iterator[Span]:
    """Yield what each rule finds. Of a long text the first ones may claim the most."""
    if reading.roles & _PASSWORD:
        yield from find_passwords(reading)
    yield from find_pairs(reading)
    if reading.roles & _SPOKEN:
        yield from find_spelled(reading)
    if _DIGITS.search(reading.plain) or (reading.roles & _CODE and _DIGIT.search(reading.plain)):
        yield from find_codes(reading)
        yield from find_security_codes(reading)
        yield from find_cards(reading)
        yield from find_ibans(reading)
        yield from find_identities(reading)
    plain = reading.plain
    if reading.roles & _KEY:
        yield from find_grouped(reading)
    if reading.roles & _FRAMED or _LONG.search(plain) or _LIST.search(plain):
        yield from find_keys(reading)
        yield from find_tokens(reading)
    yield from find_answers(reading)
    yield from find_implied(reading)
    yield from find_joined(reading)
    yield from find_mnemonics(reading)
