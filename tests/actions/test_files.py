"""Files through the one door: who may send one, who may read it, and when it is forgotten."""

import asyncio
import io
import os
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from kefu import guard
from kefu.actions import tidy, upload_turns
from kefu.app.effects import effects
from kefu.core.errors import Busy, FileUnknown, Forbidden
from kefu.core.records import Actor, Agent, FileInfo, Outbound, Receipt, Visibility
from kefu.fetch import Fetcher
from kefu.files.blobs import FolderBlobs
from kefu.storage import tables
from kefu.work.effects import Effects
from tests.house import House

NOTES = b"a log line\n"


def photo(size: int = 64) -> bytes:
    """A photograph that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Lee"
    exif[0x8825] = {1: "N", 2: (47.0, 22.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (size, size // 2), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def uploads(
    house: House, actor: Actor, content: bytes = NOTES, name: str = "log.txt"
) -> FileInfo:
    return await house.desk.upload(actor, name, "application/octet-stream", content)


async def sends(
    house: House,
    agent: Agent,
    conversation_id: UUID,
    file_id: UUID,
    visibility: Visibility = "public",
) -> Receipt:
    said = guard.clean("see the file")
    return await house.desk.reply(
        Outbound(agent, conversation_id, house.key(), said, (file_id,), visibility)
    )


async def assert_hidden(house: House, actor: Actor, file_id: UUID) -> None:
    """A file of somebody else looks like one that never was."""
    for asked in (file_id, uuid4()):
        for preview in (False, True):
            with pytest.raises(FileUnknown) as refused:
                await house.desk.file(actor, asked, preview=preview)
            assert refused.value.values == {}


async def test_a_file_goes_with_a_message_and_both_sides_can_read_it(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    info = await uploads(house, visitor)
    receipt = await house.says(visitor, "", files=[info.id])
    assert [file["name"] for file in receipt.event.data["files"]] == ["log.txt"]
    for reader in (visitor, agent, await house.agent("reader")):
        found = await house.desk.file(reader, info.id)
        assert (found.content, found.info) == (NOTES, info)
    answer = await uploads(house, agent, b"an answer", "answer.txt")
    await sends(house, agent, receipt.conversation_id, answer.id)
    assert (await house.desk.file(visitor, answer.id)).content == b"an answer"


async def test_nobody_else_can_read_or_send_a_file(house: House) -> None:
    owner, other = await house.visitor(), await house.visitor()
    agent = await house.agent()
    info = await uploads(house, owner, photo(), "photo.jpg")
    await house.says(other, "hello")
    await assert_hidden(house, agent, info.id)
    with pytest.raises(FileUnknown):
        await house.says(other, "mine now", files=[info.id])
    conversation = (await house.says(owner, "", files=[info.id])).conversation_id
    await assert_hidden(house, other, info.id)
    await assert_hidden(house, await house.visitor(), info.id)
    with pytest.raises(FileUnknown):
        await sends(house, agent, conversation, info.id)


async def test_a_file_an_agent_has_not_sent_yet_is_the_agents_alone(house: House) -> None:
    visitor, lin, maya = await house.visitor(), await house.agent(), await house.agent("maya")
    conversation = (await house.says(visitor, "hello")).conversation_id
    info = await uploads(house, lin)
    assert (await house.desk.file(lin, info.id)).content == NOTES
    await assert_hidden(house, maya, info.id)
    await assert_hidden(house, visitor, info.id)
    with pytest.raises(FileUnknown):
        await sends(house, maya, conversation, info.id)


async def test_a_file_under_an_internal_note_is_not_the_customers(house: House) -> None:
    visitor, lin, maya = await house.visitor(), await house.agent(), await house.agent("maya")
    conversation = (await house.says(visitor, "hello")).conversation_id
    info = await uploads(house, lin, photo(), "evidence.jpg")
    await sends(house, lin, conversation, info.id, "internal")
    await assert_hidden(house, visitor, info.id)
    assert (await house.desk.file(maya, info.id)).content == photo()


async def test_a_role_that_may_not_answer_may_not_upload(house: House) -> None:
    with pytest.raises(Forbidden):
        await uploads(house, await house.agent("reader"))


async def test_a_file_can_be_sent_only_once(house: House) -> None:
    visitor = await house.visitor()
    info = await uploads(house, visitor)
    await house.says(visitor, "", files=[info.id])
    with pytest.raises(FileUnknown):
        await house.says(visitor, "again", files=[info.id])
    twice = await uploads(house, visitor)
    with pytest.raises(FileUnknown):
        await house.says(visitor, "", files=[twice.id, twice.id])


async def test_a_file_sent_twice_at_once_goes_with_the_first_message_only(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    info = await uploads(house, visitor)
    results = await asyncio.gather(
        *(house.says(visitor, str(n), files=[info.id]) for n in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [Receipt, FileUnknown, FileUnknown]
    other = (await house.says(await house.visitor(), "hello")).conversation_id
    answer = await uploads(house, agent)
    receipt = results[0]
    assert isinstance(receipt, Receipt)
    sent = await asyncio.gather(
        sends(house, agent, receipt.conversation_id, answer.id),
        sends(house, agent, other, answer.id),
        return_exceptions=True,
    )
    assert [type(result) for result in sent] == [Receipt, FileUnknown]
    assert (await house.desk.file(visitor, answer.id)).content == NOTES


async def test_a_resent_message_keeps_its_file(house: House) -> None:
    visitor = await house.visitor()
    info = await uploads(house, visitor)
    first = await house.says(visitor, "", key="k-file", files=[info.id])
    again = await house.says(visitor, "", key="k-file", files=[info.id])
    assert again.repeated and again.event == first.event


async def test_several_files_can_be_the_first_thing_a_visitor_leaves(house: House) -> None:
    visitor = await house.visitor()
    infos = await asyncio.gather(*(uploads(house, visitor, b"%d" % n) for n in range(5)))
    receipt = await house.says(visitor, "", files=[info.id for info in infos])
    assert len(receipt.event.data["files"]) == 5

    def customers(tx: Transaction) -> int:
        return len(tx.execute(select(tables.customer.c.id)).all())

    assert await house.database.read(customers) == 1


async def test_the_preview_of_a_photograph_carries_nothing_but_pixels(house: House) -> None:
    visitor = await house.visitor()
    info = await uploads(house, visitor, photo(3_000), "photo.jpg")
    assert (info.width, info.height, info.content_type) == (3_000, 1_500, "image/jpeg")
    shown = await house.desk.file(visitor, info.id, preview=True)
    assert shown.content_type == "image/webp"
    assert b"Camera of Lee" in photo(3_000) and b"Camera of Lee" not in shown.content
    picture = Image.open(io.BytesIO(shown.content))
    assert picture.size == (1_280, 640) and not picture.getexif()


async def test_what_is_no_picture_has_no_preview(house: House) -> None:
    visitor = await house.visitor()
    info = await uploads(house, visitor)
    with pytest.raises(FileUnknown):
        await house.desk.file(visitor, info.id, preview=True)


async def test_a_secret_in_the_name_of_a_file_is_masked(house: House) -> None:
    visitor = await house.visitor()
    info = await uploads(house, visitor, name="card 4242 4242 4242 4242.txt")
    assert "4242 4242" not in info.name
    receipt = await house.says(visitor, "", files=[info.id])
    assert "4242 4242" not in str(receipt.event.data)


async def turn_effects(house: House, blobs: FolderBlobs) -> None:
    """Run the outbox as a process does."""
    async with Fetcher() as fetcher:
        handlers = effects(
            house.database,
            house.desk.inboxes,
            fetcher,
            blobs,
            check_picture=house.desk.check_picture,
            follow=house.desk.follow_log,
            clock=lambda: house.at,
        )
        worker = Effects(house.database, handlers, clock=lambda: house.at)
        while await worker.turn() < 1:
            pass


async def test_loose_files_are_forgotten_after_a_day_with_their_content(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    blobs = FolderBlobs(house.settings.files_path)
    sent = await uploads(house, visitor, photo(), "sent.jpg")
    await house.says(visitor, "", files=[sent.id])
    loose = [
        await uploads(house, visitor, photo(80), "loose.jpg"),
        await uploads(house, visitor, photo(), "the same as sent.jpg"),
        await uploads(house, agent, b"of the agent"),
    ]
    house.later(timedelta(days=1).total_seconds() - 1)
    young = await uploads(house, visitor, b"young")
    await house.database.write(tidy.fire, at=house.at)
    assert (await house.desk.file(visitor, loose[0].id)).content == photo(80)
    house.later(2)
    await house.database.write(tidy.fire, at=house.at)
    owners: tuple[Actor, ...] = (visitor, visitor, agent)
    for info, actor in zip(loose, owners, strict=True):
        await assert_hidden(house, actor, info.id)
    assert (await house.desk.file(visitor, sent.id)).content == photo()
    assert (await house.desk.file(visitor, young.id)).content == b"young"
    content = [p for p in house.settings.files_path.rglob("*") if p.is_file()]
    fresh = next(p for p in content if p.read_bytes() == b"of the agent")
    for path in content:
        old = house.at.timestamp() - 7_200
        os.utime(path, (old, old))
    os.utime(fresh)  # given again a moment ago: its row may be on its way
    await turn_effects(house, blobs)
    kept = {p for p in content if p.exists()}
    assert len(kept) == 4  # sent.jpg, its preview, young, and the fresh one
    assert fresh in kept


async def test_one_visitor_brings_one_file_after_another(house: House) -> None:
    visitor = await house.visitor()
    most = upload_turns.MOST_WAITING + 1
    brought = [uploads(house, visitor, NOTES, f"{n}.txt") for n in range(most + 2)]
    told = await asyncio.gather(*brought, return_exceptions=True)
    assert [type(one) for one in told] == [FileInfo] * most + [Busy] * 2
    assert (await uploads(house, visitor)).name == "log.txt"


async def test_while_pictures_are_drawn_no_password_waits(house: House) -> None:
    out = io.BytesIO()
    Image.effect_noise((4_000, 3_000), 60).save(out, "PNG", compress_level=1)
    visitors = [await house.visitor() for _ in range(10)]
    brought = [asyncio.create_task(uploads(house, v, out.getvalue(), "a.png")) for v in visitors]
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await house.database.aside(int)
    assert time.monotonic() - began < 0.3
    assert not any(task.done() for task in brought)
    assert [info.state for info in await asyncio.gather(*brought)] == ["unchecked"] * 10
