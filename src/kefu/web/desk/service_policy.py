"""The page of one policy: which cases it is for, and what is owed to them."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from kefu.actions.desk import Desk
from kefu.actions.service_levels import Saving, ServiceLevels, known
from kefu.core.errors import KefuError
from kefu.core.records import Agent
from kefu.sla.errors import PolicyUnknown
from kefu.web.desk import policy_form
from kefu.web.desk.floor import named
from kefu.web.desk.policy_form import PolicyForm
from kefu.web.desk.problems import Problems, status_of, worded
from kefu.web.desk.service import NEW, back
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import Reader, reader_of
from kefu.web.desk.trials import hours_of, moment, trial, when_of
from kefu.web.kit import lang_of


@get("/service/policies/{key:str}")
async def policy_page(request: Asked, desk: Desk, agent: Agent, key: str) -> Response[Any]:
    """Return the form of a policy; `new` is an empty one."""
    levels = await desk.service_levels(agent)
    return _policy_drawn(request, agent, levels, key, _policy_of(levels, key), {})


@post("/service/policies/{key:str}", status_code=200)
async def change_policy(request: Asked, desk: Desk, agent: Agent, key: str) -> Response[Any]:
    """Save a policy, or forget it."""
    levels = await desk.service_levels(agent)
    sent = await request.form()
    form = policy_form.typed(sent, lambda name: sent.getall(name, []))
    if key != NEW:
        form = replace(form, key=key)
    try:
        if sent.get("act") == "drop":
            await desk.drop_policy(agent, key)
            return Redirect("/desk/service?saved=dropped", status_code=303)
        policy, problems = policy_form.read(form)
        if policy is not None:
            saving = Saving(new=key == NEW, recount=bool(sent.get("recount")))
            await desk.save_policy(agent, policy, saving)
            return back(sent)
    except KefuError as error:
        problems = {_place_of(error): error}
    return _policy_drawn(request, agent, levels, key, form, problems)


def _place_of(error: KefuError) -> str:
    """Return the field of the policy's form that an error is about."""
    field = error.values.get("field")
    if field in policy_form.KINDS:
        return f"{field}.within"
    return str(field) if field else "conditions" if "other" in error.values else "key"


def _policy_of(levels: ServiceLevels, key: str) -> PolicyForm:
    if key == NEW:
        return PolicyForm(
            lists=dict.fromkeys(policy_form.LISTS, ""),
            targets={kind: policy_form.TargetForm() for kind in policy_form.KINDS},
        )
    found = next((each for each in levels.policies if each.key == key), None)
    if found is None and key in levels.unreadable:
        return replace(_policy_of(levels, NEW), key=key)
    if found is None:
        raise PolicyUnknown
    return policy_form.filled(found)


def _policy_drawn(
    request: Asked,
    agent: Agent,
    levels: ServiceLevels,
    key: str,
    form: PolicyForm,
    problems: Problems,
) -> Response[Any]:
    reader = reader_of(request, lang_of(request))
    return drawn(
        request,
        "service_policy.html",
        status=status_of(problems),
        agent=agent,
        key=key,
        is_new=key == NEW,
        form=form,
        kinds=policy_form.KINDS,
        known=known(),
        calendars=[
            (each.key, named(each.name, reader.lang, each.key)) for each in levels.calendars
        ],
        problems=worded(problems, reader.lang),
        trials=_policy_trials(form, levels, reader),
    )


def _policy_trials(form: PolicyForm, levels: ServiceLevels, reader: Reader) -> list[Any]:
    """Return what the policy as typed would owe to a case of Saturday night."""
    policy, _ = policy_form.read(form)
    found = next((each for each in levels.calendars if each.key == form.calendar), None)
    hours = hours_of(found.definition) if found else None
    if policy is None or hours is None:
        return []
    when = when_of("", hours, reader)
    return [(moment(when, reader.lang), trial(policy, when, hours, reader.lang))]


handlers = (policy_page, change_policy)
