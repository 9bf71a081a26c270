"""Who a browser speaks for: its own token, the exchange's word, and the way out again."""

import asyncio
import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection as Transaction
from sqlalchemy import select, update

from kefu.actions import visit
from kefu.actions.inboxes import Inboxes, sealed
from kefu.actions.visit import Arrival
from kefu.cli.demo.content import content
from kefu.cli.demo.imitation import Imitation
from kefu.core.errors import ConversationUnknown, HelloRefused
from kefu.core.records import Visitor
from kefu.customers import store as customers
from kefu.realtime.connection import Connection
from kefu.storage.tables import customer, identity, inbox
from tests.house import SITE, House

UID, OTHER_UID = (person.uid for person in content().people[:2])


@pytest.fixture
async def exchange(house: House) -> Imitation:
    """The exchange whose identity tokens the house's inbox takes."""
    people = {person.uid: person for person in content().people}
    made = Imitation(house.inbox_key, people, clock=lambda: house.at)

    def trust(tx: Transaction) -> None:
        keys = sealed(house.settings.secret_key, [made.identity_key()])
        tx.execute(update(inbox).values(identity_keys=keys))

    await house.database.write(trust)
    house.desk.inboxes = Inboxes(house.database, house.settings.secret_key)
    return made


async def comes_back(house: House, arrival: Arrival, identity: str | None = None) -> Arrival:
    assert arrival.token
    return await house.arrives(arrival.token, identity)


async def references(house: House, visitor: Visitor) -> list[str]:
    return [view.reference for view in await house.desk.conversations(visitor)]


async def test_a_token_makes_a_customer_of_a_visitor_and_brings_the_conversation_along(
    house: House, exchange: Imitation
) -> None:
    nameless = await house.arrives()
    receipt = await house.says(nameless.visitor, "Where is my deposit?")
    known = await comes_back(house, nameless, exchange.support_token(UID))
    assert (known.visitor.id, known.visitor.uid) == (nameless.visitor.id, UID)
    assert known.problem is None
    assert known.conversation and known.conversation.id == receipt.conversation_id
    again = await house.says(known.visitor, "It is still missing")
    assert again.conversation_id == receipt.conversation_id
    shown = await house.desk.row(await house.agent(), receipt.conversation_id)
    person = exchange.people[UID]
    assert (shown.customer_name and shown.customer_name.value, shown.tier) == (
        person.name,
        person.tier,
    )


async def test_a_customer_known_before_the_first_message_needs_no_second_token(
    house: House, exchange: Imitation
) -> None:
    first = await house.arrives(identity=exchange.support_token(UID))
    assert first.conversation is None and first.visitor.uid == UID
    back = await comes_back(house, first)
    assert (back.visitor.id, back.visitor.uid) == (first.visitor.id, UID)


async def test_the_same_uid_on_a_second_browser_shares_the_history(
    house: House, exchange: Imitation
) -> None:
    phone = await house.arrives(identity=exchange.support_token(UID))
    said = await house.says(phone.visitor, "from the phone")
    laptop = await house.arrives(identity=exchange.support_token(UID))
    assert laptop.visitor.id != phone.visitor.id
    assert laptop.conversation and laptop.conversation.id == said.conversation_id
    await house.says(laptop.visitor, "from the laptop")
    page = await house.desk.public_events(phone.visitor, said.conversation_id, 0)
    assert [str(e.text) for e in page.events if e.text] == ["from the phone", "from the laptop"]


async def test_both_browsers_hear_what_either_says(house: House, exchange: Imitation) -> None:
    phone = await house.arrives(identity=exchange.support_token(UID))
    laptop = await house.arrives(identity=exchange.support_token(UID))
    sockets = []
    for arrival in (phone, laptop):
        sockets.append(Connection("customer"))
        house.desk.follow(sockets[-1], arrival)
    said = await house.says(phone.visitor, "hello")
    assert [socket.cursors[said.conversation_id] for socket in sockets] == [2, 2]


async def test_a_second_open_conversation_is_closed_as_it_moves(
    house: House, exchange: Imitation
) -> None:
    phone = await house.arrives(identity=exchange.support_token(UID))
    kept = await house.says(phone.visitor, "from the phone")
    laptop = await house.arrives()
    moved = await house.says(laptop.visitor, "from the laptop")
    laptop = await comes_back(house, laptop, exchange.support_token(UID))
    assert laptop.conversation and laptop.conversation.id == kept.conversation_id
    assert (await house.state(moved.conversation_id)).status == "closed"
    assert sorted(await references(house, laptop.visitor)) == sorted(
        [kept.reference, moved.reference]
    )
    seen = await house.desk.public_events(laptop.visitor, moved.conversation_id, 0)
    assert [e.data.get("to") for e in seen.events if e.kind == "state"] == ["open", "closed"]


