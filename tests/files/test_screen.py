"""What is left of a file once the guard has read it. Every stored byte is searched."""

import asyncio
import csv
import io
import json
import random
import time
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from kefu.core.errors import Busy
from kefu.files import child
from kefu.files.child import Screener
from kefu.files.inspect import MAX_BYTES
from kefu.files.screen import Screened, screen
from tests.files.papers import PHRASE, assembled, pdf

TEXT, CSV, JSON, PDF = "text/plain", "text/csv", "application/json", "application/pdf"
CARD, PASSWORD, KEY = "4242 4242 4242 4242", "Hk29mfQ8zz", "5f" * 20 + "0a" * 12
WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    + "MIIEvQIBADANBgkqhkiG9w0BAQEF\n" * 60
    + ("-----END PRIVATE KEY-----")
)
BYTES = list(range(1, 65))
KEYSTORE = {
    "version": 3,
    "address": "00" * 20,
    "Crypto": {
        "cipher": "aes-128-ctr",
        "ciphertext": "ab" * 32,
        "kdf": "scrypt",
        "kdfparams": {"n": 8192, "salt": "cd" * 32},
        "mac": "ef" * 32,
    },
}
STORY = "The deposit of the 3rd has not arrived. Transaction 0x" + "9c" * 32 + ", order 8843291."


def kept(said: Screened) -> str:
    """The stored content as text."""
    assert said.state == "clean" and said.content is not None
    return said.content.decode()


