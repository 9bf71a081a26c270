"""An agent asks for a secret: nothing is sent, and the log and an alert say that it was tried.

What was written is kept nowhere; the reasons are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from kefu import guard
from kefu.actions import access
from kefu.actions.reply import speaking
from kefu.conversations import store
from kefu.conversations.states import Change, State
from kefu.core.errors import KefuError
from kefu.core.records import Agent, Entry, Outbound
from kefu.core.text import SafeText
from kefu.trust import store as trust
from kefu.trust.store import NewAlert

REPEATED: Final = 2
"""From this try within a day on, an alert stands out for supervisors."""

_DAY: Final = timedelta(days=1)


class ReplyRefused(KefuError):
    """The message asks for what we never ask for. The text says what to do instead."""

    code = "reply.asks.secret"
    status = 422


class AsksForWallet(ReplyRefused):
    """A recovery phrase or a private key."""

    code = "reply.asks.wallet"


class AsksForSignIn(ReplyRefused):
    """A password, a PIN or a one-time code."""

    code = "reply.asks.sign_in"


class AsksForCard(ReplyRefused):
    """A whole card number or a security code."""

    code = "reply.asks.card"


class AsksForApiSecret(ReplyRefused):
    """The secret of an API key."""

    code = "reply.asks.api_secret"


class ReadsAsScam(ReplyRefused):
    """Another app, remote control, a safe wallet, a fee: what only swindlers ask for."""

    code = "reply.scam"


_BY_REASON: Final[dict[str, type[ReplyRefused]]] = {
    "asks.mnemonic": AsksForWallet,
    "asks.private_key": AsksForWallet,
    "asks.password": AsksForSignIn,
    "asks.otp": AsksForSignIn,
    "asks.card": AsksForCard,
    "asks.cvv": AsksForCard,
    "asks.api_secret": AsksForApiSecret,
}


def refusal(reasons: Sequence[str]) -> ReplyRefused:
    """Return the error that tells the agent why, by the first reason that has words of its own."""
    for reason in reasons:
        if reason.startswith("scam."):
            return ReadsAsScam()
        if kind := _BY_REASON.get(reason):
            return kind()
    return ReplyRefused()


def check(name: SafeText) -> None:
    """Raise ReplyRefused for a file's name that asks for a secret: customers read it too."""
    verdict = guard.judge(name.value, role="agent")
    if verdict.verdict == "block":
        raise refusal(verdict.reasons)


def refuse(
    tx: Connection, agent: Agent, outbound: Outbound, reasons: Sequence[str], *, at: datetime
) -> Change | None:
    """Note in the log and for the supervisors that the agent tried to send such a message.

    None: the same message was tried before, by a client that did not hear the answer.
    """
    conversation_id = outbound.conversation_id
    tries = trust.tries(tx, agent.id, since=at - _DAY) + 1
    key = _key(outbound)

    def entries(state: State) -> list[Entry]:
        if (state.inbox_id, key) in store.events_by_key(tx, [key]):
            return []
        data = {"reasons": list(reasons), "tries": tries}
        return [Entry("alert", speaking(agent), "internal", key=key, data=data)]

    change = access.change(tx, agent, conversation_id, entries, at=at)
    if change is not None:
        new = NewAlert(conversation_id, change.after.seq, tuple(reasons), agent.id, tries)
        trust.add(tx, [new], at=at)
    return change


def _key(outbound: Outbound) -> str:
    """Return the key of the alert: another text under the same client key is another try."""
    return "alert-" + sha256(f"{outbound.key} {outbound.text}".encode()).hexdigest()[:40]
