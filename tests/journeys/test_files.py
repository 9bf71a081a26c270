"""Files both ways: pictures are shown, papers are offered, the rest is refused with a reason."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from tests.conftest import copy_of
from tests.desk_server import DeskServer
from tests.files.papers import PHRASE, pdf, picture_of
from tests.journeys.conftest import Stage

PDF: Final = pdf("A statement of the account in March.")
WORDS: Final = ["My recovery phrase:", PHRASE[:46], PHRASE[47:]]
LIMIT: Final = 20 * 1024 * 1024


def picture(name: str) -> FilePayload:
    """Return a PNG of a screen."""
    content = io.BytesIO()
    Image.linear_gradient("L").resize((640, 360)).convert("RGB").save(content, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": content.getvalue()}


def paper(name: str) -> FilePayload:
    """Return a small PDF."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


async def test_pictures_and_papers_travel_both_ways(stage: Stage, desk: DeskServer) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.opens_chat(desk)
    papers: list[FilePayload] = [picture("screen.png"), paper("statement.pdf")]
    await lee.chat.locator("#picker").set_input_files(papers)
    await expect(lee.chat.locator(".tray-item progress")).to_have_count(0)
    await lee.looks("tray")
    await lee.sends("Here are my papers")
    await lee.delivered("Here are my papers")

    await lin.opens_desk("unassigned")
    await lin.opens("Here are my papers")
    shown = lin.page.locator(".line.is-customer")
    await expect(shown.locator(".file.is-held")).to_contain_text("screen.png")
    await lin.looks("held")
    await shown.get_by_role("button", name="Open anyway").click()
    await expect(lin.page.locator(".line.is-system")).to_contain_text(["opened a file"])
    await shown.locator(".picture img").evaluate("image => image.decode()")
    await expect(shown.locator(".file")).to_contain_text("statement.pdf")
    async with lin.page.expect_download() as download:
        await shown.locator(".file").click()
    assert (await (await download.value).path()).read_bytes() == PDF

    answers: list[FilePayload] = [picture("answer.png"), paper("form.pdf")]
    await lin.page.set_input_files("[data-files]", answers)
    await expect(lin.page.locator(".attached-file button")).to_have_count(2)
    await lin.photo("attached")
    await lin.sends("Please sign the form")
    theirs = lee.chat.locator(".message.is-desk").filter(has=lee.chat.locator(".file"))
    await expect(theirs.locator(".file")).to_contain_text("form.pdf")
    await expect(theirs.locator(".picture img")).to_have_attribute("src", re.compile("^blob:"))
    await theirs.locator(".picture img").evaluate("image => image.decode()")
    async with lee.page.expect_download() as download:
        await theirs.locator(".file").click()
    assert (await (await download.value).path()).read_bytes() == PDF
    await theirs.locator(".picture").click()
    await expect(lee.chat.locator("#lightbox img")).to_be_visible()
    await lee.looks("lightbox")
    await lee.page.keyboard.press("Escape")
    await expect(lee.chat.locator("#lightbox")).to_be_hidden()
    await lin.looks("both-ways")
    await lee.photo("both-ways")


@pytest.fixture
def reading(furnished: Path, tmp_path: Path) -> Iterator[DeskServer]:
    """A desk that reads pictures. Skips where nothing can."""
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    with DeskServer(copy_of(furnished, tmp_path), tmp_path, beat=1, ocr=True) as running:
        yield running


async def test_a_picture_is_read_before_an_agent_sees_it(stage: Stage, reading: DeskServer) -> None:
    lee, lin = await stage.customer(), await stage.agent(reading.url)
    await lee.opens_chat(reading)
    await lee.sends("I have a question")
    await lee.delivered("I have a question")
    await lin.opens_desk("unassigned")
    await lin.opens("I have a question")
    for name, lines in (("calm.png", ["Deposit 0.5 BTC", "Order 8843291"]), ("words.png", WORDS)):
        shot: FilePayload = {"name": name, "mimeType": "image/png", "buffer": picture_of(lines)}
        await lee.chat.locator("#picker").set_input_files([shot])
        await expect(lee.chat.locator(".tray-item progress")).to_have_count(0)
        await lee.sends(f"see {name}")
        await lee.delivered(f"see {name}")
    shown = lin.page.locator(".line.is-customer").filter(has_text="see calm.png")
    await expect(shown.locator(".picture img")).to_be_visible(timeout=20_000)
    removed = lin.page.locator(".file.is-removed")
    await expect(removed).to_contain_text("recovery phrase", timeout=20_000)
    await expect(lee.chat.locator(".file.is-removed")).to_contain_text("recovery phrase")
    await expect(lin.page.locator(".file.is-held")).to_have_count(0)
    await lin.looks("read")
    await lee.looks("removed")


async def test_what_cannot_be_sent_is_refused_with_the_reason(
    stage: Stage, desk: DeskServer, tmp_path: Path
) -> None:
    lee, lin = await stage.customer(), await stage.agent(desk.url)
    await lee.opens_chat(desk)
    await lee.sends("I will send files")
    await lee.delivered("I will send files")
    program, film, disguised = (tmp_path / name for name in ("update.exe", "film.png", "false.png"))
    program.write_bytes(b"MZ" * 100)
    disguised.write_bytes(b"MZ" * 100)
    film.touch()
    os.truncate(film, LIMIT + 1024 * 1024)

    picker, toasts = lee.chat.locator("#picker"), lee.chat.locator("#toasts")
    await picker.set_input_files([program, film])
    await expect(toasts).to_contain_text("update.exe cannot be sent")
    await expect(toasts).to_contain_text("film.png is 21 MB. The limit is 20 MB a file.")
    await expect(lee.chat.locator(".tray-item")).to_have_count(0)
    await picker.set_input_files(disguised)
    await expect(toasts).to_contain_text("false.png was not uploaded: ")
    await expect(lee.chat.locator(".tray-item.is-failed")).to_have_count(1)
    await lee.looks("refused")

    await lin.opens_desk("unassigned")
    await lin.opens("I will send files")
    for file, reason in ((film, "film.png is over 20 MB"), (disguised, "false.png was not")):
        await lin.page.set_input_files("[data-files]", file)
        await expect(lin.page.locator("#toasts")).to_contain_text(reason)
    await expect(lin.page.locator(".attached-file")).to_have_count(0)
    await lin.looks("refused")
