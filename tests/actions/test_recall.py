"""Secrets that show only across messages, through the one door, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, select

from kefu import guard
from kefu.actions import redact
from kefu.app.effects import effects
from kefu.conversations import store
from kefu.conversations.states import apply
from kefu.core.records import Agent, Inbound, Receipt, Visitor
from kefu.fetch import Fetcher
from kefu.files.blobs import FolderBlobs
from kefu.guard import Memory
from kefu.storage import tables
from kefu.work.effects import Effects
from tests.house import House

WORDS = "ketchup lobster walnut wrestle quantum tobacco mosquito rhythm oxygen zebra gadget lizard"
PHRASE = WORDS.split()
OTHER = "cactus dolphin fatigue giraffe hedgehog inhale jewel kangaroo maple noodle olympic pulp"
MASK = "⟪mnemonic⟫"


async def _says_all(house: House, visitor: Visitor, texts: Sequence[str]) -> list[Receipt]:
    return [await house.says(visitor, text) for text in texts]


async def _memory(house: House, conversation: UUID) -> Memory:
    rows = await house.database.read(store.locked, [conversation])
    return store.memory_of(rows[0])


async def _told_a_customer(house: House, visitor: Visitor, conversation: UUID) -> str:
    """Everything that a resume over socket and HTTP and the transcript give the customer."""
    page = await house.desk.public_events(visitor, conversation, 0)
    _, whole = await house.desk.transcript(visitor, conversation)
    socket = house.socket()
    await house.desk.resume_own(visitor, socket, conversation, 0)
    frames = await socket.stirred()
    return " ".join([*(str(event.text) for event in (*page.events, *whole)), *frames])


async def _shown_to_agents(house: House, agent: Agent, conversation: UUID) -> str:
    thread = await house.desk.thread(agent, conversation)
    row = await house.desk.row(agent, conversation)
    return " ".join([*(str(event.text) for event in thread.events), str(row.preview)])


def _words_in(text: str | bytes) -> set[str]:
    given = text.encode() if isinstance(text, str) else text
    return {word for word in PHRASE if word.encode() in given}


def _every_row(tx: Connection) -> str:
    """Every value of every table, as text."""
    rows = [tx.execute(select(table)).all() for table in tables.metadata.sorted_tables]
    return " ".join(str(value) for found in rows for row in found for value in row)


async def test_a_phrase_sent_a_word_a_message_is_gone_from_every_row_and_every_reader(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    receipts = await _says_all(house, visitor, PHRASE)
    conversation = receipts[0].conversation_id
    assert await house.texts(conversation) == [MASK] * 12
    assert str((await house.state(conversation)).preview) == MASK
    assert str(receipts[-1].event.text) == MASK
    assert not _words_in(await house.database.read(_every_row))
    assert not _words_in(await _told_a_customer(house, visitor, conversation))
    assert not _words_in(await _shown_to_agents(house, agent, conversation))


async def test_the_log_says_which_earlier_lines_were_masked(house: House) -> None:
    visitor = await house.visitor()
    receipts = await _says_all(house, visitor, PHRASE)
    log = await house.log(receipts[0].conversation_id)
    redactions = [event for event in log if event.kind == "redaction"]
    seen_before = {receipt.event.seq for receipt in receipts if str(receipt.event.text) != MASK}
    assert {event.data["seq"] for event in redactions} == seen_before
    assert {(e.visibility, e.author.kind, e.data["kind"]) for e in redactions} == {
        ("public", "system", "mnemonic")
    }
    assert [event.seq for event in log] == list(range(1, len(log) + 1))


async def test_a_phrase_in_pieces_of_three_is_masked_and_a_remark_between_is_not(
    house: House,
) -> None:
    visitor = await house.visitor()
    pieces = [" ".join(PHRASE[at : at + 3]) for at in range(0, 12, 3)]
    remark = "still with me? one moment please"
    receipts = await _says_all(house, visitor, [*pieces[:2], remark, *pieces[2:]])
    texts = await house.texts(receipts[0].conversation_id)
    assert texts == [MASK, MASK, remark, MASK, MASK]


async def test_a_code_after_the_agent_spoke_of_it_is_stored_masked(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    conversation = (await house.says(visitor, "I cannot get in")).conversation_id
    await house.answers(
        agent, conversation, "Please enter the code from the SMS in the app yourself."
    )
    receipt = await house.says(visitor, "482 913", key="k-code")
    assert str(receipt.event.text) == "⟪otp⟫"
    assert "482 913" not in await house.database.read(_every_row)
    again = await house.says(visitor, "482 913", key="k-code")
    assert again.repeated and again.event == receipt.event


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is your order number?", "482913"),
        ("How much did you send?", "1500"),
        ("Which network was it?", "Ethereum"),
    ],
)
async def test_ordinary_answers_stay_as_they_are(house: House, question: str, answer: str) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    conversation = (await house.says(visitor, "My deposit is late")).conversation_id
    await house.answers(agent, conversation, question)
    assert str((await house.says(visitor, answer)).event.text) == answer


async def test_a_note_asks_the_customer_nothing(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    conversation = (await house.says(visitor, "I cannot get in")).conversation_id
    await house.answers(
        agent,
        conversation,
        "Please enter the code from the SMS in the app yourself.",
        visibility="internal",
    )
    assert str((await house.says(visitor, "482913")).event.text) == "482913"
    assert await _memory(house, conversation) == Memory()


async def test_the_name_of_a_mask_asks_for_nothing(house: House) -> None:
    visitor = await house.visitor()
    masked = await house.says(visitor, "4242 4242 4242 4242")
    assert "⟪card_number" in str(masked.event.text)
    assert await _memory(house, masked.conversation_id) == Memory()


async def test_two_customers_of_one_batch_are_not_mixed_up(house: House) -> None:
    one, two = await house.visitor(), await house.visitor()
    said = []
    for mine, theirs in zip(PHRASE[:4], OTHER.split()[:4], strict=True):
        said += [house.says(one, mine), house.says(two, theirs)]
    receipts = await asyncio.gather(*said)
    assert MASK not in {str(receipt.event.text) for receipt in receipts}
    rest = await asyncio.gather(*(house.says(one, word) for word in PHRASE[4:]))
    assert await house.texts(receipts[0].conversation_id) == [MASK] * 12
    assert {str(receipt.event.text) for receipt in rest} == {MASK}
    assert await house.texts(receipts[1].conversation_id) == OTHER.split()[:4]


async def test_a_phrase_within_one_batch_needs_no_redaction(house: House) -> None:
    visitor = await house.visitor()
    first = await house.says(visitor, "hello there, I need some help")
    receipts = await asyncio.gather(*(house.says(visitor, word) for word in PHRASE))
    assert {str(receipt.event.text) for receipt in receipts} == {MASK}
    log = await house.log(first.conversation_id)
    batched = [event for event in log if event.kind == "redaction"]
    assert len(batched) <= 1  # the first of them may have had a batch to itself


async def test_the_key_of_a_masked_row_gives_the_mask_even_in_the_batch_that_masks_it(
    house: House,
) -> None:
    visitor = await house.visitor()
    first = await house.says(visitor, PHRASE[0], key="k-first")
    await _says_all(house, visitor, PHRASE[1:7])
    safe = guard.clean(PHRASE[0])
    last = Inbound(visitor, "k-last", guard.clean(PHRASE[7]))
    results = await house.desk._receive([Inbound(visitor, "k-first", safe), last], True)
    texts = [str(result.event.text) for result in results if isinstance(result, Receipt)]
    assert texts == [MASK, MASK]
    again = await house.says(visitor, PHRASE[0], key="k-first")
    assert again.repeated and again.event.seq == first.event.seq
    assert str(again.event.text) == MASK


async def test_the_memory_outlives_a_close_and_a_reopening(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    conversation = (await _says_all(house, visitor, PHRASE[:6]))[0].conversation_id
    await house.closes(agent, conversation)
    await house.desk.reopen(agent, conversation)
    await _says_all(house, visitor, PHRASE[6:])
    assert await house.texts(conversation) == [MASK] * 12


async def test_a_line_of_a_closed_conversation_can_be_masked_with_the_preview(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    await house.says(visitor, "first")
    said = await house.says(visitor, PHRASE[0])
    conversation, seq = said.conversation_id, said.event.seq
    await house.closes(agent, conversation)
    before = await house.state(conversation)
    late = {seq: redact.Late("mnemonic", guard.masked("mnemonic"))}
    change = await house.database.write(redact.redact, before, late, at=house.at)
    after = await house.state(conversation)
    assert after == apply(before, change.events[0])
    assert (after.status, str(after.preview)) == ("closed", MASK)
    assert await house.texts(conversation) == ["first", MASK]


async def test_masking_another_line_leaves_the_preview(house: House) -> None:
    visitor = await house.visitor()
    said = await house.says(visitor, PHRASE[0])
    await house.says(visitor, "the newest")
    late = {said.event.seq: redact.Late("mnemonic", guard.masked("mnemonic"))}
    state = await house.state(said.conversation_id)
    await house.database.write(redact.redact, state, late, at=house.at)
    assert str((await house.state(said.conversation_id)).preview) == "the newest"


async def test_the_row_is_the_fold_of_the_log_through_a_recall(house: House) -> None:
    visitor = await house.visitor()
    conversation = (await house.says(visitor, PHRASE[0])).conversation_id
    state = await house.state(conversation)
    for word in PHRASE[1:]:
        house.later(1)
        await house.says(visitor, word)
        for event in await house.log(conversation, state.seq):
            state = apply(state, event)
        assert state == await house.state(conversation)


async def test_an_ordinary_message_leaves_no_memory(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    conversation = (await house.says(visitor, "My withdrawal is late")).conversation_id
    await house.answers(agent, conversation, "Let me look, one moment please.")
    await house.says(visitor, "thanks a lot, take your time")

    kept = await house.database.read(
        lambda tx: tx.execute(select(tables.conversation.c.guard_memory)).scalar_one()
    )
    assert kept is None


async def test_the_memory_that_is_stored_holds_no_word(house: House) -> None:
    visitor = await house.visitor()
    conversation = (await _says_all(house, visitor, PHRASE[:5]))[0].conversation_id
    memory = await _memory(house, conversation)
    assert memory.words == 5
    assert not _words_in(str(memory))


async def test_what_was_recalled_is_counted_by_kind(house: House) -> None:
    def count() -> float:
        name, labels = "kefu_guard_recalled_total", {"kind": "mnemonic"}
        return REGISTRY.get_sample_value(name, labels) or 0.0

    before = count()
    await _says_all(house, await house.visitor(), PHRASE)
    assert count() - before == 12


@pytest.fixture
async def worker(house: House) -> AsyncIterator[Effects]:
    """The effects of a process."""
    fetcher = Fetcher()
    handlers = effects(
        house.database,
        house.desk.inboxes,
        fetcher,
        FolderBlobs(house.settings.files_path),
        check_picture=house.desk.check_picture,
        follow=house.desk.follow_log,
        clock=lambda: house.at,
    )
    yield Effects(house.database, handlers, clock=lambda: house.at)
    await fetcher.close()


async def _settle(house: House, worker: Effects) -> None:
    while await worker.turn() < 1:
        house.later(5)
    await worker.finish()


async def test_not_a_byte_of_the_phrase_is_left_on_the_disk(house: House, worker: Effects) -> None:
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL's old row versions go when it vacuums: docs/decisions/0014")
    visitor = await house.visitor()
    await _says_all(house, visitor, PHRASE[:7])
    assert _words_in(house.everything_stored()) == set(PHRASE[:7])
    await _says_all(house, visitor, PHRASE[7:])
    await _settle(house, worker)
    assert not _words_in(house.everything_stored())


async def test_a_reader_of_old_versions_only_delays_the_wiping(
    house: House, worker: Effects
) -> None:
    if not house.database.is_sqlite:
        pytest.skip("SQLite's write-ahead log")
    visitor = await house.visitor()
    await _says_all(house, visitor, PHRASE[:7])
    reading = house.database.engine.connect()
    reading.execute(select(tables.event.c.text)).all()
    await _says_all(house, visitor, PHRASE[7:])
    await worker.turn()
    assert _words_in(house.everything_stored())
    reading.close()
    house.later(5)
    await _settle(house, worker)
    assert not _words_in(house.everything_stored())
