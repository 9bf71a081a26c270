"""A file's text as pieces: plain, CSV, JSON and HAR."""

import json
import re
from collections.abc import Iterator
from typing import Final

from kefu import guard
from kefu.files.credentials import KIND, is_header, is_parameter, kind_of_key
from kefu.files.pieces import Form, Piece, quoted
from kefu.files.sniff import is_json

BODY: Final = "body"
_SLICE: Final = 2_000
_GAP: Final = 64
_INDENT: Final = re.compile(r"\s*\n\s*")
_MOST_KEYS: Final = 100
_DEEPEST: Final = 3
_CIPHER: Final = {"ciphertext", "cipher", "kdf"}
_FORMS: Final[dict[str, Form]] = {"open": "open", "close": "close", "other": "frame"}
_LINE: Final = re.compile(r"[^\n]{0,2000}\n|[^\n]{1,2000}")
_CELL: Final = re.compile(r'"((?:[^"]|"")*+)"|([^,;\t"\r\n]+)|(\r\n|[\r\n])|(.)', re.DOTALL)
_DELIMITERS: Final = ",;\t"
_MOST_HEADS: Final = 500
"""Columns whose heads are looked at: each costs five readings by the guard."""

_PROBES: Final = ("Xk9mP2vLq8", "482913", "731", "7f" * 32, "fluxA91!zz")
_TOKEN: Final = re.compile(
    r'("(?:[^"\\]++|\\.)*+")(?:(?=(\s*:))|)|(-?[0-9][0-9.eE+-]*)|([{\[])|([}\]])|([^"{}\[\]0-9-]+|.)',
    re.DOTALL,
)


def plain(text: str) -> Iterator[Piece]:
    """Yield a text line by line."""
    for match in _LINE.finditer(text):
        yield Piece(match[0], match[0])


def csv(text: str) -> Iterator[Piece]:
    """Yield cells, each free to be replaced; delimiters, quotes and line ends stay.

    In a column whose head names a secret, each cell is read behind that name.
    """
    head, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=head.count)
    heads: dict[int, str] = {}
    column, row = 0, 0
    for match in _CELL.finditer(text):
        quoted, bare, line_end, other = match.groups()
        cell = quoted if quoted is not None else bare
        if cell is not None:
            if row == 0 and column < _MOST_HEADS and _is_secret_head(cell):
                heads[column] = cell.strip()
            yield from _cell(cell, heads.get(column) if row else None, is_bare=quoted is None)
        elif line_end:
            column, row = 0, row + 1
            yield Piece(line_end, line_end, "frame")
        else:
            column += other == delimiter
            yield Piece(other, other, "frame")


def _is_secret_head(cell: str) -> bool:
    is_name = len(cell) <= 60 and any(map(str.isalpha, cell))
    return is_name and any(guard.scan(f"{cell.strip()}: {value}") for value in _PROBES)


def _cell(cell: str, head: str | None, *, is_bare: bool) -> Iterator[Piece]:
    mark = "" if is_bare else '"'
    before = f" {head}: " if head else ""
    if mark or before:
        yield Piece(mark, before + mark, "frame")
    for at in range(0, len(cell), _SLICE):
        part = cell[at : at + _SLICE]
        yield Piece(part, part)
    if mark:
        yield Piece(mark, mark, "frame")


def json_values(text: str, depth: int = 0) -> Iterator[Piece]:
    """Yield the values of a JSON text, each free to be replaced by a string.

    Values that are credentials by their place are forced out: the rules of `_places`.
    depth: how many strings the text stands within; what is deeper than a few reads as words.
    """
    forced = _places(text)
    for number, (kind, raw) in enumerate(_tokens(text)):
        if kind in ("string", "key"):
            yield from _string(raw, forced.get(number, ""), depth)
        elif kind == "number":
            yield Piece(raw, raw, "bare", forced.get(number, ""))
        else:
            shown = _INDENT.sub("\n", raw[:_GAP])
            yield Piece(raw, shown, _FORMS[kind], forced.get(number, ""))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        string, colon, number, opened, closed, other = match.groups()
        if string is not None:
            yield "string" if colon is None else "key", string
        elif number is not None:
            yield "number", number
        else:
            yield ("open", opened) if opened else ("close", closed) if closed else ("other", other)