@pytest.mark.parametrize(
    ("secret", "said", "kind"),
    [
        (PHRASE, "these are my words: ", "mnemonic"),
        (CARD, "card ", "card_number"),
        (PASSWORD, "password: ", "password"),
        (KEY, "private key: ", "private_key"),
        (WIF, "", "wif"),
        (PEM, "", "private_key"),
        ("482913", "我的验证码是 ", "otp"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_secret_in_a_text_is_replaced_and_the_rest_stays(
    secret: str, said: str, kind: str, encoding: str
) -> None:
    text = f"{STORY}\n{said}{secret}\n{STORY} 谢谢。"
    result = screen(TEXT, text.encode(encoding))
    assert kept(result).removeprefix("\ufeff") == f"{STORY}\n{said}[{kind} removed]\n{STORY} 谢谢。"
    assert result.found == {kind: 1}


@pytest.mark.parametrize("content_type", [TEXT, CSV, JSON])
def test_a_file_without_a_secret_stays_byte_for_byte(content_type: str) -> None:
    plain = {"order": 8843291, "tx": "9c" * 32, "fee": 1.10, "note": "\u63d0\u5e01 \\u0041"}
    content = json.dumps(plain).encode() if content_type == JSON else f"{STORY}\r\n".encode()
    assert screen(content_type, content) == Screened("clean", content, {})


@pytest.mark.parametrize("alone", [PHRASE, PEM, f"my key\n{WIF}\n", json.dumps(KEYSTORE)])
def test_a_file_that_is_a_wallets_key_and_little_else_is_removed(alone: str) -> None:
    said = screen(JSON if alone.startswith("{") else TEXT, alone.encode())
    assert (said.state, said.content) == ("removed", None)
    assert sum(said.found.values()) == 1


def test_a_secret_is_found_wherever_a_window_ends() -> None:
    for before in range(3_800, 4_300, 7):
        filler = ("The transfer is late. " * 400)[:before]
        text = f"{filler}\nprivate key: {KEY}\n{'more words. ' * 800}"
        assert KEY not in kept(screen(TEXT, text.encode())), before


@given(st.integers(0, 9_000), st.sampled_from([PHRASE, PEM, f"password: {PASSWORD}", WIF]))
def test_every_place_of_a_long_text_is_read(before: int, secret: str) -> None:
    text = f"{('Line of a log file. ' * 500)[:before]}\n{secret}\n{'A line after it. ' * 300}"
    said = screen(TEXT, text.encode())
    assert secret.split(": ")[-1] not in kept(said)
    assert "removed]\nA line after it." in kept(said)


def test_a_table_keeps_its_rows_and_columns_and_hides_a_column_to_the_last_row() -> None:
    rows = [["e-mail", "password", "note"]]
    rows += [[f"u{n}@x.example", f"pW{n}zz!q{n}", f"note, {n}"] for n in range(2_000)]
    rows += [["a@x.example", "", f'my "phrase"\n{PHRASE}']]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    said = screen(CSV, out.getvalue().encode())
    after = list(csv.reader(io.StringIO(kept(said))))
    assert [len(row) for row in after] == [len(row) for row in rows]
    assert [row[1] for row in after[1:2001]] == ["[password removed]"] * 2_000
    assert [row[2] for row in after[1:2001]] == [row[2] for row in rows[1:2001]]
    assert "accident" not in kept(said)


def test_a_phrase_over_the_cells_of_a_table_is_found() -> None:
    for lines in (["id,note", PHRASE.replace(" ", ",")], ["n;word", PHRASE.replace(" ", ";")]):
        said = screen(CSV, "\n".join([*lines, f"1,{STORY}"]).encode())
        assert "ability" not in kept(said)
        assert kept(said).splitlines()[1].count(lines[1][7]) == 11


def test_json_stays_json_and_a_secret_goes_as_a_value() -> None:
    document: dict[str, Any] = {
        "id": 8843291,
        "fee": 1.5,
        "escaped": "private key: \u0035" + KEY[1:],
        "loginPassword": "correct horse battery",
        "bytes": BYTES,
        "otp": 482913,
        "words": PHRASE.split(),
        "cells": [["1", "of 2", *PHRASE.split()[:6]], ["2", *PHRASE.split()[6:]]],
        "wallet": KEYSTORE,
        "pem": {"tls": PEM},
        "inner": json.dumps({"password": PASSWORD, "page": 3}),
        WIF: True,
        "story": STORY,
    }
    for indent in (None, 2):
        said = screen(JSON, json.dumps(document, indent=indent).encode())
        after = json.loads(kept(said))
        assert (after["id"], after["fee"], after["story"]) == (8843291, 1.5, STORY)
        assert after["bytes"] == after["wallet"] == after["pem"]["tls"] == "[private_key removed]"
        assert (after["otp"], after["loginPassword"]) == ("[otp removed]", "[password removed]")
        assert after["words"] == "[mnemonic removed]"
        assert after["cells"][0][2] == "[mnemonic removed]" and not any(after["cells"][1][1:])
        assert json.loads(after["inner"]) == {"password": "[password removed]", "page": 3}
        for secret in (KEY[1:], WIF, "MIIE", "ability", "ab" * 32, PASSWORD):
            assert secret not in kept(said)


def har() -> dict[str, Any]:
    """A browser's record of one request with a credential in each place that has one."""

    def pair(name: str, value: str) -> dict[str, str]:
        return {"name": name, "value": value}

    return {
        "log": {
            "entries": [
                {
                    "request": {
                        "method": "POST",
                        "url": "https://x.example/a?access_token=SECRET00&page=2",
                        "headers": [
                            pair("Accept", "*/*"),
                            pair("authorization", "Bearer SECRET01"),
                            pair("Cookie", "sid=SECRET02; theme=dark"),
                            pair("OK-ACCESS-PASSPHRASE", "SECRET03"),
                            {"value": "SECRET04", "name": "X-CSRF-Token"},
                        ],
                        "cookies": [
                            {**pair("sid", "SECRET05"), "path": "/", "httpOnly": True},
                            pair("b", "SECRET06"),
                        ],
                        "queryString": [pair("token", "SECRET07"), pair("page", "2")],
                        "postData": {
                            "mimeType": "application/json",
                            "text": '{"password":"SECRET08","page":2}',
                            "params": [pair("pwd", "SECRET09")],
                        },
                    },
                    "response": {
                        "headers": [pair("Set-Cookie", "s=SECRET10; Path=/; HttpOnly")],
                        "cookies": [pair("s", "SECRET10")],
                        "redirectURL": "https://x.example/cb?code=SECRET11&state=ok",
                        "content": {"encoding": "base64", "text": "U0VDUkVUMTI="},
                    },
                    "_webSocketMessages": [
                        {"type": "send", "data": '{"op":"auth","jwt":"SECRET13"}'},
                        {"type": "send", "data": "curl -H 'Cookie: q=SECRET14' https://x.example"},
                    ],
                    "time": 12.5,
                }
            ]
        }
    }


@pytest.mark.parametrize("indent", [None, 2])
def test_a_har_loses_every_credential_and_stays_a_har(indent: int | None) -> None:
    said = screen(JSON, json.dumps(har(), indent=indent).encode())
    text = kept(said)
    assert "SECRET" not in text
    assert "U0VDUkVUMTI" not in text
    (entry,) = json.loads(text)["log"]["entries"]
    assert entry["time"] == 12.5
    request = entry["request"]
    assert request["headers"][0] == {"name": "Accept", "value": "*/*"}
    assert request["cookies"][0] | {"value": ""} == har()["log"]["entries"][0]["request"][
        "cookies"
    ][0] | {"value": ""}
    assert request["queryString"][1] == {"name": "page", "value": "2"}
    assert json.loads(request["postData"]["text"])["page"] == 2
    assert entry["response"]["content"]["text"] == "[body removed]"


def test_a_pdf_with_a_secret_anywhere_in_it_is_removed() -> None:
    note = b"/Annots [<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (%s) >>]"
    for content, kind in (
        (pdf(PHRASE), "mnemonic"),
        (pdf(STORY, title=f"password: {PASSWORD}"), "password"),
        (pdf(STORY, extra=note % f"private key: {KEY}".encode()), "private_key"),
    ):
        said = screen(PDF, content)
        assert (said.state, said.content) == ("removed", None)
        assert kind in said.found
    assert screen(PDF, pdf(STORY)) == Screened("clean", pdf(STORY), {})


def _locked() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(PHRASE)))
    writer.encrypt("secret")
    return _written(writer)


def test_a_pdf_that_is_locked_against_changes_alone_is_read() -> None:
    for text, state in ((PHRASE, "removed"), (STORY, "clean")):
        writer = PdfWriter(clone_from=io.BytesIO(pdf(text)))
        writer.encrypt("", "owner")
        assert screen(PDF, _written(writer)).state == state


def _with_attachment() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(STORY)))
    writer.add_attachment("words.txt", PHRASE.encode())
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _scanned() -> bytes:
    return pdf("", resources=b"/XObject << /Im0 << /Subtype /Image >> >>")


