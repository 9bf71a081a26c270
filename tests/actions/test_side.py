"""Side threads: colleagues are asked aside, and no serialiser lets a word of it out."""

from datetime import UTC, datetime
from itertools import product
from typing import Any, Final, get_args
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert, select

from kefu import guard
from kefu.actions import remind
from kefu.actions.hand_over import TeamUnknown
from kefu.actions.reply import SideUnknown
from kefu.core.errors import FileUnknown, Forbidden
from kefu.core.records import Author, Event, EventKind, Outbound, Owner, Visibility
from kefu.core.views import ConversationView
from kefu.reads.public import public
from kefu.realtime.frames import Line, public_frame
from kefu.realtime.protocol import encode
from kefu.storage import tables
from kefu.storage.timers import Timer
from kefu.web import transcripts
from tests.house import House

TITLE = "Node of the TRON gateway behind?"
LOGS = "trace 7f11: block 61,220,114 not yet seen"


async def aside(house: House) -> tuple[Any, UUID, Any, UUID]:
    visitor, lin = await house.visitor(), await house.agent()
    cid = (await house.says(visitor, "my deposit is missing")).conversation_id
    side = await house.desk.open_side(lin, cid, "technical", guard.clean(TITLE))
    line = Outbound(lin, cid, house.key(), guard.clean(LOGS), visibility="internal", side=side)
    await house.desk.reply(line)
    return visitor, cid, lin, side


async def test_a_team_sees_what_it_is_asked_with_every_line(house: House) -> None:
    _, cid, lin, side = await aside(house)
    await house.answers(lin, cid, "a plain note", visibility="internal")
    maya = await house.agent("maya")
    answer = Outbound(
        maya, cid, house.key(), guard.clean("It is."), visibility="internal", side=side
    )
    await house.desk.reply(answer)
    [view] = await house.desk.open_sides(maya, "technical")
    assert (view.id, view.conversation_id, view.badge) == (side, cid, lin.badge)
    assert [str(line.text) for line in view.lines] == [TITLE, LOGS, "It is."]
    assert await house.desk.open_sides(maya, "senior") == ()
    assert await house.desk.sides(lin, cid) == (view,)


async def test_a_side_thread_carries_files(house: House) -> None:
    _, cid, lin, side = await aside(house)
    log = await house.desk.upload(lin, "node.log", "text/plain", b"block 61220114 missing")
    carried = Outbound(lin, cid, house.key(), None, (log.id,), visibility="internal", side=side)
    sent = await house.desk.reply(carried)
    assert sent.event.data["files"][0]["name"] == "node.log"
    [view] = await house.desk.sides(lin, cid)
    assert view.lines[-1].id == sent.event.id


async def test_a_closed_side_thread_takes_no_line_and_leaves_the_teams_list(
    house: House,
) -> None:
    _, cid, lin, side = await aside(house)
    await house.desk.close_side(lin, cid, side)
    await house.desk.close_side(lin, cid, side)
    assert await house.desk.open_sides(lin, "technical") == ()
    [view] = await house.desk.sides(lin, cid)
    assert view.closed_at == house.at and view.lines[-1].data["step"] == "closed"
    late = Outbound(lin, cid, house.key(), guard.clean("x"), visibility="internal", side=side)
    with pytest.raises(SideUnknown):
        await house.desk.reply(late)


async def test_a_line_goes_only_to_the_conversation_of_its_thread(house: House) -> None:
    _, _, lin, side = await aside(house)
    other = (await house.says(await house.visitor(), "hello")).conversation_id
    stray = Outbound(lin, other, house.key(), guard.clean("x"), visibility="internal", side=side)
    with pytest.raises(SideUnknown):
        await house.desk.reply(stray)
    with pytest.raises(SideUnknown):
        await house.desk.close_side(lin, other, side)
    with pytest.raises(TeamUnknown):
        await house.desk.open_side(lin, other, "kitchen", guard.clean("x"))


async def test_a_side_thread_needs_the_permission_for_notes(house: House) -> None:
    _, cid, _, side = await aside(house)
    reader = await house.agent("reader")
    with pytest.raises(Forbidden):
        await house.desk.open_side(reader, cid, "technical", guard.clean("x"))
    with pytest.raises(Forbidden):
        await house.desk.close_side(reader, cid, side)


async def test_the_customer_gets_nothing_of_it_by_any_way(house: House) -> None:
    visitor, cid, lin, side = await aside(house)
    log = await house.desk.upload(lin, "node.log", "text/plain", b"block 61220114 missing")
    carried = Outbound(lin, cid, house.key(), None, (log.id,), visibility="internal", side=side)
    await house.desk.reply(carried)
    await house.desk.close_side(lin, cid, side)
    state = await house.state(cid)
    assert (state.public_seq, str(state.preview)) == (2, "my deposit is missing")
    view, events = await house.desk.transcript(visitor, cid)
    told = "".join(every_form(view, events))
    assert all(part not in told for part in (TITLE, LOGS, str(side), "node.log", "technical"))
    with pytest.raises(FileUnknown):
        await house.desk.file(visitor, log.id)


