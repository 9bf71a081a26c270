"""What is owed and when: the list of policies and calendars."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response, get
from litestar.response import Redirect

from kefu.actions.desk import Desk
from kefu.actions.service_levels import ServiceLevels
from kefu.core.i18n import catalogue, say
from kefu.core.records import Agent
from kefu.sla import durations, policies
from kefu.sla.policies import Policy, Target
from kefu.web.desk.floor import named
from kefu.web.desk.policy_form import KINDS
from kefu.web.desk.shell import Asked, drawn
from kefu.web.kit import lang_of

NEW: Final = "new"
"""The key of a form that is not saved yet."""


@get("/service")
async def service(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return the calendars and policies."""
    levels = await desk.service_levels(agent)
    return drawn(
        request,
        "service.html",
        agent=agent,
        calendars=levels.calendars,
        policies=[_summary(each, levels, lang_of(request)) for each in levels.policies],
        unreadable=levels.unreadable,
        saved=request.query_params.get("saved"),
        named=lambda name, key: named(name, lang_of(request), key),
    )


def _summary(policy: Policy, levels: ServiceLevels, lang: str) -> dict[str, Any]:
    """Return a policy as the list shows it."""
    asks = {name: sorted(getattr(policy.conditions, name)) for name in policies.FIELDS}
    found = next((each for each in levels.calendars if each.key == policy.calendar), None)
    return {
        "key": policy.key,
        "asks": [
            (say(lang, f"service.field.{name}"), [_value(name, each, lang) for each in values])
            for name, values in asks.items()
            if values
        ],
        "owes": [
            (say(lang, f"floor.clock.{kind}"), _owed(target, lang))
            for kind in KINDS
            if (target := getattr(policy.targets, kind)) is not None
        ],
        "calendar": named(found.name, lang, found.key) if found else policy.calendar,
    }


def _value(field: str, value: str, lang: str) -> str:
    """Return a value of a condition in words, where there are any."""
    texts = catalogue(lang)
    keys = {"topic": f"topic.{value}", "channel": f"service.channel.{value}"}
    keys["priority"] = f"service.priority.{value}"
    return texts.get(keys.get(field, ""), value)


def _owed(target: Any, lang: str) -> str:
    if not isinstance(target, Target):
        return say(lang, "service.slot.short")
    figures = {"goal": f"{100 * target.goal:g}", "span": durations.written(target.within)}
    if target.latest is None:
        return say(lang, "service.owed", **figures)
    return say(lang, "service.owed.both", **figures, latest=durations.written(target.latest))


def back(sent: Mapping[str, str]) -> Redirect:
    """Return to the list, which says that it is saved."""
    how = "recounting" if sent.get("recount") else "yes"
    return Redirect(f"/desk/service?saved={how}", status_code=303)


handlers = (service,)
