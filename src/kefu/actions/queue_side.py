"""The queue's side of the one door: what follows from the log, who works, what matters."""

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

from kefu.actions import flow, triage
from kefu.actions.door import Door, require
from kefu.agents import permissions as may
from kefu.core.errors import KefuError
from kefu.core.records import Agent
from kefu.routing import store

AT_ONCE: Final = 40
"""Conversations that are looked at in one transaction: messages go in between."""

WorkState = Literal["available", "away", "break", "wrapup"]
WORK_STATES: Final[tuple[WorkState, ...]] = ("available", "wrapup", "break", "away")


class WorkStateUnknown(KefuError):
    """An agent is available, in wrap-up, on a break or away."""

    code = "agent.work_state_unknown"
    status = 422


class QueueSide(Door):
    """Routing, clocks and promises, and what agents say that bears on them."""

    async def follow_log(self, moved: Sequence[UUID]) -> None:
        """Do what follows from committed changes of these conversations."""
        for start in range(0, len(moved), AT_ONCE):
            few = moved[start : start + AT_ONCE]
            changes = await self.database.contended_write(flow.follow, few, at=self._clock())
            await self.tell(changes)

    async def work(self, agent: Agent, state: str) -> None:
        """Say whether the agent takes work now. Raises WorkStateUnknown."""
        require(agent, may.REPLY)
        if state not in WORK_STATES:
            raise WorkStateUnknown
        await self.database.write(store.set_work_state, agent.id, state, at=self._clock())
        await self.route()

    async def set_topic(self, agent: Agent, conversation_id: UUID, topic: str) -> None:
        """Say what the conversation is about. Raises TopicUnknown."""
        await self._act(agent, may.ASSIGN, triage.set_topic, conversation_id, topic)

    async def set_priority(self, agent: Agent, conversation_id: UUID, priority: int) -> None:
        """Say how much the conversation matters. Raises PriorityUnknown."""
        await self._act(agent, may.ASSIGN, triage.set_priority, conversation_id, priority)