async def test_what_was_escalated_in_a_second_conversation_is_so_in_the_one_that_goes_on(
    house: House, exchange: Imitation
) -> None:
    phone = await house.arrives(identity=exchange.support_token(UID))
    kept = await house.says(phone.visitor, "from the phone")
    laptop = await house.arrives()
    moved = await house.says(laptop.visitor, "from the laptop")
    await house.desk.escalate_own(laptop.visitor, moved.conversation_id, "technical")
    await comes_back(house, laptop, exchange.support_token(UID))
    lin = await house.agent()
    [old] = await house.desk.escalations(lin, moved.conversation_id)
    [new] = await house.desk.escalations(lin, kept.conversation_id)
    assert (old.step, new.step, new.to) == ("withdrawn", "requested", "technical")
    assert (await house.state(kept.conversation_id)).team == "technical"


async def test_a_shared_computer_joins_no_two_people(house: House, exchange: Imitation) -> None:
    first = await house.arrives(identity=exchange.support_token(UID))
    private = await house.says(first.visitor, "private")
    second = await comes_back(house, first, exchange.support_token(OTHER_UID))
    assert second.visitor.id != first.visitor.id and second.token not in (None, first.token)
    assert (second.visitor.uid, second.conversation) == (OTHER_UID, None)
    with pytest.raises(ConversationUnknown):
        await house.desk.public_events(second.visitor, private.conversation_id, 0)
    said = await house.says(second.visitor, "another person")
    assert said.conversation_id != private.conversation_id
    assert await house.texts(private.conversation_id) == ["private"]
    assert await _uids(house) == {UID, OTHER_UID}


async def _uids(house: House) -> set[str]:
    def read(tx: Transaction) -> set[str]:
        return set(tx.execute(select(identity.c.external_id)).scalars())

    return await house.database.read(read)


async def test_a_bad_identity_token_leaves_a_visitor_and_says_so(
    house: House, exchange: Imitation
) -> None:
    stranger = Imitation(house.inbox_key, exchange.people, clock=lambda: house.at)
    foreign = Imitation("another-inbox", exchange.people, clock=lambda: house.at)
    foreign.identity_secret = exchange.identity_secret
    expired = exchange.support_token(UID)
    house.later(301)
    forged = exchange.support_token(UID)[:-6] + "AAAAAA"
    for token in (stranger.support_token(UID), foreign.support_token(UID), expired, forged, "x.y"):
        arrival = await house.arrives(identity=token)
        assert (arrival.problem, arrival.visitor.uid) == ("identity.refused", None)
        await house.says(arrival.visitor, "I can still write")
    assert await _uids(house) == set()


async def test_a_bad_token_does_not_take_the_conversation_away(
    house: House, exchange: Imitation
) -> None:
    arrival = await house.arrives()
    said = await house.says(arrival.visitor, "hello")
    back = await comes_back(house, arrival, "forged")
    assert back.problem == "identity.refused"
    assert back.conversation and back.conversation.id == said.conversation_id


async def test_a_token_that_another_browser_used_is_refused(
    house: House, exchange: Imitation
) -> None:
    token = exchange.support_token(UID)
    owner = await house.arrives(identity=token)
    said = await house.says(owner.visitor, "private")
    thief = await house.arrives(identity=token)
    assert (thief.problem, thief.visitor.uid) == ("identity.refused", None)
    with pytest.raises(ConversationUnknown):
        await house.desk.public_events(thief.visitor, said.conversation_id, 0)
    back = await comes_back(house, owner, token)
    assert (back.problem, back.visitor.uid) == (None, UID)


async def test_browsers_that_arrive_at_once_with_one_uid_are_one_customer(
    house: House, exchange: Imitation
) -> None:
    arrivals = await asyncio.gather(
        *(house.arrives(identity=exchange.support_token(UID)) for _ in range(4))
    )
    assert {arrival.visitor.uid for arrival in arrivals} == {UID}
    assert len({arrival.visitor.customer_id for arrival in arrivals}) == 1


async def test_two_tabs_that_show_one_token_at_once_are_both_known(
    house: House, exchange: Imitation
) -> None:
    arrival = await house.arrives()
    await house.says(arrival.visitor, "hello")
    token = exchange.support_token(UID)
    tabs = await asyncio.gather(*(comes_back(house, arrival, token) for _ in range(3)))
    assert [(tab.problem, tab.visitor.uid) for tab in tabs] == [(None, UID)] * 3


