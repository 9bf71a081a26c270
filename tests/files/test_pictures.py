"""What OCR is given of a picture, and what that costs."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageStat

from kefu.files import pictures
from kefu.files.pictures import for_reading

_PEAK = """
import sys
from kefu.files.pictures import for_reading, picture
content = open(sys.argv[1], "rb").read()
assert picture(content, sys.argv[2]).width == 8_000
assert for_reading(content, f"image/{sys.argv[2].lower()}")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def content(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def parts(image: Image.Image, form: str = "PNG", **options: object) -> list[Image.Image]:
    read = for_reading(content(image, form, **options), f"image/{form.lower()}")
    return [Image.open(io.BytesIO(part)) for part in read or []]


def shade(image: Image.Image, x: int, y: int) -> float:
    found = image.convert("L").getpixel((x, y))
    assert isinstance(found, int | float)
    return found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak there")
@pytest.mark.parametrize(
    ("mode", "form"),
    [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGB", "PNG"), ("RGB", "JPEG")],
)
def test_the_largest_picture_is_read_in_little_memory(mode: str, form: str, tmp_path: Path) -> None:
    place = tmp_path / "large"
    place.write_bytes(content(Image.new(mode, (8_000, 5_000)), form))
    program = [sys.executable, "-c", _PEAK, str(place), form]
    told = subprocess.run(program, capture_output=True, text=True, check=True)
    assert int(told.stdout) < 300_000


def test_what_lies_under_transparency_is_white() -> None:
    image = Image.new("RGBA", (1_700, 800), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), "black")
    (part,) = parts(image)
    assert part.size == image.size
    assert (shade(part, 50, 50), shade(part, 500, 700)) == (0, 255)


def test_a_picture_on_its_side_is_turned() -> None:
    image = Image.new("RGB", (1_700, 800), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), "black")
    exif = Image.Exif()
    exif[0x0112] = 6
    (part,) = parts(image, "JPEG", exif=exif)
    assert part.size == (800, 1_700)
    assert shade(part, 750, 50) < 50 < 200 < shade(part, 50, 1_650)


def test_the_preview_of_a_large_picture_on_its_side_is_turned_and_keeps_what_is_clear() -> None:
    image = Image.new("RGBA", (6_001, 3_001), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 999, 999), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = pictures.picture(content(image, exif=exif), "PNG")
    small = Image.open(io.BytesIO(drawn.preview))
    assert (drawn.width, drawn.height, small.size) == (3_001, 6_001, (640, 1_280))
    assert shade(small, 600, 50) > 250
    clear = small.convert("RGBA").getchannel("A")
    assert shade(clear, 600, 50) == 255 > 5 > shade(clear, 100, 1_000)


@pytest.mark.parametrize("size", [(1_080, 20_000), (20_000, 1_440)])
def test_a_long_screenshot_is_read_in_parts_that_overlap(size: tuple[int, int]) -> None:
    read = parts(Image.new("RGB", size, "white"))
    assert {min(part.size) for part in read} == {min(size)}
    assert sum(max(part.size) for part in read) == max(size) + pictures.OVERLAP * (len(read) - 1)


def test_a_dark_part_of_a_long_screenshot_is_turned_light() -> None:
    image = Image.new("RGB", (1_080, 12_000), "white")
    image.paste("black", (0, 0, 1_080, 4_000))
    assert all(ImageStat.Stat(part).mean[0] > 100 for part in parts(image))


def test_a_picture_too_long_to_be_read_is_not_read_at_all() -> None:
    assert for_reading(content(Image.new("L", (200, 90_000))), "image/png") is None


def test_nothing_shrinks_by_more_than_half() -> None:
    for size in ((8_000, 5_000), (6_320, 6_320), (1_000, 30_000), (2_600, 15_000), (13_000, 3_000)):
        read = parts(Image.new("L", size))
        assert min(min(part.size) for part in read) * 2 >= min(size), size
