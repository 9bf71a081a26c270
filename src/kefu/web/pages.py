"""The public pages: choice of language, start, contact, official check."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from kefu.actions.desk import Desk
from kefu.core.i18n import SHORT, language
from kefu.web.kit import lang_of, page

AnyRequest = Request[Any, Any, Any]


@get("/")
async def home(request: AnyRequest) -> Response[Any]:
    """Return the choice of language; its frame speaks what reader or browser prefer."""
    answer = page(request, "pages/home.html", lang=lang_of(request))
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@get("/{lang:str}")
async def start(request: AnyRequest, desk: Desk, lang: str) -> Response[Any]:
    """Return the start page."""
    channels = await open_channels(desk, spoken(lang))
    return page(request, "pages/start.html", lang=spoken(lang), channels=channels)


@get("/{lang:str}/contact")
async def contact(request: AnyRequest, desk: Desk, lang: str) -> Response[Any]:
    """Return the contact page: every channel that exists, and whether it is open now."""
    channels = await open_channels(desk, spoken(lang))
    return page(request, "pages/contact.html", lang=spoken(lang), channels=channels)


@get("/{lang:str}/verify")
async def verify(request: AnyRequest, lang: str, q: str | None = None) -> Response[Any]:
    """Return the official check. What was entered is neither echoed nor looked at yet."""
    asked = None if q is None else bool(q.strip())
    return page(request, "pages/verify.html", lang=spoken(lang), asked=asked)


async def open_channels(desk: Desk, lang: str) -> list[dict[str, Any]]:
    """Return the channels of this desk, each with its address in a language."""
    return [
        {
            "kind": channel.kind,
            "open": channel.open,
            "languages": list(channel.languages),
            "href": f"/{SHORT[lang]}/{channel.kind}",
        }
        for channel in await desk.channels()
    ]


def error_page(request: AnyRequest, status: int, lang: str) -> Response[Any]:
    """Return the page for an HTTP status; one without words of its own reads as a fault."""
    return page(request, "pages/error.html", lang=lang, status=status, code=status)


def spoken(tag: str) -> str:
    """Return our language for the first part of a path. Raises NotFoundException for any other."""
    lang = language(tag)
    if lang is None:
        raise NotFoundException
    return lang


HANDLERS = (home, start, contact, verify)
