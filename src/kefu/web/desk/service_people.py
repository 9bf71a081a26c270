"""Who serves whom: what teams are called, and each agent's teams, topics, languages and room."""

import re
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.actions.hand_over import TeamUnknown
from kefu.actions.skills import (
    MOST_AT_ONCE,
    CapacityMalformed,
    LanguageMalformed,
    Skills,
    TeamMissing,
)
from kefu.actions.triage import TopicUnknown
from kefu.channels.chat import clean
from kefu.core.errors import KefuError
from kefu.core.floor_views import PersonView
from kefu.core.i18n import LANGUAGES
from kefu.core.records import Agent
from kefu.core.text import SafeText
from kefu.intake import topics
from kefu.web.desk.floor import named, topic_name
from kefu.web.desk.shell import Asked, drawn
from kefu.web.kit import error_text, lang_of

_APART: Final = re.compile(r"[\s,，、;；]+")
_PLACES: Final[dict[type[KefuError], str]] = {
    TeamMissing: "teams",
    TeamUnknown: "teams",
    TopicUnknown: "topics",
    LanguageMalformed: "languages",
    CapacityMalformed: "capacity",
}


class Typed(Struct, frozen=True):
    """What was typed into one form that was refused, and beside which field it says why."""

    of: str
    values: dict[str, Any]
    place: str
    problem: str
    status: int


@get("/service/people")
async def people(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return teams and agents, each with a form."""
    return await _drawn(request, desk, agent)


@post("/service/people/{agent_id:uuid}", status_code=200)
async def change_skills(request: Asked, desk: Desk, agent: Agent, agent_id: UUID) -> Response[Any]:
    """Set what an agent is given."""
    sent = await request.form()
    teams, capacity = tuple(sent.getall("team", [])), str(sent.get("capacity", "")).strip()
    values = {
        "teams": teams,
        "topics": sent.get("topics", ""),
        "languages": sent.get("languages", ""),
        "capacity": capacity,
    }
    skills = Skills(
        teams=teams,
        topics=tuple(_listed(sent.get("topics", ""))),
        languages=tuple(_listed(sent.get("languages", ""))),
        capacity=int(capacity) if re.fullmatch("[0-9]{1,4}", capacity) else -1,
    )
    try:
        await desk.set_skills(agent, agent_id, skills)
    except tuple(_PLACES) as refused:
        problem = error_text(lang_of(request), refused)
        typed = Typed(str(agent_id), values, _PLACES[type(refused)], problem, refused.status)
        return await _drawn(request, desk, agent, typed)
    return Redirect(f"/desk/service/people?saved={agent_id}#agent-{agent_id}", status_code=303)


@post("/service/teams/{key:str}", status_code=200)
async def rename_team(request: Asked, desk: Desk, agent: Agent, key: str) -> Response[Any]:
    """Set what a team is called."""
    sent = await request.form()
    values = {lang: sent.get(f"name.{lang}", "") for lang in LANGUAGES}
    names: dict[str, SafeText] = {}
    try:
        for lang, text in values.items():
            is_needed = lang == LANGUAGES[-1] and not names
            safe = await clean(text, lang, optional=not is_needed)
            if safe:
                names[lang] = safe
        await desk.rename_team(agent, key, names)
    except KefuError as refused:
        if refused.status != 422:
            raise
        typed = Typed(key, values, "name", error_text(lang_of(request), refused), refused.status)
        return await _drawn(request, desk, agent, typed)
    return Redirect(f"/desk/service/people?saved={key}", status_code=303)


async def _drawn(
    request: Asked, desk: Desk, agent: Agent, typed: Typed | None = None
) -> Response[Any]:
    lang = lang_of(request)
    teams, found = await desk.staff(agent)
    return drawn(
        request,
        "service_people.html",
        status=typed.status if typed else 200,
        agent=agent,
        teams=teams,
        team_names=[(team.key, named(team.name, lang, team.key)) for team in teams],
        people=[(one, _values(one, typed)) for one in found],
        typed=typed,
        saved=request.query_params.get("saved"),
        topics=[(topic, topic_name(topic, lang)) for topic in topics.topics()],
        most=MOST_AT_ONCE,
    )


def _values(one: PersonView, typed: Typed | None) -> dict[str, Any]:
    """Return what stands in an agent's form: as typed, or as it is."""
    if typed is not None and typed.of == str(one.id):
        return typed.values
    return {
        "teams": one.teams,
        "topics": ", ".join(one.topics),
        "languages": ", ".join(one.languages),
        "capacity": str(one.capacity),
    }


def _listed(text: str) -> list[str]:
    return [part for part in _APART.split(text) if part]


handlers = (people, change_skills, rename_team)
