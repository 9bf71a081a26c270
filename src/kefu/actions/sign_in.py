"""An agent signs in and out."""

from collections import OrderedDict
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.agents import store as agents
from kefu.core.errors import RateLimited
from kefu.core.ids import new_token
from kefu.core.records import Agent
from kefu.routing import store as routing

WINDOW_SECONDS: Final = 900.0
MOST_KEYS: Final = 10_000
LONGEST_ADDRESS: Final = 254


class SignedIn(Struct, frozen=True):
    """A fresh session: the token goes into the agent's cookie and is stored as a hash only."""

    token: str
    agent: Agent


def start(tx: Connection, agent: Agent, client: str, *, at: datetime) -> SignedIn:
    """Start a session for an agent whose password was checked."""
    token = new_token()
    session_id = agents.start_session(tx, agent.id, token, client, at=at)
    agents.touch(tx, agent.id, session_id, at=at)
    routing.set_work_state(tx, agent.id, "available", at=at)
    return SignedIn(token, replace(agent, session_id=session_id))


def end(tx: Connection, agent: Agent, session_id: UUID, *, at: datetime) -> None:
    """End a session; an agent without another one takes no more work."""
    agents.end_session(tx, session_id, at=at)
    if not agents.has_session(tx, agent.id, at=at):
        routing.set_work_state(tx, agent.id, "away", at=at)


class Tries:
    """How often sign-in was tried lately, by account and client address together.

    A few tries are human, many are not. Nobody can lock out another, who comes from
    elsewhere; an address that tries many accounts is slowed as a whole.
    """

    def __init__(self) -> None:
        self._tried: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def begin(self, email: str, address: str, now: float) -> None:
        """Count a try before it is made. Raises RateLimited after too many in WINDOW_SECONDS."""
        for key, most in _keys(email, address):
            recent = [at for at in self._tried.pop(key, ()) if at > now - WINDOW_SECONDS]
            self._tried[key] = recent
            if len(recent) >= most:
                raise RateLimited(retry_after=round(recent[0] + WINDOW_SECONDS - now))
            recent.append(now)
        while len(self._tried) > MOST_KEYS:
            self._tried.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """Forget the tries that led to the right password."""
        for key, _ in _keys(email, address):
            self._tried.pop(key, None)


def _keys(email: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    return ((email.strip().lower(), address), 10), (("", address), 100)
