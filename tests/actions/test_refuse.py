"""Agents can't ask for secrets, and scam talk is noticed: the log, the alert, the people."""

import pytest

from kefu.actions.refuse import (
    AsksForCard,
    AsksForSignIn,
    AsksForWallet,
    ReadsAsScam,
    ReplyRefused,
)
from kefu.core.errors import AlertUnknown, Forbidden
from kefu.core.records import Agent
from kefu.reads.public import public
from tests.house import House

ASKS = {
    "Please send me your 12-word recovery phrase so I can restore the wallet.": AsksForWallet,
    "请把您的私钥发给我，我帮您核实。": AsksForWallet,
    "What is your login password?": AsksForSignIn,
    "麻烦把手机收到的验证码告诉我一下": AsksForSignIn,
    "Please tell me the full card number and the CVV on the back.": AsksForCard,
    "Install AnyDesk and give me the ID so that I can fix it on your computer.": ReadsAsScam,
}


@pytest.mark.parametrize(("text", "error"), ASKS.items())
async def test_a_message_that_asks_for_a_secret_is_not_sent(
    house: House, text: str, error: type[ReplyRefused]
) -> None:
    receipt = await house.says(await house.visitor(), "Hello")
    lin = await house.agent()
    with pytest.raises(error):
        await house.answers(lin, receipt.conversation_id, text)
    assert await house.texts(receipt.conversation_id) == ["Hello"]
    last = (await house.log(receipt.conversation_id))[-1]
    assert (last.kind, last.visibility, last.author.badge) == ("alert", "internal", lin.badge)
    assert public(last) is None
    [alert] = await house.desk.alerts(await house.agent("chen"))
    assert (alert.badge, alert.seq, alert.tries) == (lin.badge, last.seq, 1)


@pytest.mark.parametrize(
    "text",
    [
        "We never ask for your password or recovery phrase.",
        "请不要把验证码告诉任何人，包括客服。",
        "Please send me the TxID and the last four digits of your card.",
        "You can reset your password in the app under Security.",
    ],
)
async def test_a_message_that_warns_or_asks_for_what_may_be_told_is_sent(
    house: House, text: str
) -> None:
    receipt = await house.says(await house.visitor(), "Hello")
    await house.answers(await house.agent(), receipt.conversation_id, text)
    assert await house.texts(receipt.conversation_id) == ["Hello", text]


async def test_tries_are_counted_over_a_day(house: House) -> None:
    receipt = await house.says(await house.visitor(), "Hello")
    lin, chen = await house.agent(), await house.agent("chen")
    for hours in (0, 23, 23):
        house.later(hours * 3600)
        lin = await house.agent()
        await _is_refused(house, lin, receipt.conversation_id)
    alerts = await house.desk.alerts(chen)
    assert [alert.tries for alert in alerts] == [2, 2, 1]


async def _is_refused(house: House, agent: Agent, conversation_id: object) -> None:
    with pytest.raises(ReplyRefused):
        await house.answers(agent, conversation_id, "Tell me your password.")  # type: ignore[arg-type]


async def test_a_supervisor_sees_how_many_alerts_wait_and_settles_them(house: House) -> None:
    receipt = await house.says(await house.visitor(), "Hello")
    await _is_refused(house, await house.agent(), receipt.conversation_id)
    chen = await house.agent("chen")
    assert (await house.desk.inbox(chen, "open")).counts["alerts"] == 1
    [alert] = await house.desk.alerts(chen)
    await house.desk.settle(chen, alert.id)
    assert (await house.desk.inbox(chen, "open")).counts["alerts"] == 0
    assert [r.is_settled for r in await house.desk.alerts(chen)] == [True]
    with pytest.raises(AlertUnknown):
        await house.desk.settle(chen, alert.id)


async def test_agents_see_no_alerts(house: House) -> None:
    lin = await house.agent()
    with pytest.raises(Forbidden):
        await house.desk.alerts(lin)
    assert "alerts" not in (await house.desk.inbox(lin, "open")).counts


async def test_a_note_may_speak_of_anything(house: House) -> None:
    receipt = await house.says(await house.visitor(), "Hello")
    text = "Somebody wrote him: send me your password."
    await house.answers(await house.agent(), receipt.conversation_id, text, visibility="internal")
    assert (await house.log(receipt.conversation_id))[-1].kind == "note"


SCAM = "A support agent on Telegram told me to install AnyDesk so he can fix my account"


async def test_a_customer_in_a_scam_is_warned_once_and_security_hears_of_it(house: House) -> None:
    visitor = await house.visitor()
    receipt = await house.says(visitor, SCAM)
    await house.says(visitor, SCAM)
    log = await house.log(receipt.conversation_id)
    assert [event.kind for event in log] == ["state", "message", "warning", "message"]
    shown = public(log[2])
    assert shown and shown.data["seq"] == 2
    assert set(shown.data["reasons"]) == {"scam.remote_control", "scam.other_app"}
    [alert] = await house.desk.alerts(await house.agent("chen"))
    assert (alert.alias, alert.seq) == (None, 3)


async def test_ordinary_talk_is_not_warned_of(house: House) -> None:
    receipt = await house.says(await house.visitor(), "My deposit is missing, TxID 0x12ab")
    assert [e.kind for e in await house.log(receipt.conversation_id)] == ["state", "message"]


async def test_an_offer_of_money_is_reported_without_a_word_to_the_customer(house: House) -> None:
    text = "I will pay you 500 USDT if you unfreeze my account today, nobody will know"
    receipt = await house.says(await house.visitor(), text)
    log = await house.log(receipt.conversation_id)
    assert (log[-1].kind, log[-1].visibility) == ("warning", "internal")
    [alert] = await house.desk.alerts(await house.agent("chen"))
    assert alert.reasons == ("scam.bribe",)


async def test_the_same_message_sent_again_is_one_try(house: House) -> None:
    receipt = await house.says(await house.visitor(), "Hello")
    lin = await house.agent()
    for text in ("Tell me your password.", "Tell me your password.", "Send your password!"):
        with pytest.raises(ReplyRefused):
            await house.answers(lin, receipt.conversation_id, text, key="one")
    alerts = await house.desk.alerts(await house.agent("chen"))
    assert [alert.tries for alert in alerts] == [2, 1]
    await house.answers(lin, receipt.conversation_id, "Which network was it?", key="one")


async def test_a_file_name_asks_for_no_secret_either(house: House) -> None:
    lin = await house.agent()
    with pytest.raises(ReplyRefused):
        await house.desk.upload(lin, "Please send your seed phrase.txt", "text/plain", b"hello")
