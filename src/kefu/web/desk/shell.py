"""What every page of the desk is drawn with: language, theme, texts for the scripts."""

from typing import Any, Final

from litestar import Request, Response

from kefu.core.i18n import domain
from kefu.core.records import Agent
from kefu.core.views import VIEWS, View
from kefu.files.inspect import ACCEPTED, MAX_BYTES
from kefu.web.kit import lang_of, page

Asked = Request[Any, Any, Any]

_FORMER: Final[dict[str, View]] = {"unassigned": "queue"}
"""Names of views in links that people kept."""

MOST_FILES: Final = 10
THEMES: Final = ("light", "dark")
SHORTCUTS: Final = {
    "list": {"move": ("J", "K"), "open": ("Enter",), "views": ("1", "…", "5")},
    "writing": {
        "send": ("Ctrl", "Enter"),
        "send_close": ("Ctrl", "Shift", "Enter"),
        "leave": ("Esc",),
    },
    "anywhere": {"help": ("?",)},
    "thread": {
        "reply": ("R",),
        "note": ("N",),
        "take": ("T",),
        "assign": ("A",),
        "hand_over": ("H",),
        "escalate": ("U",),
        "side": ("S",),
        "topic": ("G",),
        "priority": ("P",),
        "close": ("E",),
        "reopen": ("O",),
        "customer": ("I",),
    },
}


def drawn(
    request: Asked, template: str, *, agent: Agent | None = None, status: int = 200, **context: Any
) -> Response[Any]:
    """Return a page or a part of the desk, never kept by a cache."""
    lang = lang_of(request)
    theme = request.cookies.get("kefu_theme", "")
    response = page(
        request,
        f"desk/{template}",
        lang=lang,
        status=status,
        agent=agent,
        shortcuts=SHORTCUTS,
        theme=theme if theme in THEMES else "",
        live=domain(lang, "desk.live"),
        largest_file=MAX_BYTES,
        most_files=MOST_FILES,
        file_types=",".join(ACCEPTED),
        **context,
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "HX-Request"
    return response


def done() -> Response[None]:
    """Say that it is done; the page then fetches the lines, the head and the list anew."""
    return Response(None, status_code=204, headers={"HX-Trigger": "kefu:changed"})


def is_part(request: Asked) -> bool:
    """Whether htmx asks for a part; going back in history needs the whole page."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def view_of(name: str | None) -> View:
    """Return the view of a name; the agent's own when there is none of it."""
    known = _FORMER.get(name or "", name)
    return next((view for view in VIEWS if view == known), VIEWS[0])
