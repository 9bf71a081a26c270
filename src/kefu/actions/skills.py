"""Who serves whose queue: an agent's teams, topics, languages and room."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection

from kefu.actions.hand_over import TeamUnknown
from kefu.actions.triage import TopicUnknown
from kefu.agents import store as agents
from kefu.core.errors import AgentUnknown, KefuError
from kefu.core.records import TEAMS
from kefu.intake import topics
from kefu.routing import store

MOST_AT_ONCE: Final = 50
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class TeamMissing(KefuError):
    """An agent belongs to one team at least."""

    code = "agent.team_missing"
    status = 422


class CapacityMalformed(KefuError):
    """How many conversations at once is a whole number from 0 to `most`."""

    code = "agent.capacity_malformed"
    status = 422


class LanguageMalformed(KefuError):
    """A language is a tag such as en, zh-Hans or pt-BR; an agent speaks one at least."""

    code = "agent.language_malformed"
    status = 422


class Skills(Struct, frozen=True):
    """What an agent is given. topics: with what is within them; none means all."""

    teams: tuple[str, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int


def set_skills(tx: Connection, agent_id: UUID, skills: Skills) -> None:
    """Set what the agent is given from now on; what they have stays with them.

    Raises AgentUnknown, TeamMissing, TeamUnknown, TopicUnknown, CapacityMalformed,
    LanguageMalformed.
    """
    check(skills)
    if agents.find(tx, agent_id) is None:
        raise AgentUnknown
    store.set_skills(
        tx,
        agent_id,
        teams=_once(skills.teams),
        topics=_once(skills.topics),
        languages=_once(skills.languages),
        capacity=skills.capacity,
    )


def check(skills: Skills) -> None:
    """Raise what `set_skills` raises of skills that no agent can have."""
    if not skills.teams:
        raise TeamMissing
    if not set(skills.teams) <= set(TEAMS):
        raise TeamUnknown
    if not all(map(topics.known, skills.topics)):
        raise TopicUnknown
    if not skills.languages or not all(map(_LANGUAGE.fullmatch, skills.languages)):
        raise LanguageMalformed
    if not 0 <= skills.capacity <= MOST_AT_ONCE:
        raise CapacityMalformed(most=MOST_AT_ONCE)


def _once(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(values))
