"""Pictures: how large they are, and a small copy drawn anew that carries nothing but pixels."""

import io
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from PIL import Image, ImageOps, ImageStat

from kefu.files.errors import FileDamaged, PictureTooLarge

MAX_MEGAPIXELS: Final = 40
PREVIEW_SIDE: Final = 1280
READING_SIDE: Final = 4_000
READING_WIDTH: Final = 2_500
"""To this a short side may shrink to fit a long one: at most by half, so writing stays legible."""

OVERLAP: Final = 1_200
"""Pixels that two parts of a long picture share: a numbered list lies whole in one of them."""

MOST_PARTS: Final = 12
SMALL_WRITING: Final = 1_600
NARROW: Final = 600
_STRIP: Final = 1_000_000
_ORIENTATION: Final = 0x0112
_DARK: Final = 110
PREVIEW_TYPE: Final = "image/webp"

Image.MAX_IMAGE_PIXELS = None  # Pillow only warns over it; the limit here refuses

_MILLION: Final = 1_000_000
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError)


class Picture(NamedTuple):
    """Width and height as a reader sees it, in pixels; the preview is WebP."""

    width: int
    height: int
    preview: bytes


def picture(content: bytes, form: str) -> Picture:
    """Return the size and preview of a picture; of an animation the first frame.

    form: Pillow's name of the one decoder that may read it.
    Raises PictureTooLarge by its header alone, FileDamaged if it cannot be drawn.
    Cost: about 0.25 s for a photograph of 12 megapixels; 0.5 s and 250 MB for 40 in PNG.
    """
    try:
        if form == "WEBP":
            _check_pixels(*_webp_canvas(content))
        return _drawn(Image.open(io.BytesIO(content), formats=(form,)))
    except _BROKEN as error:
        raise FileDamaged from error


def for_reading(content: bytes, content_type: str) -> list[bytes] | None:
    """Return a picture in grey as PNGs for OCR, dark on light, small writing enlarged.

    One as a rule; a long screenshot comes in parts that overlap. None for what cannot be read
    whole: an animation, a picture longer than MOST_PARTS, one that cannot be drawn.
    Memory: about 250 MB for 40 megapixels with transparency.
    """
    form = content_type.removeprefix("image/").upper()
    try:
        image = Image.open(io.BytesIO(content), formats=(form,))
        if getattr(image, "n_frames", 1) > 1:
            return None
        image.draft("L", image.size)  # JPEG decodes to grey at a quarter of the memory
        grey = _sized(_grey(image))
        parts = list(_parts(grey.size))
        return [_png(grey.crop(part)) for part in parts] if len(parts) <= MOST_PARTS else None
    except _BROKEN:
        return None


def _grey(image: Image.Image) -> Image.Image:
    """Return a picture in grey on white, the right way up.

    Drawn strip by strip: whole, each step would hold a copy at four bytes a pixel.
    """
    image.load()
    grey = Image.new("L", image.size, "white")
    high = max(1, _STRIP // image.width)
    for top in range(0, image.height, high):
        strip = image.crop((0, top, image.width, min(top + high, image.height)))
        if image.has_transparency_data:
            strip = strip.convert("RGBA")
            grey.paste(strip.convert("L"), (0, top), strip.getchannel("A"))
        else:
            grey.paste(strip.convert("L"), (0, top))
    grey.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    return ImageOps.exif_transpose(grey)


def _sized(grey: Image.Image) -> Image.Image:
    shortest, longest = sorted(grey.size)
    if longest < SMALL_WRITING or shortest < NARROW:
        scale = 2.0
    else:
        scale = min(1.0, max(READING_SIDE / longest, READING_WIDTH / shortest))
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey if size == grey.size else grey.resize(size, Image.Resampling.LANCZOS)


def _parts(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the boxes in which a picture is read: one, or several along its longer side."""
    width, height = size
    step = READING_SIDE - OVERLAP
    for at in range(0, max(1, max(size) - OVERLAP), step):
        if width > height:
            yield at, 0, min(at + READING_SIDE, width), height
        else:
            yield 0, at, width, min(at + READING_SIDE, height)


def _png(grey: Image.Image) -> bytes:
    if ImageStat.Stat(grey).mean[0] < _DARK:
        grey = ImageOps.invert(grey)
    out = io.BytesIO()
    grey.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _drawn(image: Image.Image) -> Picture:
    width, height = image.size
    _check_pixels(width, height)
    if image.getexif().get(_ORIENTATION, 1) in {5, 6, 7, 8}:  # orientation: on its side
        width, height = height, width
    image.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))  # JPEG decodes at a fraction of the cost
    small = _reduced(image, "RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    small = ImageOps.exif_transpose(small)
    small.info.clear()
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=2)
    return Picture(width, height, out.getvalue())


def _reduced(image: Image.Image, mode: str) -> Image.Image:
    """Return a large picture at twice the preview's size, strip by strip: see _grey."""
    image.load()
    factor = max(image.size) // (2 * PREVIEW_SIDE)
    if factor < 2:
        return image if image.mode == mode else image.convert(mode)
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    high = max(1, _STRIP // (image.width * factor)) * factor
    for top in range(0, image.height, high):
        strip = image.crop((0, top, image.width, min(top + high, image.height)))
        small.paste(strip.convert(mode).reduce(factor), (0, top // factor))
    small.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    return small


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_MEGAPIXELS * _MILLION:
        raise PictureTooLarge(megapixels=MAX_MEGAPIXELS)


def _webp_canvas(content: bytes) -> tuple[int, int]:
    """Return width and height by a WebP's header: its decoder takes memory when it opens.

    Source: RFC 9649, sections 2.5 to 2.7.
    """
    if content[12:16] == b"VP8X":
        wide, high = content[24:27], content[27:30]
        return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF
