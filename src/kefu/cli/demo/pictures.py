"""Attachments of the demo: screenshots drawn on the spot, and plain text files."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from kefu.cli.demo.content import Attachment

_WIDTH: Final = 720
_ROW: Final = 64
_HEAD: Final = 104
_EDGE: Final = 36


def drawn(attachment: Attachment) -> tuple[str, bytes]:
    """Return content type and bytes of an attachment."""
    if attachment.kind == "text":
        lines = [attachment.title, "", *(" ".join(row) for row in attachment.rows)]
        return "text/plain", ("\n".join(lines) + "\n").encode()
    return "image/png", _screenshot(attachment)


def _screenshot(attachment: Attachment) -> bytes:
    """Return a PNG of an app's detail page: a title, and rows of a name and a value."""
    size = (_WIDTH, _HEAD + _ROW * len(attachment.rows) + _EDGE)
    picture = Image.new("RGB", size, "#f6f5f3")
    draw = ImageDraw.Draw(picture)
    large, plain = ImageFont.load_default(30), ImageFont.load_default(24)
    draw.rectangle((0, 0, _WIDTH, 76), fill="#1d1a17")
    draw.text((_EDGE, 38), attachment.title, fill="#f6f1ea", font=large, anchor="lm")
    for number, (name, value) in enumerate(attachment.rows):
        top = _HEAD + number * _ROW
        draw.line((_EDGE, top + _ROW, _WIDTH - _EDGE, top + _ROW), fill="#e0dbd5", width=2)
        middle = top + _ROW // 2
        draw.text((_EDGE, middle), name, fill="#746b62", font=plain, anchor="lm")
        draw.text((_WIDTH - _EDGE, middle), value, fill=_ink(value), font=plain, anchor="rm")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ink(value: str) -> str:
    """Return the colour of a value: a state in capitals stands out."""
    if not value.isalpha() or not value.isupper() or len(value) < 5:
        return "#1d1a17"
    return "#c0312b" if value == "REFUSED" else "#0b7a4b"
