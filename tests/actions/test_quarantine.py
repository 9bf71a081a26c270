"""Files on their way in: sealed until somebody read them, and gone if they hold a secret."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from kefu import guard
from kefu.actions import filing
from kefu.actions.check_picture import DROP_SEALED
from kefu.app.effects import SLOW
from kefu.conversations.store import WIPE
from kefu.core.errors import FileUnknown, Forbidden
from kefu.core.records import FileInfo, Outbound
from kefu.files.blobs import FolderBlobs
from kefu.files.errors import FileHeld
from kefu.files.ocr import Ocr, engine_of
from kefu.reads.public import public
from kefu.storage import outbox, tables
from kefu.storage.db import Database
from tests.actions.test_files import turn_effects, uploads
from tests.files.papers import PHRASE, pdf, picture_of
from tests.house import House

CALM = ["Deposit 0.5 BTC", "Status: waiting for 2 of 6", "Order 8843291"]
WORDS = PHRASE.split()
GIVEN_AWAY = ["Write these words down:", *(f"{n}. {word}" for n, word in enumerate(WORDS, 1))]


@pytest.fixture
def engine(house: House) -> Ocr:
    """The OCR engine of this machine. Skips where there is none."""
    found = engine_of(house.settings)
    if found is None:
        pytest.skip("tesseract is not installed")
    return found


@pytest.fixture
def reading(database_url: str, tmp_path: Path, engine: Ocr) -> Iterator[House]:
    """A desk that reads pictures."""
    built = House(database_url, tmp_path, ocr=engine)
    yield built
    built.database.close()


async def works(house: House) -> None:
    """The outbox is emptied."""
    await turn_effects(house, FolderBlobs(house.settings.files_path))


def on_disk(house: House) -> list[bytes]:
    return [p.read_bytes() for p in house.settings.files_path.rglob("*") if p.is_file()]


async def keys(database: Database) -> list[bytes]:
    def found(tx: Transaction) -> list[bytes]:
        return [key for key in tx.execute(select(tables.file.c.sealed_key)).scalars() if key]

    return await database.read(found)


async def sent(house: House, content: bytes, name: str) -> tuple[UUID, FileInfo]:
    """A customer sends one file."""
    visitor = await house.visitor()
    info = await uploads(house, visitor, content, name)
    receipt = await house.says(visitor, "look", files=[info.id])
    return receipt.conversation_id, info


async def file_of(house: House, conversation_id: UUID) -> dict[str, object]:
    """The one file of a conversation, as its log tells it."""
    (found,) = [f for e in await house.log(conversation_id) for f in e.data.get("files", ())]
    return dict(found)


async def test_a_text_is_stored_without_its_secret_and_says_so(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    info = await uploads(house, visitor, f"my words\n{PHRASE}\nplease help me".encode() * 2)
    assert (info.state, info.found) == ("clean", ("mnemonic",))
    receipt = await house.says(visitor, "", files=[info.id])
    assert receipt.event.data["files"][0]["found"] == ["mnemonic"]
    content = (await house.desk.file(agent, info.id)).content
    assert b"[mnemonic removed]\nplease help me" in content and len(content) == info.size
    assert not any(b"ability" in blob for blob in on_disk(house))


async def test_a_file_that_is_nothing_but_a_secret_leaves_no_content(house: House) -> None:
    for content, name in ((PHRASE.encode(), "words.txt"), (pdf(PHRASE), "words.pdf")):
        visitor, agent = await house.visitor(), await house.agent()
        info = await uploads(house, visitor, content, name)
        assert (info.state, info.found) == ("removed", ("mnemonic",))
        await house.says(visitor, "", files=[info.id])
        for reader in (visitor, agent):
            with pytest.raises(FileUnknown):
                await house.desk.file(reader, info.id)
    assert on_disk(house) == []


async def test_what_nobody_read_lies_sealed_and_takes_a_recorded_act_to_open(house: House) -> None:
    picture = picture_of(CALM)
    conversation, info = await sent(house, picture, "screen.png")
    lin, maya = await house.agent(), await house.agent("maya")
    assert info.state == "unchecked"
    assert not any(blob[1:4] == b"PNG" or b"WEBP" in blob for blob in on_disk(house))
    for preview in (False, True):
        with pytest.raises(FileHeld):
            await house.desk.file(lin, info.id, preview=preview)
    await house.desk.open_file(lin, info.id)
    await house.desk.open_file(lin, info.id)
    assert (await house.desk.file(lin, info.id)).content == picture
    small = (await house.desk.file(lin, info.id, preview=True)).content
    assert Image.open(io.BytesIO(small)).format == "WEBP"
    with pytest.raises(FileHeld):
        await house.desk.file(maya, info.id)
    with pytest.raises(Forbidden):
        await house.desk.open_file(await house.agent("reader"), info.id)
    opened = [event for event in await house.log(conversation) if event.kind == "opened"]
    assert [(e.author.id, e.visibility, e.data) for e in opened] == [
        (lin.id, "internal", {"file": str(info.id)})
    ]
    assert public(opened[0]) is None


async def test_people_see_their_own_pictures_whatever_their_state(house: House) -> None:
    visitor, lin = await house.visitor(), await house.agent()
    conversation = (await house.says(visitor, "hello")).conversation_id
    asked = await uploads(house, visitor, picture_of(CALM), "screen.png")
    await house.says(visitor, "", files=[asked.id])
    answer = await uploads(house, lin, picture_of(["Press here"]), "answer.png")
    said = guard.clean("like this")
    await house.desk.reply(Outbound(lin, conversation, house.key(), said, (answer.id,)))
    assert (await house.desk.file(visitor, asked.id)).content == picture_of(CALM)
    for reader in (visitor, lin, await house.agent("maya")):
        assert (await house.desk.file(reader, answer.id)).content == picture_of(["Press here"])


@pytest.mark.parametrize("name", ["film.mp4", "voice.ogg"])
async def test_sound_and_film_are_unchecked(house: House, name: str) -> None:
    content = b"OggS\0\2\0\0" if name == "voice.ogg" else b"\0\0\0\x18ftypisom\0\0\2\0"
    _, info = await sent(house, content, name)
    assert info.state == "unchecked"
    assert content not in on_disk(house)


async def test_a_calm_picture_is_read_and_then_lies_open(reading: House) -> None:
    conversation, info = await sent(reading, picture_of(CALM), "screen.png")
    agent = await reading.agent()
    assert info.state == "checking" and len(await keys(reading.database)) == 1
    sealed = on_disk(reading)
    with pytest.raises(FileHeld):
        await reading.desk.file(agent, info.id)
    await works(reading)
    assert (await reading.desk.file(agent, info.id)).content == picture_of(CALM)
    assert (await file_of(reading, conversation))["state"] == "clean"
    assert await keys(reading.database) == []
    assert not set(sealed) & set(on_disk(reading))
    assert "redaction" not in [event.kind for event in await reading.log(conversation)]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_of_a_phrase_is_removed_and_everybody_told(
    reading: House, dark: bool, form: str
) -> None:
    picture = picture_of(GIVEN_AWAY, dark=dark, form=form)
    conversation, info = await sent(reading, picture, f"words.{form.lower()}")
    await works(reading)
    after = await file_of(reading, conversation)
    assert (after["state"], after["found"]) == ("removed", ["mnemonic"])
    assert on_disk(reading) == [] and await keys(reading.database) == []
    with pytest.raises(FileUnknown):
        await reading.desk.file(await reading.agent(), info.id)
    last = (await reading.log(conversation))[-1]
    assert (last.kind, last.author.kind) == ("redaction", "system")
    told = public(last)
    assert told is not None
    assert told.data == {"seq": 2, "file": str(info.id), "kind": "mnemonic"}


async def test_a_picture_read_before_it_is_sent_goes_as_what_it_is(reading: House) -> None:
    visitor = await reading.visitor()
    calm = await uploads(reading, visitor, picture_of(CALM), "calm.png")
    words = await uploads(reading, visitor, picture_of(GIVEN_AWAY), "words.png")
    await works(reading)
    receipt = await reading.says(visitor, "", files=[calm.id, words.id])
    assert [f["state"] for f in receipt.event.data["files"]] == ["clean", "removed"]
    assert [e.kind for e in await reading.log(receipt.conversation_id)] == ["state", "message"]


async def test_an_animation_is_unchecked_since_only_one_frame_would_be_read(reading: House) -> None:
    frames = [Image.open(io.BytesIO(picture_of([line]))) for line in ("calm", "words")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    conversation, info = await sent(reading, out.getvalue(), "moving.gif")
    await works(reading)
    assert (await file_of(reading, conversation))["state"] == "unchecked"
    assert len(await keys(reading.database)) == 1
    agent = await reading.agent()
    await reading.desk.open_file(agent, info.id)
    assert (await reading.desk.file(agent, info.id)).content == out.getvalue()


async def test_a_check_that_runs_twice_tells_once(reading: House) -> None:
    conversation, info = await sent(reading, picture_of(GIVEN_AWAY), "words.png")
    await reading.desk.check_picture(info.id)
    await reading.desk.check_picture(info.id)
    kinds = [event.kind for event in await reading.log(conversation)]
    assert kinds == ["state", "message", "redaction"]


async def test_a_picture_checked_while_it_is_sent_is_told_as_what_it_is(reading: House) -> None:
    visitor = await reading.visitor()
    await reading.says(visitor, "hello")
    infos = [await uploads(reading, visitor, picture_of(GIVEN_AWAY), "a.png") for _ in range(4)]
    checks = [reading.desk.check_picture(info.id) for info in infos]
    says = [reading.says(visitor, "", files=[info.id]) for info in infos]
    await asyncio.gather(*checks, *says, return_exceptions=True)
    await works(reading)
    conversation = (await reading.says(visitor, "done")).conversation_id
    told = [f for e in await reading.log(conversation) for f in e.data.get("files", ())]
    assert [file["state"] for file in told] == ["removed"] * 4


async def test_words_in_a_long_screenshot_are_found(reading: House) -> None:
    talk = [f"Line {n} of a long talk about a deposit" for n in range(250)]
    conversation, _ = await sent(reading, picture_of([*GIVEN_AWAY, *talk]), "long.png")
    await works(reading)
    assert (await file_of(reading, conversation))["state"] == "removed"


async def test_a_picture_that_ends_the_process_time_and_again_is_unchecked(reading: House) -> None:
    conversation, _ = await sent(reading, picture_of(CALM), "deadly.png")
    for _ in range(filing.TRIES):  # each process dies with the effect in its hands
        claimed = await reading.database.write(outbox.claim, at=reading.at, only=SLOW)
        assert len(claimed) == 1
        reading.later(outbox.LEASE.total_seconds())
    await works(reading)
    assert (await file_of(reading, conversation))["state"] == "unchecked"
    assert len(await keys(reading.database)) == 1


@pytest.mark.parametrize("harm", ["missing", "damaged"])
async def test_a_picture_whose_content_is_lost_is_unchecked_at_last(
    reading: House, harm: str
) -> None:
    conversation, _ = await sent(reading, picture_of(CALM), "lost.png")
    for path in reading.settings.files_path.rglob("*"):
        if path.is_file() and harm == "missing":
            path.unlink()
        elif path.is_file():
            path.write_bytes(b"\0" * 100)
    for _ in range(filing.TRIES + 1):
        assert (await file_of(reading, conversation))["state"] == "checking"
        await works(reading)
        reading.later(60)
    assert (await file_of(reading, conversation))["state"] == "unchecked"


async def test_a_line_of_a_server_whose_clock_is_behind_is_told_anew(reading: House) -> None:
    visitor = await reading.visitor()
    info = await uploads(reading, visitor, picture_of(CALM), "screen.png")
    reading.later(-300)
    conversation = (await reading.says(visitor, "look", files=[info.id])).conversation_id
    await reading.desk.check_picture(info.id)
    assert (await file_of(reading, conversation))["state"] == "clean"


async def test_a_key_that_is_dropped_is_wiped_off_the_disk(reading: House) -> None:
    _, info = await sent(reading, picture_of(GIVEN_AWAY), "words.png")
    await reading.desk.check_picture(info.id)
    waiting = await reading.database.write(outbox.claim, at=reading.at)
    assert WIPE in [effect.name for effect in waiting]
    assert DROP_SEALED in [effect.name for effect in waiting]
