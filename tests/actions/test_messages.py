"""Messages through the one door, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, event

from kefu import guard
from kefu.actions.reply import StaleReply
from kefu.actions.status import AnotherOpen
from kefu.conversations.states import apply
from kefu.core.errors import (
    ConversationClosed,
    ConversationUnknown,
    FileUnknown,
    Forbidden,
    HelloRefused,
    KefuError,
    KeyTaken,
)
from kefu.core.ids import read_reference
from kefu.core.records import Inbound, Receipt
from tests.house import House


async def test_a_first_message_opens_a_conversation_with_a_reference(house: House) -> None:
    visitor = await house.visitor()
    receipt = await house.says(visitor, "My deposit has not arrived")
    assert read_reference(receipt.reference) == receipt.reference
    assert [e.kind for e in await house.log(receipt.conversation_id)] == ["state", "message"]
    state = await house.state(receipt.conversation_id)
    assert (state.status, state.unread, str(state.preview)) == (
        "open",
        1,
        "My deposit has not arrived",
    )


async def test_further_messages_go_to_the_open_conversation(house: House) -> None:
    visitor = await house.visitor()
    first = await house.says(visitor, "one")
    second = await house.says(visitor, "two")
    assert second.conversation_id == first.conversation_id
    assert second.event.seq == first.event.seq + 1


async def test_a_message_within_a_week_of_the_close_opens_the_conversation_again(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "one")
    await house.closes(agent, first.conversation_id)
    house.later(7 * 86_400)
    second = await house.says(visitor, "two")
    assert second.conversation_id == first.conversation_id
    log = await house.log(first.conversation_id)
    assert [e.data["to"] for e in log if e.kind == "state"] == ["open", "closed", "reopened"]
    assert log[-1].id == second.event.id
    state = await house.state(first.conversation_id)
    assert state.status == "open" and state.waiting_since == house.at


async def test_a_message_later_than_that_opens_a_case_that_names_the_old_one(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "one")
    await house.closes(agent, first.conversation_id)
    house.later(7 * 86_400 + 1)
    second = await house.says(visitor, "two")
    assert second.conversation_id != first.conversation_id
    assert (await house.state(second.conversation_id)).follows == first.reference
    agent = await house.agent()
    with pytest.raises(AnotherOpen):
        await house.desk.reopen(agent, first.conversation_id)


async def test_the_same_key_gives_the_same_receipt(house: House) -> None:
    visitor = await house.visitor()
    first = await house.says(visitor, "once", key="k-once")
    again = await house.says(visitor, "once", key="k-once")
    assert again.repeated and again.event.seq == first.event.seq
    assert await house.texts(first.conversation_id) == ["once"]


async def test_the_same_key_ten_times_at_once_is_one_message(house: House) -> None:
    visitor = await house.visitor()
    receipts = await asyncio.gather(*(house.says(visitor, "x", key="k-ten") for _ in range(10)))
    assert {r.event.seq for r in receipts} == {2}
    assert await house.texts(receipts[0].conversation_id) == ["x"]


async def test_a_key_of_somebody_else_is_refused(house: House) -> None:
    one, two = await house.visitor(), await house.visitor()
    await house.says(one, "mine", key="k-mine")
    with pytest.raises(KeyTaken):
        await house.says(two, "guess", key="k-mine")


async def test_a_key_of_somebody_else_is_refused_within_one_batch_too(house: House) -> None:
    one, two = await house.visitor(), await house.visitor()
    first = await house.says(one, "before")
    said = [house.says(who, who.id.hex, key="k-both") for who in (one, two)]
    mine, guess = await asyncio.gather(*said, return_exceptions=True)
    assert isinstance(guess, KeyTaken) and not isinstance(mine, BaseException)
    assert await house.texts(first.conversation_id) == ["before", one.id.hex]


async def test_a_resent_reply_has_its_receipt_whatever_came_since(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    conversation = (await house.says(visitor, "one")).conversation_id

    async def send() -> Receipt:
        return await house.answers(agent, conversation, "answer", key="k-reply", read_up_to=2)

    sent = await send()
    await house.says(visitor, "something newer")
    assert (await send()).event == sent.event
    await house.closes(agent, conversation)
    assert (await send()).repeated
    assert (await house.texts(conversation)).count("answer") == 1


async def test_two_first_messages_at_once_open_one_conversation(house: House) -> None:
    visitor = await house.visitor()
    receipts = await asyncio.gather(*(house.says(visitor, str(n)) for n in range(5)))
    assert len({r.conversation_id for r in receipts}) == 1
    assert sorted(r.event.seq for r in receipts) == [2, 3, 4, 5, 6]


async def test_a_bad_item_harms_no_other_in_its_batch(house: House) -> None:
    visitors = [await house.visitor() for _ in range(20)]
    ghost = await house.visitor()
    bad = house.desk.receive(Inbound(ghost, "ghost", None, (uuid4(),)))
    results = await asyncio.gather(
        *(house.says(v, "hello") for v in visitors), bad, return_exceptions=True
    )
    assert isinstance(results[-1], FileUnknown)
    assert all(not isinstance(r, BaseException) for r in results[:-1])


async def test_many_messages_pair_with_their_own_receipts(house: House) -> None:
    visitors = [await house.visitor() for _ in range(8)]
    sent = [(v, f"{i}-{n}") for n in range(25) for i, v in enumerate(visitors)]
    receipts = await asyncio.gather(*(house.says(v, text) for v, text in sent))
    for (_, text), receipt in zip(sent, receipts, strict=True):
        assert str(receipt.event.text) == text
    for conversation_id in {r.conversation_id for r in receipts}:
        log = await house.log(conversation_id)
        assert [e.seq for e in log] == list(range(1, len(log) + 1))


async def test_an_answer_takes_the_conversation_and_joins_it(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "hello")
    await house.answers(agent, first.conversation_id, "Hello, Lin here")
    kinds = [e.kind for e in await house.log(first.conversation_id)]
    assert kinds == ["state", "message", "assignment", "message"]
    state = await house.state(first.conversation_id)
    assert state.assignee and state.assignee.badge == "A-20417"
    assert (state.unread, state.waiting_since) == (0, None)


async def test_a_reply_is_held_when_something_unseen_arrived(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "one")
    await house.says(visitor, "two")
    with pytest.raises(StaleReply):
        await house.answers(
            agent, first.conversation_id, "answer to one", read_up_to=first.event.seq
        )
    sent = await house.answers(agent, first.conversation_id, "answer to both", read_up_to=3)
    assert str(sent.event.text) == "answer to both"


async def test_a_note_is_never_held_and_never_public(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "one")
    await house.answers(
        agent, first.conversation_id, "looks odd", visibility="internal", read_up_to=1
    )
    known = (await house.arrives()).visitor
    with pytest.raises(ConversationUnknown):
        await house.desk.public_events(known, first.conversation_id, 0)
    state = await house.state(first.conversation_id)
    assert (state.seq, state.public_seq, state.preview_by) == (3, 2, "customer")


async def test_a_closed_conversation_takes_no_reply_until_it_is_reopened(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "one")
    await house.closes(agent, first.conversation_id)
    with pytest.raises(ConversationClosed):
        await house.answers(agent, first.conversation_id, "late")
    await house.desk.reopen(agent, first.conversation_id)
    await house.answers(agent, first.conversation_id, "in time")


async def test_every_action_leaves_the_row_that_its_events_fold_to(house: House) -> None:
    """The state test: old state plus emitted events equals a fresh read."""
    visitor = await house.visitor()
    lin, maya, chen = [await house.agent(name) for name in ("lin", "maya", "chen")]
    first = await house.says(visitor, "one")
    cid, text = first.conversation_id, guard.clean("a word")
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: house.says(visitor, "two"),
        lambda: house.desk.take(lin, cid),
        lambda: house.answers(lin, cid, "hello"),
        lambda: house.answers(lin, cid, "note", visibility="internal"),
        lambda: house.desk.assign(lin, cid, maya.id),
        lambda: house.desk.assign(maya, cid, None),
        lambda: house.answers(maya, cid, "I have it"),
        lambda: house.desk.close(maya, cid),
        lambda: house.desk.reopen(maya, cid),
        lambda: house.says(visitor, "thanks"),
        lambda: house.desk.hand_over(maya, cid, lin.id, text),
        lambda: house.desk.hand_over_to_team(lin, cid, "technical", text),
        lambda: house.desk.open_side(lin, cid, "technical", text),
        lambda: house.desk.escalate_own(visitor, cid, "senior"),
        lambda: house.desk.decline(chen, cid, text),
        lambda: house.desk.escalate(lin, cid, "technical", "unresolved", text),
        lambda: house.answers(chen, cid, "I have it"),
        lambda: house.says(visitor, "I want to speak to a manager"),
        lambda: house.desk.solve(visitor, cid),
        lambda: house.desk.reopen(maya, cid),
        lambda: house.desk.close(maya, cid),
    ]
    before = await house.state(cid)
    for act in acts:
        house.later(1)
        await house.desk.seen(maya, cid, before.seq)
        before = await house.state(cid)
        await act()
        folded = before
        for happened in await house.log(cid, before.seq):
            folded = apply(folded, happened)
        before = await house.state(cid)
        assert folded == before


ACTS = ["reply", "note", "take", "assign", "close", "reopen"]
ACTS += ["escalate", "decline", "hand over", "hand to team", "open side", "close side"]


@pytest.mark.parametrize("act", ACTS)
async def test_a_role_without_the_permission_is_refused(house: House, act: str) -> None:
    visitor, reader = await house.visitor(), await house.agent("reader")
    cid, text = (await house.says(visitor, "hello")).conversation_id, guard.clean("a word")
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "reply": lambda: house.answers(reader, cid, "x"),
        "note": lambda: house.answers(reader, cid, "x", visibility="internal"),
        "take": lambda: house.desk.take(reader, cid),
        "assign": lambda: house.desk.assign(reader, cid, None),
        "close": lambda: house.closes(reader, cid),
        "reopen": lambda: house.desk.reopen(reader, cid),
        "escalate": lambda: house.desk.escalate(reader, cid, "senior", "asked", text),
        "decline": lambda: house.desk.decline(reader, cid, text),
        "hand over": lambda: house.desk.hand_over(reader, cid, reader.id, text),
        "hand to team": lambda: house.desk.hand_over_to_team(reader, cid, "senior", text),
        "open side": lambda: house.desk.open_side(reader, cid, "technical", text),
        "close side": lambda: house.desk.close_side(reader, cid, cid),
    }
    before = await house.state(cid)
    with pytest.raises(Forbidden):
        await acts[act]()
    assert await house.state(cid) == before


async def test_a_foreign_conversation_looks_like_a_missing_one(house: House) -> None:
    owner, other = await house.visitor(), await house.visitor()
    cid = (await house.says(owner, "private")).conversation_id
    await house.says(other, "something else")
    for asked in (cid, UUID(int=0)):
        for act in (
            house.desk.public_events(other, asked, 0),
            house.desk.seen(other, asked, 1),
            house.desk.typing(other, asked, on=True),
            house.desk.transcript(other, asked),
            house.desk.resume_own(other, house.socket(), asked, 0),
        ):
            with pytest.raises(ConversationUnknown):
                await act


async def test_a_visit_that_ended_stores_nothing_more(house: House) -> None:
    arrival = await house.arrives()
    await house.says(arrival.visitor, "one")
    await house.desk.log_out(arrival.visitor)
    with pytest.raises(HelloRefused):
        await house.says(arrival.visitor, "two")
    again = await house.arrives(token=arrival.token)
    assert again.visitor.id != arrival.visitor.id and again.conversation is None


async def test_reading_marks_move_forward_only(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    first = await house.says(visitor, "one")
    cid = first.conversation_id
    await house.says(visitor, "two")
    await house.desk.seen(agent, cid, 2)
    assert (await house.state(cid)).unread == 1
    await house.desk.seen(agent, cid, 99)
    assert (await house.state(cid)).unread == 0
    await house.desk.seen(agent, cid, 1)
    found = await house.desk.thread(agent, cid)
    assert found.conversation.agent_seen == 3


class Statements:
    """Counts the statements of a block."""

    def __init__(self, house: House) -> None:
        self._engine = house.database.engine
        self.count = 0

    def __enter__(self) -> "Statements":
        event.listen(self._engine, "before_cursor_execute", self._one)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._one)

    def _one(self, connection: Connection, cursor: object, statement: str, *_: object) -> None:
        self.count += not statement.startswith("BEGIN")


async def test_a_message_costs_a_handful_of_statements(house: House) -> None:
    visitor = await house.visitor()
    with Statements(house) as first:
        await house.says(visitor, "first")
    with Statements(house) as further:
        await house.says(visitor, "further")
    assert (first.count, further.count) <= (8, 4)
    assert further.count <= 4


async def test_a_batch_costs_no_more_statements_than_one_message(house: House) -> None:
    visitors = [await house.visitor() for _ in range(30)]
    await asyncio.gather(*(house.says(v, "first") for v in visitors))
    with Statements(house) as batch:
        await asyncio.gather(*(house.says(v, "further") for v in visitors))
    assert batch.count <= 8


async def test_an_error_has_a_code_and_keeps_what_was_written_out_of_it(house: House) -> None:
    visitor = await house.visitor()
    with pytest.raises(KefuError) as caught:
        await house.says(visitor, "a\x00b")
    assert caught.value.code == "text.refused" and "a" not in caught.value.values.values()


async def test_an_edited_reply_under_the_same_key_is_refused_and_not_taken_for_sent(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    cid = (await house.says(visitor, "one")).conversation_id
    await house.answers(agent, cid, "first wording", key="k-reply")
    with pytest.raises(KeyTaken):
        await house.answers(agent, cid, "second wording", key="k-reply")
    with pytest.raises(KeyTaken):
        await house.answers(agent, cid, "first wording", key="k-reply", visibility="internal")
    assert await house.texts(cid) == ["one", "first wording"]


async def test_a_conversation_with_an_unread_message_is_not_closed(house: House) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    cid = (await house.says(visitor, "one")).conversation_id
    with pytest.raises(StaleReply):
        await house.desk.close(agent, cid)
    await house.closes(agent, cid)
    assert (await house.state(cid)).status == "closed"
