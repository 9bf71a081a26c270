"""Files for tests: PDFs written by hand, pictures of words."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

PHRASE = "abandon ability able about above absent absorb abstract absurd abuse access accident"


def pdf(text: str, *, title: str = "", extra: bytes = b"", resources: bytes = b"") -> bytes:
    """A PDF of one page. extra: further entries of the page; resources: of what it draws with."""
    drawn = b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % text.encode()
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s"
        b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % (extra, resources),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%s) >>" % title.encode(),
    )


def assembled(*objects: bytes) -> bytes:
    """A PDF of numbered objects: the first is the catalogue, the sixth says about the file."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF"
    return out + end + trailer % (size, len(out))


def picture_of(lines: list[str], *, dark: bool = False, form: str = "PNG") -> bytes:
    """A screenshot that shows lines of words. Skips the test where no font is installed."""
    font = _font()
    back, ink = ((18, 18, 24), "white") if dark else ("white", "black")
    image = Image.new("RGB", (1000, 120 + 56 * len(lines)), back)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((50, 60 + 56 * number), line, font=font, fill=ink)
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def _font() -> ImageFont.FreeTypeFont:
    for pattern in ("NotoSans-Regular*", "DejaVuSans.ttf", "LiberationSans-Regular*"):
        for path in Path("/usr/share/fonts").rglob(pattern):
            return ImageFont.truetype(path, 28)
    pytest.skip("no font to draw words with")