def every_form(view: ConversationView, events: Any) -> list[str]:
    """Everything that is made of events for customers, or for those outside."""
    texts = [encode(public_frame(event)) for event in events]
    for form in get_args(transcripts.Format):
        for lang in ("en", "zh-Hans"):
            made = transcripts.response(view, events, form, lang=lang, name="Halden")
            texts.append(made.content.decode())
    return texts


AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARK: Final = "SECRET"
SHOWN: Final[dict[str, set[str]]] = {
    "message": {"files"},
    "state": {"to", "reference", "language", "topic", "follows", "closes_at"},
    "assignment": {"agent", "from"},
    "redaction": {"seq", "kind", "file"},
    "warning": {"seq", "reasons"},
    "escalation": {"id", "step", "to", "reason", "due_at", "owner"},
    "promise": {"kind", "position", "low_at", "due_at", "peak"},
    "continuation": {"choice"},
}
WRITTEN: Final = {"message", "escalation"}
FIELDS: Final = sorted({field for fields in SHOWN.values() for field in fields})
HIDDEN: Final = (
    "side",
    "title",
    "team",
    "priority",
    "barred",
    "by",
    "again",
    "intent",
    "confirmed",
    "asserted",
    "clock",
    "number",
    "customer",
    "inbox",
    "preview",
    "tries",
    "rate",
    "ahead",
    "contact",
    "anything",
)


def marked(field: str) -> Any:
    """A value of the field with marks in everything that may lie in it."""
    nested = {"id": f"{MARK}-id", "deep": [f"{MARK}-deep", {"deeper": f"{MARK}-deeper"}]}
    if field in ("agent", "from", "owner"):
        return nested | {"name": "Maya", "badge": "A-20418", "email": f"{MARK}-email"}
    if field == "files":
        return [{"name": "log.txt", "size": 3, "sha256": f"{MARK}-sha", "data": nested}]
    if field == "reasons":
        return ["scam.fee", nested]
    if field == "step":
        return "declined"
    if field == "due_at":
        return "2026-03-02T09:10:00+00:00"
    if field in HIDDEN:
        return f"{MARK}-{field}"
    return "shown"


def marked_event(kind: EventKind, visibility: Visibility, data: dict[str, Any]) -> Event:
    public_text = visibility == "public" and kind in WRITTEN
    word = "shown" if public_text else f"{MARK} text"
    return Event(
        id=uuid4(),
        conversation_id=uuid4(),
        seq=7,
        kind=kind,
        visibility=visibility,
        author=Author("agent", uuid4(), "Maya", "A-20418"),
        at=AT,
        text=guard.clean(word),
        key="shown" if public_text else f"{MARK}-key",
        data=data,
    )


@pytest.mark.parametrize(
    ("kind", "visibility"), [*product(get_args(EventKind), get_args(Visibility))]
)
def test_only_what_is_listed_of_an_event_reaches_a_customer(
    kind: EventKind, visibility: Visibility
) -> None:
    data = {field: marked(field) for field in (*FIELDS, *HIDDEN)}
    event = marked_event(kind, visibility, data)
    shown = public(event)
    line = Line(event, shown, Owner(uuid4(), uuid4()))
    if visibility == "internal" or kind not in SHOWN:
        assert shown is None and line.for_customers is None
        return
    assert shown is not None and line.for_customers is not None
    assert set(shown.data) == SHOWN[kind]
    view = ConversationView(
        uuid4(), uuid4(), uuid4(), "K7F3-92QE", "open", "en", None, 7, 7, 0, 0, AT, AT
    )
    forms = every_form(view, [shown])
    assert all(MARK not in form for form in (*forms, line.for_customers))
    assert all(str(id_) not in form for id_ in (event.author.id,) for form in forms)


async def test_a_push_carries_the_reference_and_no_word(house: House) -> None:
    _, cid, lin, _ = await aside(house)
    said = await house.answers(lin, cid, "We look into it.")

    def pushed(tx: Connection) -> dict[str, Any]:
        owner = tx.execute(select(tables.conversation.c.customer_id)).scalar_one()
        identity = {"id": uuid4(), "customer_id": owner, "channel": "exchange"}
        identity |= {"external_id": "u-1", "proof": "token", "created_at": house.at}
        tx.execute(insert(tables.identity).values(identity))
        timer = Timer(remind.UNREAD, str(cid), house.at, {"seq": said.event.seq})
        remind.fire(tx, timer, at=house.at)
        row = tx.execute(select(tables.outbox).where(tables.outbox.c.name == remind.PUSH)).one()
        return dict(row.payload)

    payload = await house.database.write(pushed)
    assert payload.keys() == {"id", "inbox", "uid", "reference", "language"}
    assert payload["uid"] == "u-1" and payload["reference"] == said.reference