async def test_a_message_on_its_way_while_the_visitor_becomes_known_is_not_lost(
    house: House, exchange: Imitation
) -> None:
    arrival = await house.arrives()
    first = await house.says(arrival.visitor, "one")
    sent = [house.says(arrival.visitor, str(n)) for n in range(10)]
    known = comes_back(house, arrival, exchange.support_token(UID))
    *receipts, back = await asyncio.gather(*sent, known)
    assert {getattr(receipt, "conversation_id", None) for receipt in receipts} == {
        first.conversation_id
    }
    assert len(await house.texts(first.conversation_id)) == 11
    assert isinstance(back, Arrival) and back.visitor.uid == UID


async def test_logging_out_ends_the_visit_and_its_sockets(
    house: House, exchange: Imitation
) -> None:
    arrival = await house.arrives(identity=exchange.support_token(UID))
    await house.says(arrival.visitor, "hello")
    socket = Connection("customer")
    house.desk.follow(socket, arrival)
    assert arrival.token
    await house.desk.log_out(arrival.visitor)
    sent: list[str] = []
    codes: list[int] = []

    async def send(frame: str) -> None:
        sent.append(frame)

    async def close(code: int) -> None:
        codes.append(code)

    await socket.write(send, close)
    assert '{"type":"bye","code":"refused"}' in sent and codes == [1008]
    with pytest.raises(HelloRefused):
        await house.desk.visitor(arrival.token, "en")
    fresh = await house.arrives(arrival.token)
    assert (fresh.visitor.uid, fresh.conversation) == (None, None)
    assert fresh.visitor.id != arrival.visitor.id


async def test_a_visitor_token_is_good_for_its_site_and_inbox_alone(house: House) -> None:
    arrival = await house.arrives()
    await house.says(arrival.visitor, "hello")

    async def other_inbox(tx_key: str) -> None:
        def add(tx: Transaction) -> UUID:
            return customers.add_inbox(
                tx,
                key=tx_key,
                name={"en": "Other"},
                origins=[SITE],
                identity_keys=None,
                exchange=None,
                at=house.at,
            )

        await house.database.write(add)
        house.desk.inboxes = Inboxes(house.database, house.settings.secret_key)

    await other_inbox("other")
    for key, site in ((house.inbox_key, "http://desk.example"), ("other", SITE)):
        stranger = await house.desk.hello(
            inbox_key=key, site=site, token=arrival.token, identity=None, language="en"
        )
        assert stranger.visitor.id != arrival.visitor.id
        assert stranger.token and stranger.conversation is None


async def test_a_page_that_is_not_of_the_inbox_opens_no_chat(house: House) -> None:
    for site in ("https://evil.example", f"{SITE}.evil.example", f"{SITE}:444"):
        with pytest.raises(HelloRefused):
            await house.desk.hello(
                inbox_key=house.inbox_key, site=site, token=None, identity=None, language="en"
            )
    with pytest.raises(HelloRefused):
        await house.desk.hello(
            inbox_key="no such inbox", site=SITE, token=None, identity=None, language="en"
        )


async def test_a_bad_visitor_token_makes_a_new_visitor(house: House) -> None:
    arrival = await house.arrives()
    await house.says(arrival.visitor, "hello")
    key, token = house.settings.secret_key, arrival.token or ""
    long_ago = time.time() - visit.LIFE_SECONDS - 1
    bad = {
        "forged": token[:-4] + "AAAA",
        "of another desk": visit.new_token(b"x" * 40, arrival.visitor, time.time()),
        "expired": visit.new_token(key, arrival.visitor, long_ago),
        "a guess": f"{arrival.visitor.id.hex}.{arrival.visitor.inbox_id.hex}.0.99999999999.AAAA",
        "empty": "",
        "not a token": "......",
        "not ASCII": "访客.1.2",
    }
    for what, presented in bad.items():
        fresh = await house.arrives(presented)
        assert fresh.visitor.id != arrival.visitor.id, what
        assert fresh.token and fresh.conversation is None
        with pytest.raises(HelloRefused):
            await house.desk.visitor(presented, "en")


async def test_arriving_stores_nothing(house: House) -> None:
    for _ in range(3):
        await house.arrives()

    def rows(tx: Transaction) -> int:
        return len(tx.execute(select(customer.c.id)).all())

    assert await house.database.read(rows) == 0
    await house.says((await house.arrives(str(uuid4()))).visitor, "hello")
    assert await house.database.read(rows) == 1
