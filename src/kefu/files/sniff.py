"""What a file is, told by its content. Only the types listed here exist."""

import re
from typing import Final, Literal, NamedTuple

import msgspec

from kefu.files.decode import decoded
from kefu.files.names import extension

Kind = Literal["image", "pdf", "text", "audio", "video"]


class FileType(NamedTuple):
    """A type that is taken. `extensions`: those its files may have, the usual one first."""

    content_type: str
    kind: Kind
    extensions: tuple[str, ...]


PNG: Final = FileType("image/png", "image", ("png",))
JPEG: Final = FileType("image/jpeg", "image", ("jpg", "jpeg", "jpe", "jfif"))
GIF: Final = FileType("image/gif", "image", ("gif",))
WEBP: Final = FileType("image/webp", "image", ("webp",))
PDF: Final = FileType("application/pdf", "pdf", ("pdf",))
MP4: Final = FileType("video/mp4", "video", ("mp4", "m4v"))
WEBM: Final = FileType("video/webm", "video", ("webm",))
M4A: Final = FileType("audio/mp4", "audio", ("m4a",))
MP3: Final = FileType("audio/mpeg", "audio", ("mp3",))
OGG: Final = FileType("audio/ogg", "audio", ("ogg", "oga", "opus"))
WAV: Final = FileType("audio/wav", "audio", ("wav",))
TEXT: Final = FileType("text/plain", "text", ("txt", "log", "md", "tsv", ""))
CSV: Final = FileType("text/csv", "text", ("csv",))
JSON: Final = FileType("application/json", "text", ("json", "har"))

TYPES: Final = (PNG, JPEG, GIF, WEBP, PDF, MP4, WEBM, M4A, MP3, OGG, WAV, TEXT, CSV, JSON)

_MAGIC: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL), WEBP),
    (re.compile(rb"%PDF-\d\.\d"), PDF),
    (re.compile(rb"....ftypM4[AB] ", re.DOTALL), M4A),
    (
        re.compile(rb"....ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash|3gp[456])", re.DOTALL),
        MP4,
    ),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,64}?\x42\x82.webm", re.DOTALL), WEBM),
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xfa\xfb\xf2\xf3]"), MP3),
    (re.compile(rb"OggS\x00"), OGG),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), WAV),
)
_MARKUP: Final = re.compile(
    r"\s*(?:<(?:!doctype|!--|\?|html|head|body|script|style|iframe|svg|img|table|title|meta|a\b|b\b"
    r"|div|p\b|h1|br|font|form|link|object|embed)|#!|\{\\rtf|%!ps)",
    re.IGNORECASE,
)
_CONTROLS: Final = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_BOM: Final = "\ufeff"


def sniff(name: str, content: bytes) -> FileType | None:
    """Return the type of content, or None if it is not taken here.

    The name decides between kinds of text alone: what is called a page, a script or a program
    is none of them.
    """
    for magic, found in _MAGIC:
        if magic.match(content):
            return found
    return _text_type(extension(name), content)


def _text_type(ending: str, content: bytes) -> FileType | None:
    named = next((t for t in (TEXT, CSV, JSON) if ending in t.extensions), None)
    text = decoded(content) if named else None
    if text is None or _CONTROLS.search(text) or _MARKUP.match(text.removeprefix(_BOM)):
        return None
    return TEXT if named is JSON and not is_json(text) else named


def is_json(text: str) -> bool:
    """Return whether a text is one JSON value, nested no deeper than can be read."""
    try:
        msgspec.json.decode(text.removeprefix(_BOM), type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True