def _image(width: int, height: int, subtype: bytes = b"/Image") -> bytes:
    said = b"/Width %d /Height %d" % (width, height)
    return b"/XObject << /Im0 << /Subtype %s %s >> >>" % (subtype, said)


def _inline(width: int, height: int) -> bytes:
    """A page of words with an image drawn in the page itself."""
    drawn = b"BT /F1 12 Tf 72 720 Td (%s) Tj ET\n" % STORY.encode()
    drawn += b"q 9 0 0 9 0 0 cm\nBI /W %d /H %d /CS /G /BPC 8\nID \x00\nEI\nQ" % (width, height)
    return _drawing(drawn)


def _lines() -> bytes:
    """A page of nothing but lines: words, perhaps, drawn as such."""
    return _drawing(b"0 0 m 9 9 l S\n" * 200)


def _drawing(drawn: bytes) -> bytes:
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< >>",
    )


def test_a_pdf_with_a_picture_beside_its_words_is_unchecked_unless_it_is_a_small_logo() -> None:
    for small in (pdf(STORY, resources=_image(120, 60)), _inline(40, 20)):
        assert screen(PDF, small).state == "clean"
    for large in (pdf(STORY, resources=_image(900, 600)), _inline(900, 600)):
        assert screen(PDF, large) == Screened("unchecked", large, {})


