"""What may come in: a file's real type, a name that is safe to show, and its preview.

Pure, but slow for pictures: callers take it off the event loop.
"""

from typing import Final

from msgspec import Struct

from kefu.files.errors import FileEmpty, FileTooLarge, FileTypeRefused
from kefu.files.names import clean_name, extension, with_extension
from kefu.files.pictures import picture
from kefu.files.sniff import GIF, JPEG, PNG, TYPES, WEBP, FileType, Kind, sniff

MAX_BYTES: Final = 20 * 1024 * 1024
ACCEPTED: Final = tuple(known.content_type for known in TYPES)
"""Content types that are taken."""

_DECODERS: Final = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP"}
_ACTIVE: Final = frozenset(
    {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"}
    | {"text/javascript", "application/javascript", "application/x-msdownload"}
)


class Inspected(Struct, frozen=True):
    """A file that may come in. `content_type` is what it is, not what it was declared to be.

    width, height: of a picture, in pixels, the right way up.
    preview: of a picture, WebP, at most 1280 pixels a side, without metadata.
    """

    name: str
    content_type: str
    kind: Kind
    width: int | None = None
    height: int | None = None
    preview: bytes | None = None


def inspect(name: str, declared: str, content: bytes) -> Inspected:
    """Return what content really is, under a clean name whose extension agrees with it.

    declared: the sender's content type; it can only make a file refused.
    Raises FileEmpty, FileTooLarge, FileTypeRefused, PictureTooLarge, FileDamaged.
    """
    if not content:
        raise FileEmpty
    if len(content) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES // 1024**2)
    name = clean_name(name)
    found = sniff(name, content)
    if found is None or declared.partition(";")[0].strip().lower() in _ACTIVE:
        raise FileTypeRefused
    return _described(_named(name, found), found, content)


def _described(name: str, found: FileType, content: bytes) -> Inspected:
    if decoder := _DECODERS.get(found):
        drawn = picture(content, decoder)
        return Inspected(name, found.content_type, found.kind, *drawn)
    return Inspected(name, found.content_type, found.kind)


def _named(name: str, found: FileType) -> str:
    """Return name, with the type's own extension behind one that would open it as another."""
    if extension(name) in found.extensions or found.kind == "text":
        return name
    return with_extension(name, found.extensions[0])
