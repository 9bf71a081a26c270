"""History that older rules let in is masked by today's, with an event for each line."""

from uuid import UUID

from sqlalchemy import Connection as Transaction
from sqlalchemy import update

from kefu import guard
from kefu.cli.backscan import look_through
from kefu.core.text import made_safe
from kefu.reads.public import public
from kefu.storage.tables import event
from tests.house import House

SECRET = "my password is Tr0ub4dor&3, please help"
PHRASE = "vivid orbit kangaroo meadow trumpet fossil lava wrestle pupil dignity cabbage ozone"


async def _let_in(house: House, conversation_id: UUID, seq: int, text: str) -> None:
    """Store a text as a desk without today's rules would have."""

    def write(tx: Transaction) -> None:
        line = (event.c.conversation_id == conversation_id) & (event.c.seq == seq)
        tx.execute(update(event).where(line).values(text=made_safe(text)))

    await house.database.write(write)


async def test_a_secret_of_long_ago_is_masked_and_the_words_around_it_stay(house: House) -> None:
    receipt = await house.says(await house.visitor(), "a")
    await house.says(await house.visitor(), "nothing here")
    await _let_in(house, receipt.conversation_id, 2, SECRET)
    total, seen = await look_through(house.database, change=True)
    assert (total, seen) == ({"password": 1}, 2)
    log = await house.log(receipt.conversation_id)
    assert [str(e.text) for e in log if e.text] == ["my password is ⟪password⟫, please help"]
    assert log[-1].kind == "redaction" and log[-1].data["seq"] == 2
    assert (await house.state(receipt.conversation_id)).preview == guard.masked("password")


async def test_a_second_look_finds_nothing_more(house: House) -> None:
    receipt = await house.says(await house.visitor(), "a")
    await _let_in(house, receipt.conversation_id, 2, f"{SECRET} ⟪⟫ ⟪card_number:4242⟫")
    await look_through(house.database, change=True)
    before = await house.log(receipt.conversation_id)
    assert (await look_through(house.database, change=True))[0] == {}
    assert await house.log(receipt.conversation_id) == before
    assert str(before[1].text).endswith("⟪⟫ ⟪card_number:4242⟫")


async def test_a_phrase_that_came_word_by_word_is_masked(house: House) -> None:
    visitor = await house.visitor()
    receipts = [await house.says(visitor, "a") for _ in PHRASE.split()]
    for receipt, word in zip(receipts, PHRASE.split(), strict=True):
        await _let_in(house, receipt.conversation_id, receipt.event.seq, word)
    total, _ = await look_through(house.database, change=True)
    assert total == {"mnemonic": 12}
    assert set(await house.texts(receipts[0].conversation_id)) == {"⟪mnemonic⟫"}


async def test_a_dry_run_counts_and_changes_nothing(house: House) -> None:
    receipt = await house.says(await house.visitor(), "a")
    await _let_in(house, receipt.conversation_id, 2, SECRET)
    assert (await look_through(house.database, change=False))[0] == {"password": 1}
    assert await house.texts(receipt.conversation_id) == [SECRET]


async def test_what_is_found_in_a_note_is_no_news_to_the_customer(house: House) -> None:
    receipt = await house.says(await house.visitor(), "a")
    note = await house.answers(
        await house.agent(), receipt.conversation_id, "b", visibility="internal"
    )
    await _let_in(house, receipt.conversation_id, note.event.seq, SECRET)
    await look_through(house.database, change=True)
    assert public((await house.log(receipt.conversation_id))[-1]) is None


async def test_what_the_author_called_harmless_stays(house: House) -> None:
    text = "order 4242 4242 4242 4242"
    safe = guard.clean(text, asserted=[(6, 25)])
    assert safe.value == text
    assert guard.again(safe, asserted=safe.asserted) is None
