"""Credentials told by their place: headers, cookies and parameters of addresses.

The guard knows secrets by their words and shapes; these are short or shapeless, and secret
because of the name before them.
"""

import re
from collections.abc import Iterator
from typing import Final

from kefu.guard.spans import Span

KIND: Final = "api_secret"

_HEADER: Final = (
    "(?:set-)?cookie2?|(?:proxy-)?authorization"
    "|[a-z-]{0,24}(?:api-?key|api-?sign|api-?secret|api-?passphrase|bapi-sign|access-key"
    "|access-sign|access-passphrase|auth(?:entication)?-token|access-token|session-(?:id|token)"
    "|csrf-?token|xsrf-?token|security-token|device-token)"
)
_PARAMETER: Final = (
    "(?:[a-z]{1,12}[_-])?(?:token|secret|signature|password|passwd|pwd|passphrase|otp|jwt|api_?key"
    "|session(?:_?id)?|ticket|credential)s?|sid|sig|sign|auth|mnemonic|seed|private_?key"
)
_SHORT_PARAMETER: Final = "code|key|state|nonce"
_VALUE: Final = r"[^\s&#\"'<>\\]"

_NAME: Final = re.compile(_HEADER, re.IGNORECASE)
_PARAMETER_NAME: Final = re.compile(f"{_PARAMETER}|{_SHORT_PARAMETER}", re.IGNORECASE)
_IN_ADDRESS: Final = re.compile(
    f"(?:[?&#\"']|^)(?:(?:{_PARAMETER})=({_VALUE}{{4,}})|(?:{_SHORT_PARAMETER})=({_VALUE}{{8,}}))",
    re.IGNORECASE | re.MULTILINE,
)
_COOKIE_LINE: Final = re.compile(
    r"(?<![a-z0-9-])(?:set-)?cookie2?[\"']?[ ]?[:=][ ]?[\"']?([^\s=;\"',]{1,64}=[^\r\n\"']+)",
    re.IGNORECASE,
)
_AUTHORIZATION_LINE: Final = re.compile(
    r"(?<![a-z0-9])authorization[\"']?[ ]?[:=][ ]?[\"']?"
    r"((?:[a-z0-9-]{3,20}[ ]{1,4})?[a-z0-9+/._~=:,-]{8,}[^\r\n\"']*)",
    re.IGNORECASE,
)
_OTHER_LINE: Final = re.compile(
    rf"(?<![a-z0-9-])(?:{_HEADER})[\"']?[ ]?:[ ]?[\"']?([^\s\"',;]{{6,}})", re.IGNORECASE
)
_KEYS: Final = {
    "mnemonic": re.compile("mnemonics?|mnemonicphrase|seedphrase|recoveryphrase|secretphrase"),
    "private_key": re.compile("(?:[a-z]{0,8}private|secretspend|secretview)key"),
    "password": re.compile("(?:[a-z]{0,8})?(?:password|passwd|passphrase|passcode)|pwd"),
    KIND: re.compile(
        "(?:[a-z]{0,8})?secret(?:key)?|(?:access|refresh|id|auth|session|bearer|csrf|xsrf)token"
        "|sessionid|jwt"
    ),
}
_LINES: Final = (_COOKIE_LINE, _AUTHORIZATION_LINE, _OTHER_LINE)
_HINT: Final = re.compile(
    r"[?&#][a-z_-]{2,24}=|cookie|authorization|-key|-sign|-pass|-token|-id", re.IGNORECASE
)


def is_header(name: str) -> bool:
    """Return whether a header of this name carries a credential."""
    return _NAME.fullmatch(name) is not None


def is_parameter(name: str) -> bool:
    """Return whether a parameter of this name carries a credential."""
    return _PARAMETER_NAME.fullmatch(name) is not None or is_header(name)


def kind_of_key(key: str) -> str:
    """Return the kind of secret that stands under a key of JSON, "" if the key names none."""
    if is_header(key):
        return KIND
    bare = re.sub("[^a-z]", "", key.lower())
    return next((kind for kind, names in _KEYS.items() if names.fullmatch(bare)), "")


def credentials(text: str) -> Iterator[Span]:
    """Yield the values of credential headers, cookies and parameters written in a text."""
    if not _HINT.search(text):
        return
    for match in _IN_ADDRESS.finditer(text):
        yield Span(*match.span(1 if match[1] else 2), KIND)
    for line in _LINES:
        for match in line.finditer(text):
            yield Span(*match.span(1), KIND)
