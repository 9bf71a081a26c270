"""The page of alerts: what the desk noticed and a supervisor should look at."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.core.records import Agent
from kefu.core.views import Alert
from kefu.web.desk.said import reason_key
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import lang_of


class Item(Struct, frozen=True):
    """An alert as it is drawn: reasons as text keys, times in words."""

    alert: Alert
    reasons: tuple[str, ...]
    time: str
    full_time: str


@get("/alerts")
async def alerts(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return the alerts, those nobody has looked at first."""
    reader = reader_of(request, lang_of(request))
    items = [_item(alert, reader) for alert in await desk.alerts(agent)]
    return drawn(request, "alerts.html", agent=agent, items=items)


@post("/alerts/{alert_id:uuid}/settle", status_code=303)
async def settle(desk: Desk, agent: Agent, alert_id: UUID) -> Redirect:
    """Note that somebody has looked at an alert."""
    await desk.settle(agent, alert_id)
    return Redirect("/desk/alerts", status_code=303)


def _item(alert: Alert, reader: Reader) -> Item:
    return Item(
        alert=alert,
        reasons=tuple(reason_key(reason, reader.lang) for reason in alert.reasons),
        time=reader.since(alert.at),
        full_time=reader.full(alert.at),
    )


handlers = (alerts, settle)
