"""Signing in and out, and the guard that turns the session's cookie into an agent."""

from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct

from kefu.actions.desk import Desk
from kefu.core.errors import RateLimited, SignInNeeded, SignInRefused
from kefu.core.i18n import LANGUAGES
from kefu.core.records import Agent
from kefu.web.desk.shell import Asked, drawn
from kefu.web.kit import client_of, error_text, lang_cookie, lang_of

SESSION_COOKIE: Final = "kefu_desk"


class SignIn(Struct):
    """The form of the sign-in page."""

    email: str = ""
    password: str = ""
    next: str = "/desk/"


class Language(Struct):
    """The choice of a language, and where to go on."""

    lang: str
    next: str = "/desk/"


async def signed_in(request: Asked, desk: Desk) -> Agent:
    """Return the agent of the session's cookie. Raises SignInNeeded without a live session."""
    token = request.cookies.get(SESSION_COOKIE)
    agent = await desk.agent(token, client_of(request)) if token else None
    if agent is None:
        raise SignInNeeded
    return agent


def to_sign_in(request: Asked, error: SignInNeeded) -> Response[Any]:
    """Lead to the sign-in page: by redirect, by htmx, or for scripts by status 401."""
    if request.headers.get("HX-Request"):
        return Response(b"", status_code=401, headers={"HX-Redirect": "/desk/sign-in?ended=true"})
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return Response({"code": error.code}, status_code=401)
    here = f"{request.url.path}?{request.url.query}".rstrip("?")
    return Redirect(f"/desk/sign-in?next={quote(here, safe='/')}", status_code=303)


@get("/sign-in")
async def sign_in_page(request: Asked, next: str = "/desk/", ended: bool = False) -> Response[Any]:
    """Return the sign-in page."""
    return _gate(request, next=_inside(next), ended=ended)


@post("/sign-in")
async def sign_in(
    request: Asked,
    desk: Desk,
    data: Annotated[SignIn, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Begin a session, or say that the address and password do not go together."""
    try:
        begun = await desk.sign_in(
            data.email.strip(), data.password, client_of(request), _address(request)
        )
    except (SignInRefused, RateLimited) as refused:
        problem = error_text(lang_of(request), refused)
        return _gate(
            request,
            status=refused.status,
            next=_inside(data.next),
            email=data.email,
            problem=problem,
        )
    return Redirect(_inside(data.next), status_code=303, cookies=[_cookie(request, begun.token)])


@post("/sign-out")
async def sign_out(request: Asked, desk: Desk, agent: Agent) -> Response[Any]:
    """End the session, here and on the server."""
    await desk.sign_out(agent)
    ended = _cookie(request, "", max_age=0)
    return Redirect("/desk/sign-in", status_code=303, cookies=[ended])


@post("/language")
async def language(
    request: Asked,
    data: Annotated[Language, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Keep the reader's language in a cookie of a year."""
    chosen = data.lang if data.lang in LANGUAGES else lang_of(request)
    return Redirect(_inside(data.next), status_code=303, cookies=[lang_cookie(chosen)])


@get("/socket-token")
async def socket_token(desk: Desk, agent: Agent) -> dict[str, str]:
    """Return a fresh token for the socket's hello."""
    return {"token": desk.socket_token(agent)}


def _gate(
    request: Asked,
    *,
    next: str,
    status: int = 200,
    email: str = "",
    problem: str = "",
    ended: bool = False,
) -> Response[Any]:
    return drawn(
        request,
        "sign_in.html",
        status=status,
        next=next,
        email=email,
        problem=problem,
        ended=ended,
    )


def _cookie(request: Asked, token: str, max_age: int | None = None) -> Cookie:
    secure = request.app.state.settings.public_url.startswith("https:")
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        path="/desk",
        httponly=True,
        samesite="lax",
        secure=secure,
        max_age=max_age,
    )


def _address(request: Asked) -> str:
    """Return where the request came from, as the trusted proxies say."""
    return request.client.host if request.client else ""


def _inside(path: str) -> str:
    """Return path if it stays on the desk, so that a link cannot lead elsewhere after sign-in."""
    path = "/desk/" if path == "/desk" else path
    parts = urlsplit(path)
    inside = not parts.scheme and not parts.netloc and (parts.path + "/").startswith("/desk/")
    return path if inside and "\\" not in path and "/../" not in parts.path else "/desk/"


handlers = (sign_in_page, sign_in, sign_out, language, socket_token)