@pytest.mark.parametrize("encoding", ["gb18030", "latin-1", "utf-16"])
def test_strings_of_a_pdf_are_read_in_the_encoding_of_the_system_that_wrote_them(
    encoding: str,
) -> None:
    said = "contraseña: " if encoding == "latin-1" else "登录密码："
    note = b"/Note <%s>" % f"{said}{PASSWORD}\x8d".encode(encoding, errors="ignore").hex().encode()
    assert screen(PDF, pdf(STORY, extra=note)).found.keys() == {"password"}


def _bomb() -> bytes:
    """A page of 3 GB that packs into 3 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**24) for _ in range(180)) + packer.flush()
    return assembled(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"null",
        b"<< >>",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        pdf(PHRASE)[:300],
        _locked(),
        _with_attachment(),
        _scanned(),
        _lines(),
        _bomb(),
    ],
    ids=["empty", "cut", "locked", "attachment", "scanned", "lines", "bomb"],
)
async def test_a_pdf_nobody_can_read_is_unchecked_and_hurts_nothing(content: bytes) -> None:
    assert await Screener().screened(PDF, content) == Screened("unchecked", content, {})


async def test_a_reader_that_takes_too_long_leaves_the_file_unchecked() -> None:
    said = await Screener(seconds=0.01).screened(PDF, pdf(STORY))
    assert said == Screened("unchecked", pdf(STORY), {})


async def test_the_largest_file_of_digits_is_read_in_time() -> None:
    digits = "".join(random.Random(1).choices("0123456789", k=2**16)).encode() * 320
    assert len(digits) == MAX_BYTES
    began = time.monotonic()
    said = await Screener().screened(TEXT, digits)
    assert said.state == "clean"
    assert time.monotonic() - began < child.SECONDS


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 900 + "1" + "}" * 900,
        "[" * 900 + "]" * 900,
        '["' + "\\ud800" * 3_000 + '"]',
        '["' + "\\\\" * 3_000 + '"]',
        " " * 30_000 + "{}",
        '{"crypto":{"kdf":1}' + ',"a":1' * 9_000 + "}",
    ],
)
def test_hostile_json_is_read_in_linear_time(text: str) -> None:
    began = time.monotonic()
    said = screen(JSON, text.encode())
    assert time.monotonic() - began < 5
    assert said.state == "removed" or json.loads(kept(said)) is not None


@given(st.binary(max_size=400))
def test_any_text_is_kept_or_removed(content: bytes) -> None:
    for content_type in (TEXT, CSV):
        said = screen(content_type, content)
        assert said.state in ("clean", "removed")
        if said.content is not None:
            said.content.decode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    ),
    st.booleans(),
)
def test_any_json_stays_the_same_value(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return
    said = screen(JSON, content)
    if not said.found:
        assert kept(said) == text


async def test_small_files_wait_for_each_other_and_hold_up_no_other_thread() -> None:
    screener = Screener()
    wide = ",".join(["a"] * 31_000).encode()
    waiting = [asyncio.create_task(screener.screened(CSV, wide)) for _ in range(child.MOST_SMALL)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as busy:
        await screener.screened(CSV, wide)
    assert busy.value.retry_after == 10
    began = time.monotonic()
    await asyncio.to_thread(int)
    assert time.monotonic() - began < 1
    for task in waiting[1:]:
        task.cancel()
    await asyncio.wait(waiting)
    assert (await screener.screened(CSV, b"a,b")).state == "clean"


async def test_few_large_uploads_wait_and_the_next_is_told_to_come_back() -> None:
    screener = Screener(seconds=0.01)
    most = child.AT_ONCE + child.MOST_LARGE
    said = [screener.screened(PDF, pdf(STORY)) for _ in range(most + 1)]
    told = await asyncio.gather(*said, return_exceptions=True)
    assert [type(one) for one in told] == [Screened] * most + [Busy]
    assert (await screener.screened(PDF, pdf(STORY))).state == "unchecked"


def test_a_wide_first_row_is_read_in_a_moment() -> None:
    began = time.monotonic()
    assert screen(CSV, ",".join(["a"] * 31_000).encode()).state == "clean"
    assert time.monotonic() - began < 1.5
