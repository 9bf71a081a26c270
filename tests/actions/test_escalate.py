"""Escalation: asked for in one act, seen by the customer, never with those who had the case."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.event import listen, remove

from kefu import guard
from kefu.actions.double_check import ReplyDiffers
from kefu.actions.escalate import NOBODY, NotEscalated
from kefu.actions.escalated import ConversationEscalated
from kefu.actions.refuse import ReplyRefused
from kefu.conversations.states import apply
from kefu.conversations.store import APPENDED
from kefu.core.errors import ConversationClosed, ConversationUnknown, Forbidden
from kefu.core.i18n import say
from kefu.core.records import Agent, Outbound, PublicEvent, Visitor
from kefu.routing import store as routing
from kefu.storage.tables import outbox
from kefu.web import transcripts
from tests.house import House


async def works_in(house: House, agent: Agent, *teams: str) -> None:
    """Have the agent serve these teams."""

    await house.database.write(routing.set_skills, agent.id, teams=teams, topics=(), capacity=4)


async def escalated(house: House) -> tuple[Visitor, UUID, Agent, Agent]:
    """A case that Lin had and that waits for a senior; Maya is one."""
    lin, maya = await house.agent("lin"), await house.agent("maya")
    await works_in(house, maya, "senior")
    visitor = await house.visitor()
    cid = (await house.says(visitor, "where is my money")).conversation_id
    await house.answers(lin, cid, "It will come.")
    await house.desk.escalate_own(visitor, cid, "senior")
    return visitor, cid, lin, maya


async def steps(house: House, visitor: Visitor, cid: UUID) -> list[PublicEvent]:
    """The steps as the customer sees them."""
    page = await house.desk.public_events(visitor, cid, 0)
    return [event for event in page.events if event.kind == "escalation"]


def names(found: list[PublicEvent]) -> list[str]:
    return [event.data["step"] for event in found]


async def test_one_act_of_the_customer_puts_the_case_ahead_in_the_other_queue(
    house: House,
) -> None:
    visitor, cid, lin, _ = await escalated(house)
    state = await house.state(cid)
    assert (state.team, state.priority, state.assignee) == ("senior", 1, None)
    assert state.barred == (str(lin.id),)
    assert state.place_at is not None and state.place_at < house.at
    [asked] = await steps(house, visitor, cid)
    assert asked.data.keys() == {"id", "step", "to", "reason", "due_at"}
    assert (asked.data["to"], asked.data["reason"]) == ("senior", "asked")
    [view] = await house.desk.escalations(lin, cid)
    assert (view.step, view.by, view.owner_id) == ("requested", "customer", None)
    assert view.due_at is not None and view.due_at.isoformat() == asked.data["due_at"]


async def test_a_transcript_tells_of_the_request_and_not_of_an_agent_who_left(
    house: House,
) -> None:
    visitor, cid, _, _ = await escalated(house)
    text = transcripts.as_text(*await house.desk.transcript(visitor, cid), lang="en", name="Halden")
    assert text.splitlines()[-1].endswith(say("en", "chat.transcript.escalation.requested"))
    assert say("en", "chat.transcript.left") not in text


async def test_the_customer_sees_that_the_first_agent_no_longer_has_it(house: House) -> None:
    visitor, cid, _, _ = await escalated(house)
    page = await house.desk.public_events(visitor, cid, 0)
    assert page.events[-1].kind == "assignment" and page.events[-1].data["agent"] is None
    assert all(event.data.get("to") != "team" for event in page.events)


async def test_a_repeated_request_is_answered_by_the_one_under_way(house: House) -> None:
    visitor, cid, lin, _ = await escalated(house)
    await house.desk.escalate_own(visitor, cid, "technical")
    await house.says(visitor, "I want to speak to a manager")
    assert names(await steps(house, visitor, cid)) == ["requested"]
    assert len(await house.desk.escalations(lin, cid)) == 1


async def test_who_takes_it_accepts_and_their_reply_answers(house: House) -> None:
    visitor, cid, lin, maya = await escalated(house)
    await house.desk.take(maya, cid)
    await house.answers(maya, cid, "I have looked at it.")
    found = await steps(house, visitor, cid)
    assert names(found) == ["requested", "accepted", "answered"]
    assert found[1].data["owner"] == {"name": "Maya", "badge": "A-20418"}
    [view] = await house.desk.escalations(lin, cid)
    assert (view.step, view.owner, view.settled_at) == ("answered", "Maya", house.at)


async def test_routing_gives_it_to_the_team_and_that_accepts_it(house: House) -> None:
    visitor, cid, lin, maya = await escalated(house)
    await works_in(house, lin, "front", "senior")
    for agent in (lin, maya):
        await house.desk.present(agent)
    await house.desk.route()
    state = await house.state(cid)
    assert state.assignee and state.assignee.badge == maya.badge
    found = await steps(house, visitor, cid)
    assert names(found) == ["requested", "accepted"]
    assert found[1].data["owner"]["badge"] == maya.badge


async def test_a_reply_to_a_case_nobody_has_accepts_and_answers_at_once(house: House) -> None:
    visitor, cid, _, maya = await escalated(house)
    await house.answers(maya, cid, "Hello, Maya here.")
    kinds = [e.kind for e in await house.log(cid)][-4:]
    assert kinds == ["assignment", "escalation", "message", "escalation"]
    assert names(await steps(house, visitor, cid)) == ["requested", "accepted", "answered"]


async def test_who_had_the_case_and_who_is_of_no_such_team_may_only_leave_notes(
    house: House,
) -> None:
    _, cid, lin, maya = await escalated(house)
    await works_in(house, lin, "senior")
    before = await house.state(cid)
    with pytest.raises(ConversationEscalated):
        await house.answers(lin, cid, "Still me.")
    with pytest.raises(ConversationEscalated):
        await house.desk.take(lin, cid)
    await works_in(house, maya, "front")
    with pytest.raises(ConversationEscalated):
        await house.desk.assign(lin, cid, maya.id)
    assert await house.state(cid) == before
    await house.answers(lin, cid, "She sent it twice.", visibility="internal")


async def test_who_watches_over_the_floor_may_step_in_and_decide(house: House) -> None:
    chen = await house.agent("chen")
    visitor, cid, lin, _ = await escalated(house)
    await house.desk.assign(chen, cid, lin.id)
    await house.answers(lin, cid, "Chen asked me to finish this.")
    assert names(await steps(house, visitor, cid)) == ["requested", "accepted", "answered"]


async def test_a_case_that_is_let_go_waits_for_the_team_again(house: House) -> None:
    visitor, cid, lin, maya = await escalated(house)
    await house.desk.take(maya, cid)
    await house.desk.assign(maya, cid, None)
    [view] = await house.desk.escalations(lin, cid)
    assert view.step == "requested"
    assert (await house.state(cid)).place_at is not None
    assert names(await steps(house, visitor, cid)) == ["requested", "accepted", "requested"]


async def test_a_second_rejection_goes_to_somebody_new_or_to_a_supervisors_eye(
    house: House,
) -> None:
    visitor, cid, lin, maya = await escalated(house)
    chen = await house.agent("chen")
    assert await house.desk.alerts(chen) == ()
    await house.answers(maya, cid, "I can't do more.")
    await house.desk.escalate_own(visitor, cid, "senior")
    state = await house.state(cid)
    assert set(state.barred) == {str(lin.id), str(maya.id)}
    with pytest.raises(ConversationEscalated):
        await house.desk.take(maya, cid)
    [alert] = await house.desk.alerts(chen)
    assert (alert.conversation_id, alert.reasons) == (cid, (NOBODY,))
    await house.desk.take(chen, cid)
    assert len(await house.desk.escalations(lin, cid)) == 2


async def test_declining_needs_a_reason_that_the_customer_reads(house: House) -> None:
    visitor, cid, lin, maya = await escalated(house)
    text = guard.clean("The fee is part of the contract.")
    with pytest.raises(ConversationEscalated):
        await house.desk.decline(lin, cid, text)
    await house.desk.decline(maya, cid, text)
    found = await steps(house, visitor, cid)
    assert names(found) == ["requested", "declined"]
    assert str(found[1].text) == "The fee is part of the contract."
    assert found[1].data["owner"] == {"name": "Maya", "badge": "A-20418"}
    state = await house.state(cid)
    assert state.assignee and state.assignee.id == maya.id
    with pytest.raises(NotEscalated):
        await house.desk.decline(maya, cid, text)


async def test_a_reason_that_asks_for_a_secret_is_not_sent(house: House) -> None:
    visitor, cid, _, maya = await escalated(house)
    with pytest.raises(ReplyRefused):
        await house.desk.decline(maya, cid, guard.clean("Send me your recovery phrase first."))
    assert names(await steps(house, visitor, cid)) == ["requested"]


async def test_an_open_escalation_is_not_closed_silently(house: House) -> None:
    _, cid, _, maya = await escalated(house)
    await house.desk.take(maya, cid)
    with pytest.raises(ConversationEscalated):
        await house.closes(maya, cid)
    await house.answers(maya, cid, "Here is the answer.")
    await house.closes(maya, cid)
    assert (await house.state(cid)).status == "closed"


async def test_a_customer_who_needs_no_more_help_withdraws_it(house: House) -> None:
    visitor, cid, lin, _ = await escalated(house)
    await house.desk.solve(visitor, cid)
    assert names(await steps(house, visitor, cid)) == ["requested", "withdrawn"]
    [view] = await house.desk.escalations(lin, cid)
    assert view.step == "withdrawn" and view.settled_at == house.at


async def test_a_case_that_ended_lately_is_opened_again_by_the_request(house: House) -> None:
    lin, visitor = await house.agent(), await house.visitor()
    cid = (await house.says(visitor, "hello")).conversation_id
    await house.closes(lin, cid)
    await house.desk.escalate_own(visitor, cid, "senior")
    assert (await house.state(cid)).status == "open"
    await house.desk.solve(visitor, cid)
    house.later(7 * 86_400 + 1)
    with pytest.raises(ConversationClosed):
        await house.desk.escalate_own(visitor, cid, "senior")


async def test_a_foreign_case_cannot_be_escalated(house: House) -> None:
    cid = (await house.says(await house.visitor(), "hello")).conversation_id
    with pytest.raises(ConversationUnknown):
        await house.desk.escalate_own(await house.visitor(), cid, "senior")


PHRASES = {
    "转高级客服": ("senior", "asked"),
    "I want to speak to a manager": ("senior", "asked"),
    "我要投诉": ("senior", "complaint"),
    "I want to talk to technical support": ("technical", "technical"),
}


@pytest.mark.parametrize(("text", "asked"), PHRASES.items())
async def test_words_ask_as_a_tap_does_with_the_first_message_too(
    house: House, text: str, asked: tuple[str, str]
) -> None:
    visitor, lin = await house.visitor(), await house.agent()
    receipt = await house.says(visitor, text)
    assert str(receipt.event.text) == text and receipt.event.kind == "message"
    [view] = await house.desk.escalations(lin, receipt.conversation_id)
    assert (view.to, view.reason, view.by) == (*asked, "phrase")
    state = await house.state(receipt.conversation_id)
    assert (state.team, state.seq) == (asked[0], 4)


async def test_asking_for_a_person_goes_to_no_other_team_but_the_log_keeps_it(
    house: House,
) -> None:
    receipt = await house.says(await house.visitor(), "转人工")
    assert receipt.event.data == {"intent": "human"}
    assert (await house.state(receipt.conversation_id)).team == "front"


async def test_a_resent_message_escalates_once(house: House) -> None:
    visitor, lin = await house.visitor(), await house.agent()
    cid = (await house.says(visitor, "hello")).conversation_id
    for _ in range(2):
        await house.says(visitor, "转高级客服", key="k-ask")
    assert len(await house.desk.escalations(lin, cid)) == 1


async def test_an_agent_escalates_with_a_summary_that_only_colleagues_read(
    house: House,
) -> None:
    visitor, lin = await house.visitor(), await house.agent()
    cid = (await house.says(visitor, "my money!")).conversation_id
    await house.desk.take(lin, cid)
    summary = guard.clean("Paid twice, wants the fee back.")
    await house.desk.escalate(lin, cid, "technical", "technical", summary)
    found = await house.log(cid)
    assert [e.kind for e in found][-4:] == ["note", "escalation", "assignment", "state"]
    page = await house.desk.public_events(visitor, cid, 0)
    assert all(event.text != summary for event in page.events)
    [asked] = await steps(house, visitor, cid)
    assert (asked.author.badge, asked.data["reason"]) == (lin.badge, "technical")
    await house.desk.escalate(lin, cid, "senior", "asked", summary)
    assert len(await house.desk.escalations(lin, cid)) == 1


async def test_a_role_without_the_permission_may_not_escalate(house: House) -> None:
    reader = await house.agent("reader")
    cid = (await house.says(await house.visitor(), "hello")).conversation_id
    with pytest.raises(Forbidden):
        await house.desk.escalate(reader, cid, "senior", "asked", guard.clean("x"))
    with pytest.raises(Forbidden):
        await house.desk.decline(reader, cid, guard.clean("x"))


async def test_a_figure_that_differs_from_the_case_is_sent_once_it_is_confirmed(
    house: House,
) -> None:
    visitor, lin = await house.visitor(), await house.agent()
    cid = (await house.says(visitor, "I sent 1,500 USDT at 14:30 UTC+8")).conversation_id
    await house.answers(lin, cid, "Your 1500 USDT of 06:30 UTC are on the way.")
    reply = Outbound(lin, cid, house.key(), guard.clean("Your 15,000 USDT are there."))
    with pytest.raises(ReplyDiffers) as held:
        await house.desk.reply(reply)
    assert [one.text for one in held.value.figures] == ["15,000 USDT"]
    assert "15,000" not in str(held.value.values)
    confirmed = Outbound(lin, cid, reply.key, reply.text, confirmed=True)
    sent = await house.desk.reply(confirmed)
    assert sent.event.data == {"confirmed": [["amount", 5, 16]]}
    page = await house.desk.public_events(visitor, cid, 0)
    assert page.events[-1].data == {}
    assert await house.desk.is_sensitive(lin, cid)


async def test_every_step_leaves_the_row_that_its_events_fold_to(house: House) -> None:
    visitor, cid, lin, maya = await escalated(house)
    await house.desk.take(maya, cid)
    await house.desk.assign(maya, cid, None)
    await house.desk.decline(maya, cid, guard.clean("It is not ours to decide."))
    await house.says(visitor, "I want to speak to a manager")
    await house.desk.solve(visitor, cid)
    log = await house.log(cid)
    folded = None
    for event in log:
        folded = apply(folded, event)
    state = await house.state(cid)
    assert folded is not None and folded.unread >= state.unread
    assert (folded.team, folded.barred, folded.place_at, folded.status, folded.assignee) == (
        state.team,
        state.barred,
        state.place_at,
        state.status,
        state.assignee,
    )
    views = await house.desk.escalations(lin, cid)
    assert [view.step for view in views] == ["declined", "withdrawn"]


async def test_a_topic_takes_no_escalated_case_out_of_the_queue_it_went_to(house: House) -> None:
    visitor, lin = await house.visitor(), await house.agent("lin")
    cid = (await house.says(visitor, "the API says 500")).conversation_id
    await house.desk.escalate_own(visitor, cid, "technical")
    await house.desk.set_topic(lin, cid, "deposits")
    state = await house.state(cid)
    assert (state.topic, state.team) == ("deposits", "technical")
    with pytest.raises(ConversationEscalated):
        await house.answers(lin, cid, "I answer anyway.")


async def test_a_case_that_is_declined_owes_no_answer_to_the_escalation_any_more(
    house: House,
) -> None:
    _, cid, _, maya = await escalated(house)
    await house.desk.take(maya, cid)
    await house.follows(cid)
    assert (await house.clocks(cid))["escalation", 1].met_at is None
    await house.desk.decline(maya, cid, guard.clean("The network confirms it today."))

    def named_last(tx: Connection) -> list[str]:
        query = select(outbox.c.payload).where(outbox.c.name == APPENDED).order_by(outbox.c.id)
        moved: list[str] = tx.execute(query).scalars().all()[-1]["moved"]
        return moved

    assert await house.database.read(named_last) == [str(cid)]
    await house.follows(cid)
    assert (await house.clocks(cid))["escalation", 1].met_at == house.at


async def test_many_who_ask_in_words_at_once_cost_no_statement_each(house: House) -> None:
    visitors = [await house.visitor() for _ in range(30)]
    for visitor in visitors:
        await house.says(visitor, "Hello?")
    sent: list[str] = []

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    listen(house.database.engine, "before_cursor_execute", note)
    asked = [house.says(visitor, "I want to speak to a manager") for visitor in visitors]
    receipts = await asyncio.gather(*asked)
    remove(house.database.engine, "before_cursor_execute", note)
    assert len(sent) < 30
    assert {(await house.state(one.conversation_id)).team for one in receipts} == {"senior"}
