"""What may come in, under which name, and what a picture's preview gives away."""

import codecs
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kefu.core.errors import KefuError
from kefu.files.errors import (
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileTypeRefused,
    PictureTooLarge,
)
from kefu.files.inspect import ACCEPTED, MAX_BYTES, inspect
from kefu.files.names import LIMIT, clean_name


def drawing(form: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 99) + b"IDAT"


TAKEN = [
    ("a.png", drawing("PNG"), "image/png", "image"),
    ("a.jpg", drawing("JPEG"), "image/jpeg", "image"),
    ("a.jpeg", drawing("JPEG"), "image/jpeg", "image"),
    ("a.gif", drawing("GIF"), "image/gif", "image"),
    ("a.webp", drawing("WEBP"), "image/webp", "image"),
    ("statement.pdf", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "application/pdf", "pdf"),
    ("notes.txt", "提币失败\r\n".encode(), "text/plain", "text"),
    ("笔记.txt", "提币失败，请处理".encode("gb18030"), "text/plain", "text"),
    ("export.txt", "提币失败".encode("utf-16"), "text/plain", "text"),
    ("big.csv", codecs.BOM_UTF16_BE + "id,amount".encode("utf-16-be"), "text/csv", "text"),
    ("README", b"plain words", "text/plain", "text"),
    ("trades.csv", b"\xef\xbb\xbfid,amount\n1,2\n", "text/csv", "text"),
    ("answer.json", b'{"code": 50113}', "application/json", "text"),
    ("answer.json", b'{"code": 50113', "text/plain", "text"),
    ("deep.json", b"[" * 100_000, "text/plain", "text"),
    ("page.har", b'{"log": {}}', "application/json", "text"),
    ("clip.mp4", b"\0\0\0\x18ftypisom\0\0\2\0", "video/mp4", "video"),
    (
        "clip.webm",
        b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\x82\x84webm",
        "video/webm",
        "video",
    ),
    ("voice.m4a", b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4", "audio"),
    ("voice.mp3", b"ID3\x04\0\0\0\0\0\0", "audio/mpeg", "audio"),
    ("voice.mp3", b"\xff\xfb\x90\x64\0\0", "audio/mpeg", "audio"),
    ("voice.ogg", b"OggS\0\2\0\0", "audio/ogg", "audio"),
    ("voice.wav", b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav", "audio"),
]

REFUSED = [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
    ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>"),
    ("a.txt", b"<?xml version='1.0'?><svg/>"),
    ("a.txt", b"#!/bin/sh\nrm -rf ~"),
    ("page.html", b"hello"),
    ("run.bat", b"del *"),
    ("run.js", b"alert(1)"),
    ("a.exe", b"MZ\x90\0\3\0\0\0"),
    ("a.txt", b"\x7fELF\2\1\1\0"),
    ("a.pdf", b"MZ\x90\0%PDF-1.7"),
    ("a.zip", b"PK\3\4\x14\0"),
    ("a.jpg", b"PK\3\4\x14\0"),
    ("a.docx", b"PK\3\4\x14\0"),
    ("a.txt", b"words\0words"),
    ("a.txt", "<!doctype html><script>".encode("utf-16")),
    ("a.txt", "words\0words".encode("utf-16")),
    ("a.txt", "words".encode("utf-16-le")),
    ("a.rtf", b"{\\rtf1 hello}"),
    ("a.bmp", b"BM\x36\0\0\0"),
    ("a.webp", b"RIFF\x24\0\0\0AVI LIST"),
]


@pytest.mark.parametrize(("name", "content", "content_type", "kind"), TAKEN)
def test_a_listed_type_is_told_by_its_content(
    name: str, content: bytes, content_type: str, kind: str
) -> None:
    looked = inspect(name, "application/octet-stream", content)
    assert (looked.name, looked.content_type, looked.kind) == (name, content_type, kind)
    assert looked.content_type in ACCEPTED
    assert (looked.preview is not None) == (kind == "image")


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_pages_programs_and_archives_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        inspect(name, "image/png", content)


@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml; charset=utf-8", "TEXT/HTML"])
def test_what_declares_itself_active_is_refused(declared: str) -> None:
    with pytest.raises(FileTypeRefused):
        inspect("a.txt", declared, b"hello")


def test_a_picture_that_is_also_a_script_gets_a_pictures_name() -> None:
    whole = drawing("GIF")
    script = whole + b"*/=1;alert(document.domain)//"
    looked = inspect("run.js", "application/octet-stream", script)
    assert (looked.name, looked.content_type) == ("run.js.gif", "image/gif")
    assert looked.preview is not None
    assert b"alert" not in looked.preview


def test_a_script_with_a_pictures_first_bytes_is_refused() -> None:
    with pytest.raises(FileDamaged):
        inspect("a.gif", "image/gif", b"GIF89a/*" + b"\0" * 30 + b"*/=1;alert(1)//")


def test_nothing_and_too_much_are_refused_with_the_figure() -> None:
    with pytest.raises(FileEmpty):
        inspect("a.txt", "text/plain", b"")
    assert inspect("a.txt", "text/plain", b"a" * MAX_BYTES).kind == "text"
    with pytest.raises(FileTooLarge) as refused:
        inspect("a.txt", "text/plain", b"a" * (MAX_BYTES + 1))
    assert refused.value.values == {"megabytes": 20}


@pytest.mark.parametrize("size", [(20_000, 20_000), (8_000, 5_001), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge) as refused:
        inspect("bomb.png", "image/png", png_header(*size))
    assert refused.value.values == {"megapixels": 40}


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_of_too_many_pixels_is_refused_by_its_header(lossless: bool) -> None:
    content = bytearray(drawing("WEBP", (16_000, 1), lossless=lossless))
    at = content.index(b"VP8L") + 9 if lossless else content.index(b"VP8 ") + 14
    content[at : at + 4] = b"\xff" * 4
    with pytest.raises(PictureTooLarge):
        inspect("bomb.webp", "image/webp", bytes(content))


def test_a_cut_picture_is_told_as_damaged() -> None:
    noise = Image.effect_noise((300, 300), 90)
    out = io.BytesIO()
    noise.save(out, "JPEG")
    with pytest.raises(FileDamaged):
        inspect("a.jpg", "image/jpeg", out.getvalue()[:2_000])


def test_a_preview_stands_upright_and_holds_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 11.0)
    content = drawing("JPEG", (3_000, 2_000), exif=exif, comment=b"secret words")
    assert b"secret" in content
    looked = inspect("photo.jpg", "image/jpeg", content)
    assert looked.preview is not None
    preview = Image.open(io.BytesIO(looked.preview))
    assert (looked.width, looked.height) == (2_000, 3_000)
    assert preview.size == (853, 1_280)
    assert not preview.getexif()
    assert b"secret" not in looked.preview
    assert b"EXIF" not in looked.preview


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_colour_mode_has_a_preview(mode: str) -> None:
    out = io.BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (30, 30)).save(out, form)
    assert inspect("a.png", "image/png", out.getvalue()).preview


NAMES = [
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\li\\照片.png", "照片.png"),
    ("..", "file"),
    (".htaccess", "htaccess"),
    ("", "file"),
    ("\u202egnp.exe", "gnp.exe"),
    ("a\u200b\u2066b\x00\x1b\r\n.txt", "ab.txt"),
    ("cafe\u0301.txt", "café.txt"),
    ("a<b>:c|d?.txt", "a_b__c_d_.txt"),
    ("con.txt", "_con.txt"),
    ("lone\ud800.txt", "lone.txt"),
    ("  many   spaces .txt ", "many spaces .txt"),
]


@pytest.mark.parametrize(("name", "clean"), NAMES)
def test_a_name_loses_its_folders_and_what_deceives_the_eye(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_extension() -> None:
    name = clean_name("好" * 300 + ".png")
    assert len(name) == LIMIT
    assert name.endswith("好.png")
    assert len(inspect("a" * 120, "image/png", drawing("PNG")).name) <= LIMIT


@given(st.text(max_size=200), st.binary(max_size=200))
def test_any_file_is_taken_or_refused_by_a_code(name: str, content: bytes) -> None:
    try:
        looked = inspect(name, name, content)
    except KefuError:
        return
    assert 0 < len(looked.name) <= LIMIT
    assert not {"/", "\\", "\0"} & set(looked.name)


@given(st.sampled_from([content for _, content, *_ in TAKEN[:5]]), st.data())
def test_a_spoilt_picture_is_drawn_or_refused_by_a_code(
    content: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    spoilt = content[:at] + data.draw(st.binary(max_size=6)) + content[at + 3 :]
    try:
        inspect("a.png", "image/png", spoilt)
    except KefuError:
        return
