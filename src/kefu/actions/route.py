"""Whoever waits gets the agent who is free for them: in order, at once, and each only once.

It runs after everything that may change who waits or who is free. One transaction at a time
matches, in whatever process, so no agent is given more than they take.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import escalated
from kefu.actions.reply import assignment
from kefu.agents import permissions as may
from kefu.agents import store as agents
from kefu.conversations import escalations
from kefu.conversations import store as conversations
from kefu.conversations.states import Change, State, extend
from kefu.core.ids import uuid7
from kefu.core.records import FRONT, SYSTEM, Agent
from kefu.routing import store
from kefu.routing.choose import Server, choose

FIRST: Final = 250
"""How many of a queue are looked at first: seldom is it worth reading all of a long one."""


def route(tx: Connection, *, at: datetime, also: Collection[UUID] = ()) -> list[Change]:
    """Give waiting conversations to free agents and return what changed.

    What waits for an agent who is not at the desk goes back into the queue, at its old place.
    also: conversations that the transaction goes on with. They are locked together with these,
    in one order, as messages lock theirs.
    """
    store.lock(tx)
    alone = store.left_alone(tx, at=at)
    present = store.servers(tx, may_reply=may.REPLY, at=at)
    pairs = dict(_matched(tx, present))
    wanted = {*alone, *pairs}
    if not wanted and not also:
        return []
    people = agents.find_all(tx, set(pairs.values()))
    teams = {server.id: server.teams for server in present}
    locked = conversations.lock(tx, {*wanted, *also})
    states = {id_: state for id_, state in locked.items() if id_ in wanted}
    further = [state.id for state in states.values() if state.team != FRONT]
    asked = escalations.open_of(tx, further) if further else {}
    changes = []
    for state in states.values():
        agent = people.get(pairs[state.id]) if state.id in pairs else None
        if _is_still_so(state, agent, teams):
            entries = [
                assignment(state, agent, SYSTEM),
                *escalated.assigned(asked.get(state.id), agent, SYSTEM),
            ]
            changes.append(extend(state, entries, at=at, new_id=uuid7))
    conversations.append(tx, changes)
    _note(tx, changes, at)
    return changes


def _matched(tx: Connection, present: Sequence[Server]) -> list[tuple[UUID, UUID]]:
    """Return (conversation, agent) for all that can be matched."""
    free = [server for server in present if server.load < server.capacity]
    if not free:
        return []
    teams = {team for server in free for team in server.teams}
    waiting = store.waiting(tx, teams, limit=FIRST)
    pairs = choose(waiting, present)
    room = sum(server.capacity - server.load for server in free)
    if len(waiting) == FIRST and len(pairs) < room:
        pairs = choose(store.waiting(tx, teams), present)
    return pairs


def _is_still_so(state: State, agent: Agent | None, teams: Mapping[UUID, Collection[str]]) -> bool:
    """Return whether the locked row still waits: for the agent found, or for one who is away."""
    if agent is not None:
        is_theirs = state.team in teams[agent.id] and str(agent.id) not in state.barred
        return state.place_at is not None and is_theirs
    return state.assignee is not None and state.waiting_since is not None


def _note(tx: Connection, changes: Sequence[Change], at: datetime) -> None:
    given = {who.id for change in changes if (who := change.after.assignee) and who.id}
    if given:
        store.note_routed(tx, sorted(given), at=at)
