"""An agent signs in and out."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.agents import passwords
from kefu.agents import store as agents
from kefu.core.errors import RateLimited, SignInRefused
from kefu.core.ids import new_token
from kefu.core.records import Agent

WINDOW_SECONDS: Final = 900.0
MOST_KEYS: Final = 10_000


class SignedIn(Struct, frozen=True):
    """A fresh session: the token goes into the agent's cookie and is stored as a hash only."""

    token: str
    agent: Agent


def checked(tx: Connection, email: str, password: str) -> Agent:
    """Return the agent. Raises SignInRefused; the text and the time tell nothing more."""
    found = agents.credentials(tx, email.strip())
    if not passwords.matches(found[1] if found else None, password) or found is None:
        raise SignInRefused
    return found[0]


def start(tx: Connection, agent: Agent, client: str, *, at: datetime) -> SignedIn:
    """Start a session for an agent whose password was checked."""
    token = new_token()
    session_id = agents.start_session(tx, agent.id, token, client, at=at)
    agents.touch(tx, agent.id, session_id, at=at)
    return SignedIn(token, replace(agent, session_id=session_id))


class Tries:
    """How often sign-in failed lately, by whom: a few are human, many are not.

    Counted by account and client address together, so that nobody can lock out another,
    and more generously by account alone.
    """

    def __init__(self) -> None:
        self._failed: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def check(self, email: str, address: str, now: float) -> None:
        """Raise RateLimited after too many failures within WINDOW_SECONDS."""
        for key, most in _keys(email, address):
            recent = [at for at in self._failed.get(key, ()) if at > now - WINDOW_SECONDS]
            if len(recent) >= most:
                raise RateLimited(retry_after=round(recent[0] + WINDOW_SECONDS - now))

    def failed(self, email: str, address: str, now: float) -> None:
        """Count a failure; the oldest accounts are forgotten past MOST_KEYS."""
        for key, most in _keys(email, address):
            recent = [at for at in self._failed.pop(key, ()) if at > now - WINDOW_SECONDS]
            self._failed[key] = [*recent, now][-most:]
        while len(self._failed) > MOST_KEYS:
            self._failed.popitem(last=False)


def _keys(email: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    account = email.strip().lower()
    return ((account, address), 10), ((account, ""), 100)