def _string(raw: str, forced: str, depth: int) -> Iterator[Piece]:
    yield Piece('"', '"', "frame")
    if forced == BODY:
        yield Piece(f"[{BODY} removed]", "", "frame")
    elif forced:
        yield Piece(raw[1:-1], raw[1:-1][:_GAP], "string", forced)
    elif len(raw) <= _SLICE and "\\" not in raw:
        yield Piece(raw[1:-1], raw[1:-1], "string")
    else:
        yield from _value(json.loads(raw, strict=False), depth)
    yield Piece('"', '"', "frame")


def _value(value: str, depth: int) -> Iterator[Piece]:
    """Yield a string's value: as JSON where it is some, else in slices, escaped anew."""
    if depth < _DEEPEST and value.lstrip()[:1] in ("{", "[") and is_json(value):
        for piece in json_values(value, depth + 1):
            yield piece._replace(raw=quoted(piece.raw), depth=piece.depth + 1)
        return
    for at in range(0, len(value), _SLICE):
        shown = value[at : at + _SLICE]
        yield Piece(quoted(shown), shown, "string")


class _Level:
    """An object or array that is open: the key it stands under, and what it said of itself."""

    def __init__(self, key: str, opened: int, *, is_object: bool) -> None:
        self.key, self.opened, self.is_object = key, opened, is_object
        self.keys: set[str] = set()
        self.is_keystore = False
        self.member = ""
        self.name: str | None = None
        self.value: int | None = None
        self.text: int | None = None
        self.is_base64 = False
        self.values: list[int] = []

    def name_member(self, raw: str) -> None:
        """Note a key of the object."""
        self.member = _short(raw)
        if len(self.keys) < _MOST_KEYS:
            self.keys.add(self.member.lower())

    @property
    def under(self) -> str:
        """The key that what comes next stands under; in an array, the array's own."""
        return self.member if self.is_object else self.key

    def take(self, number: int, raw: str) -> None:
        """Note a value of the object."""
        match self.under:
            case "name":
                self.name = _short(raw)
            case "encoding":
                self.is_base64 = _short(raw) == "base64"
            case "value":
                self.value = number
            case "text":
                self.text = number

    @property
    def is_cipher(self) -> bool:
        """Whether it is the locked part of a wallet file."""
        return self.key.lower() == "crypto" and bool(self.keys & _CIPHER)

    def forced(self) -> Iterator[tuple[int, str]]:
        """Yield the values that are credentials, once the object is closed."""
        if self.is_keystore:
            yield self.opened, "private_key"
        if self.name is not None and self.value is not None:
            listed = self.key in ("queryString", "params")
            if self.key == "cookies" or (is_parameter if listed else is_header)(self.name):
                yield self.value, KIND
        elif self.key == "cookies":
            yield from ((number, KIND) for number in self.values)
        if self.is_base64 and self.text is not None:
            yield self.text, BODY


def _places(text: str) -> dict[int, str]:
    """Return the numbers of tokens that are credentials by their place, with their kind.

    - the value of a key that names a credential header ("Authorization": "...");
    - `value` beside such a `name`: a HAR's headers, query and post parameters;
    - every value of a cookie;
    - the value of a key that names a secret ("passphrase": "...");
    - the whole object of a wallet file;
    - a body in Base64, which no rule can read (kind BODY).
    """
    forced: dict[int, str] = {}
    levels = [_Level("", -1, is_object=False)]
    for number, (kind, raw) in enumerate(_tokens(text)):
        level = levels[-1]
        if kind == "key":
            level.name_member(raw)
        elif kind == "open":
            levels.append(_Level(level.under, number, is_object=raw == "{"))
        elif kind == "close" and len(levels) > 1:
            levels[-2].is_keystore |= level.is_cipher
            forced.update(levels.pop().forced())
        elif kind in ("string", "number"):
            if level.key == "cookies":
                level.values.append(number)
            level.take(number, raw)
            if secret := kind_of_key(level.under):
                forced[number] = secret
    return forced


def _short(raw: str) -> str:
    """Return a string token's value, "" if it is too long to be a name."""
    if len(raw) > 200 or not raw.startswith('"'):
        return ""
    return str(json.loads(raw, strict=False))
