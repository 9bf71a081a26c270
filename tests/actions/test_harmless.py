"""What an author calls harmless: believed where it can be, and told to agents only."""

import pytest

from kefu.channels import chat
from kefu.channels.chat import HarmlessRefused
from kefu.realtime.protocol import Say
from tests.house import House

PHRASE = "cactus dolphin fatigue giraffe hedgehog inhale jewel kangaroo maple noodle olympic pulp"


async def test_what_the_author_calls_harmless_stands_and_only_agents_see_that_it_was_said(
    house: House,
) -> None:
    visitor, agent = await house.visitor(), await house.agent()
    text = "here it is: 4242 4242 4242 4242"
    frame = Say("k-uid", text, harmless=((12, 31),))
    receipt = await chat.on_say(house.desk, visitor, frame)
    assert str(receipt.event.text) == text
    thread = await house.desk.thread(agent, receipt.conversation_id)
    assert thread.events[-1].data == {"asserted": ["card_number"]}
    page = await house.desk.public_events(visitor, receipt.conversation_id, 0)
    assert page.events[-1].data == {}


async def test_nobody_can_call_a_phrase_harmless(house: House) -> None:
    visitor = await house.visitor()
    text = "my seed phrase: " + PHRASE
    frame = Say("k-seed", text, harmless=((0, len(text)),))
    receipt = await chat.on_say(house.desk, visitor, frame)
    assert "giraffe" not in str(receipt.event.text)
    assert receipt.event.data == {}


@pytest.mark.parametrize(
    "harmless", [((3, 3),), ((4, 2),), ((-1, 2),), ((0, 8001),), ((0, 1),) * 51]
)
async def test_spans_that_cannot_be_are_refused(
    house: House, harmless: tuple[tuple[int, int], ...]
) -> None:
    with pytest.raises(HarmlessRefused):
        await chat.on_say(
            house.desk, await house.visitor(), Say("k-span", "hello", harmless=harmless)
        )
