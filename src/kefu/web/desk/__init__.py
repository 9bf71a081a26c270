"""The agents' pages under /desk: server-rendered, each handler one call of the door."""

from litestar import Router
from litestar.di import Provide

from kefu.core.errors import SignInNeeded
from kefu.web.desk import acts, files, panes, reports, session

router = Router(
    path="/desk",
    route_handlers=[
        *session.handlers,
        *panes.handlers,
        *acts.handlers,
        *files.handlers,
        *reports.handlers,
    ],
    dependencies={"agent": Provide(session.signed_in)},
    exception_handlers={SignInNeeded: session.to_sign_in},
)
