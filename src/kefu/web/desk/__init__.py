"""The agents' pages under /desk: server-rendered, each handler one call of the door."""

from litestar import Router
from litestar.di import Provide

from kefu.core.errors import SignInNeeded
from kefu.web.desk import (
    acts,
    alerts,
    cases,
    files,
    floor,
    panes,
    plan,
    service,
    service_calendar,
    service_people,
    service_policy,
    session,
)

router = Router(
    path="/desk",
    route_handlers=[
        *session.handlers,
        *panes.handlers,
        *acts.handlers,
        *cases.handlers,
        *files.handlers,
        *alerts.handlers,
        *floor.handlers,
        *plan.handlers,
        *service.handlers,
        *service_calendar.handlers,
        *service_policy.handlers,
        *service_people.handlers,
    ],
    dependencies={"agent": Provide(session.signed_in)},
    exception_handlers={SignInNeeded: session.to_sign_in},
)
