"""The words of a PDF: its pages, and every string elsewhere in it (forms, notes, metadata)."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any, Final

MOST_PAGES: Final = 300
MOST_TEXT: Final = 4_000_000
MOST_OBJECTS: Final = 50_000
_NO: Final = "more, or other, than is read here"
_LITTLE: Final = 20
_LINES: Final = 2_000
"""Bytes of drawing on a page without words: more may be words drawn as lines."""

MOST_PIXELS: Final = 12_000
"""Of all images of a PDF together: a logo of 200 by 60. In more, words could be read."""

_INLINE: Final = re.compile(rb"(?<![^\s])BI\s([^<>]{0,400}?)\sID\s")
_SIDE: Final = re.compile(rb"/(?:W|H|Width|Height)\s+(\d{1,6})")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_DEEP: Final = 40


def pdf_text(content: bytes) -> tuple[str, str] | None:
    """Return the text of a PDF's pages, and the strings that are not on them.

    None for what nobody could read: a PDF that is locked, damaged or too large, pictures in
    it larger than a small logo, files within the file.
    """
    import pypdf  # noqa: PLC0415 - a tenth of a second that only a PDF needs

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):  # locked against changes alone: ""
            return None
        if len(reader.pages) > MOST_PAGES or reader.attachments:
            return None
        return _pages(reader), "\n".join(_strings(reader))
    except Exception:  # noqa: BLE001 - a damaged PDF makes the package raise anything
        return None


def _pages(reader: Any) -> str:
    texts, size = [], 0
    for page in reader.pages:
        contents = page.get_contents()
        # raises where extract_text is silent; a dictionary without entries, so never "if contents"
        drawn = contents.get_data() if contents is not None else b""
        text = page.extract_text()
        size += len(text)
        if size > MOST_TEXT or _is_picture(page, text, drawn):
            raise ValueError(_NO)
        texts.append(text)
    return "\n".join(texts)


def _is_picture(page: Any, text: str, drawn: bytes) -> bool:
    """Return whether a page may show words that are not in its text."""
    is_bare = len("".join(text.split())) < _LITTLE
    draws = len(drawn) > _LINES or _has_xobject(page)
    return (is_bare and draws) or _inline_pixels(drawn) > MOST_PIXELS


def _has_xobject(page: Any) -> bool:
    """Return whether the page can draw a picture, or a form that may hold one."""
    resources = page.get("/Resources")
    return bool(resources and resources.get_object().get("/XObject"))


def _strings(reader: Any) -> Iterator[str]:
    """Yield every string of the document's objects, and its XMP metadata.

    Raises ValueError where its images are so large that they may show words.
    """
    from pypdf.generic import ByteStringObject, IndirectObject, TextStringObject  # noqa: PLC0415

    numbers = {number for generation in reader.xref.values() for number in generation}
    numbers |= reader.xref_objStm.keys()
    if len(numbers) > MOST_OBJECTS:
        raise ValueError(_NO)
    room, pixels = MOST_TEXT, 0
    waiting = [(reader.trailer, 0)]
    waiting += [(reader.get_object(IndirectObject(n, 0, reader)), 0) for n in sorted(numbers)]
    while waiting:
        found, depth = waiting.pop()
        if isinstance(found, TextStringObject | ByteStringObject):
            room -= len(found)
            yield from _readings(found)
        elif isinstance(found, dict):
            waiting += [(value, depth + 1) for value in found.values()]
            if found.get("/Subtype") == "/Form":
                pixels += _inline_pixels(found.get_data())  # type: ignore[attr-defined]
            if found.get("/Subtype") == "/Image":
                pixels += int(found.get("/Width", 0)) * int(found.get("/Height", 0))
            if found.get("/Type") == "/Metadata":
                yield found.get_data().decode(errors="replace")  # type: ignore[attr-defined]
        elif isinstance(found, list):
            waiting += [(value, depth + 1) for value in found]
        if room < 0 or pixels > MOST_PIXELS or depth > _DEEP:
            raise ValueError(_NO)


def _readings(found: Any) -> Iterator[str]:
    """Yield what a string may say: software writes it in its system's encoding, too."""
    raw = found.original_bytes
    is_marked = raw.startswith((b"\xfe\xff", b"\xff\xfe"))
    yield found if isinstance(found, str) else raw.decode("latin-1")
    if _NOT_ASCII.search(raw) and not is_marked:
        yield raw.decode("gb18030", errors="replace")


def _inline_pixels(drawing: bytes) -> int:
    """Return how large the images are that stand in a page's drawing itself."""
    total = 0
    for image in _INLINE.finditer(drawing):
        sides = [int(side) for side in _SIDE.findall(image[1])]
        total += sides[0] * sides[1] if len(sides) == 2 else 0
    return total
