"""The page of reports: what the desk noticed and a supervisor should look at."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.core.records import Agent
from kefu.core.views import Report
from kefu.web.desk.lines import reason_key
from kefu.web.desk.shell import Asked, drawn
from kefu.web.desk.times import Reader, reader_of
from kefu.web.kit import lang_of


class Item(Struct, frozen=True):
    """A report as it is drawn: reasons as text keys, times in words."""

    report: Report
    reasons: tuple[str, ...]
    time: str
    full_time: str


@get("/reports")
async def reports(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """Return the reports, those nobody has looked at first."""
    reader = reader_of(request, lang_of(request))
    items = [_item(report, reader) for report in await desk.reports(agent)]
    return drawn(request, "reports.html", agent=agent, items=items)


@post("/reports/{report_id:uuid}/settle", status_code=303)
async def settle(desk: Desk, agent: Agent, report_id: UUID) -> Redirect:
    """Note that somebody has looked at a report."""
    await desk.settle(agent, report_id)
    return Redirect("/desk/reports", status_code=303)


def _item(report: Report, reader: Reader) -> Item:
    return Item(
        report=report,
        reasons=tuple(reason_key(reason, reader.lang) for reason in report.reasons),
        time=reader.since(report.at),
        full_time=reader.full(report.at),
    )


handlers = (reports, settle)
