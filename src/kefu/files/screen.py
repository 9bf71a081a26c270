"""What the guard says of a file's content: kept as it is, with its secrets out, or not at all.

Pure, and linear in the content. Hostile content may still take long or much memory (a PDF
above all): `files.child` runs this in a process of its own, with limits.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from kefu.core.records import FileState
from kefu.files.decode import decoded
from kefu.files.formats import BODY, csv, json_values, plain
from kefu.files.pdf import pdf_text
from kefu.files.pieces import Masker, Piece
from kefu.files.sniff import CSV, JSON, PDF, TEXT

READABLE: Final = frozenset({TEXT.content_type, CSV.content_type, JSON.content_type})
"""Types that are rewritten without their secrets."""

SCREENED: Final = READABLE | {PDF.content_type}
"""Types that are read before anything of them is stored."""

_FORMATS: Final[dict[str, Callable[[str], Iterator[Piece]]]] = {
    TEXT.content_type: plain,
    CSV.content_type: csv,
    JSON.content_type: json_values,
}
_KEYS: Final = frozenset({"mnemonic", "xprv", "wif", "private_key"})
_BARE: Final = 32
"""Letters and digits a file may have beside a wallet's key and still be nothing but that."""

_BOM: Final = "\ufeff"


class Screened(Struct, frozen=True):
    """A file after the guard. `content` is None if nothing of it may be kept.

    found: how many secrets of each kind.
    """

    state: FileState
    content: bytes | None
    found: dict[str, int]


def screen(content_type: str, content: bytes) -> Screened:
    """Return what may be stored of a file of one of the SCREENED types.

    Text comes back in UTF-8. A file that is a wallet's key and little else is removed, and so
    is a PDF with a secret in it, since it cannot be rewritten; one that cannot be read is
    unchecked, with its content.
    """
    if content_type == PDF.content_type:
        return _screened_pdf(content)
    text = decoded(content) or ""
    masker = Masker()
    new = "".join(masker.masked(_FORMATS[content_type](text)))
    if masker.found.keys() & _KEYS and masker.kept <= _BARE:
        return Screened("removed", None, dict(masker.found))
    is_new = bool(masker.found) or f"[{BODY} removed]" in new
    if not is_new and _is_utf8(content):
        return Screened("clean", content, {})
    mark = _BOM if content_type == CSV.content_type and not _is_utf8(content) else ""
    return Screened("clean", (mark + new).encode(), dict(masker.found))


def findings(text: str) -> dict[str, int]:
    """Return how many secrets of each kind a text of any length holds."""
    masker = Masker()
    for _ in masker.masked(plain(text)):
        pass
    return dict(masker.found)


def _screened_pdf(content: bytes) -> Screened:
    texts = pdf_text(content)
    if texts is None:
        return Screened("unchecked", content, {})
    found = sum((Counter(findings(text)) for text in texts), Counter[str]())
    return Screened("removed", None, dict(found)) if found else Screened("clean", content, {})


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
