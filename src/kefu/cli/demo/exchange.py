"""The imitation exchange on the web: its page, its sign-in, its side of the contract."""

import secrets
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import HttpMethod, Litestar, Request, Response, get, post, route
from litestar.datastructures import ResponseHeader, State
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from kefu.cli.demo import market
from kefu.cli.demo.imitation import Imitation, Notice
from kefu.core import i18n

COOKIE: Final = "halden_session"

_HERE: Final = Path(__file__).parent
_Asked = Request[Any, Any, State]


def app(imitation: Imitation, desk_url: str) -> Litestar:
    """Return the exchange's application; its page carries the widget of the desk at desk_url."""
    return Litestar(
        route_handlers=[
            page,
            sign_in,
            sign_out,
            support_token,
            support_code,
            notices,
            contract,
            create_static_files_router(path="/static", directories=[_HERE / "static"]),
        ],
        state=State({"imitation": imitation, "desk_url": desk_url.rstrip("/")}),
        response_headers=_headers(desk_url),
        openapi_config=None,
    )


def _headers(desk_url: str) -> list[ResponseHeader]:
    """Return headers that let the desk give a script and a frame, and nobody else anything."""
    url = urlsplit(desk_url)
    desk = f"{url.scheme}://{url.netloc}"
    named = {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self' {desk}; style-src 'self'; img-src 'self'; "
            f"connect-src 'self'; frame-src {desk}; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return [ResponseHeader(name=name, value=value) for name, value in named.items()]


@get("/", sync_to_thread=False)
def page(request: _Asked, state: State, lang: FromQuery[str] = "") -> Response[str]:
    """The trading page in Chinese or English, as the signed-in customer sees it."""
    chosen = i18n.language(lang) or i18n.preferred(request.headers.get("accept-language", ""))
    imitation: Imitation = state.imitation
    asks, bids = market.book()
    html = (
        _templates()
        .get_template("exchange.html")
        .render(
            t=_texts()[chosen],
            lang=chosen,
            person=imitation.people.get(_uid(request) or ""),
            people=imitation.people.values(),
            markets=market.markets(),
            chart=market.chart(),
            chart_height=market.HEIGHT,
            asks=asks,
            bids=bids,
            last=market.printed(market.LAST),
            desk=state.desk_url,
            inbox=imitation.inbox_key,
            latest=imitation.notices[-1].number if imitation.notices else 0,
        )
    )
    return Response(html, media_type="text/html; charset=utf-8")


@post("/sign-in", status_code=303, sync_to_thread=False)
def sign_in(
    request: _Asked,
    state: State,
    data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Sign in as one of the pretend customers: no password, this is a stage."""
    _from_own_page(request)
    imitation: Imitation = state.imitation
    if data.get("uid") not in imitation.people:
        raise NotAuthorizedException
    session = secrets.token_urlsafe(24)
    imitation.sessions[session] = data["uid"]
    lang = i18n.SHORT[i18n.language(data.get("lang")) or i18n.DEFAULT]
    answer = Redirect(f"/?lang={lang}", status_code=303)
    answer.set_cookie(key=COOKIE, value=session, httponly=True, samesite="strict")
    return answer


@post("/sign-out", status_code=204, sync_to_thread=False)
def sign_out(request: _Asked, state: State) -> None:
    """End the session; the page has told the widget already."""
    _from_own_page(request)
    state.imitation.sessions.pop(request.cookies.get(COOKIE, ""), None)


@post("/api/support-token", status_code=200, sync_to_thread=False)
def support_token(request: _Asked, state: State) -> dict[str, str]:
    """The identity token for `kefu('identify', token)`, made by the exchange's own back end."""
    return {"token": state.imitation.support_token(_signed_in(request))}


@post("/api/support-code", status_code=200, sync_to_thread=False)
def support_code(request: _Asked, state: State) -> dict[str, str]:
    """A one-time code that the customer may give to an agent."""
    return {"code": state.imitation.new_code(_signed_in(request))}


@get("/api/notices", sync_to_thread=False)
def notices(request: _Asked, state: State, after: FromQuery[int] = 0) -> list[Notice]:
    """What the desk had pushed to this customer's app since notice `after`."""
    uid = _uid(request)
    return [n for n in state.imitation.notices if n.number > after and n.uid == uid]


@route("/kefu/{call:path}", http_method=[HttpMethod.GET, HttpMethod.POST])
async def contract(request: _Asked, state: State, call: FromPath[str]) -> Response[bytes]:
    """The exchange contract, asked by the desk and by nobody else."""
    query = request.scope["query_string"].decode("latin-1")
    target = request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    body = await request.body()
    imitation: Imitation = state.imitation
    reply = imitation.answer(request.method, target, request.headers, body)
    return Response(
        reply.body,
        status_code=reply.status,
        headers=reply.headers,
        media_type="application/json",
    )


def _uid(request: _Asked) -> str | None:
    imitation: Imitation = request.app.state.imitation
    return imitation.sessions.get(request.cookies.get(COOKIE, ""))


def _signed_in(request: _Asked) -> str:
    """Return the uid of whoever is signed in on the page that asks."""
    _from_own_page(request)
    uid = _uid(request)
    if uid is None:
        raise NotAuthorizedException
    return uid


def _from_own_page(request: _Asked) -> None:
    """Refuse a request that another page sent with the customer's cookie."""
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if origin != request.headers.get("host"):
        raise PermissionDeniedException


@cache
def _texts() -> dict[str, dict[str, Any]]:
    return msgspec.json.decode((_HERE / "texts.json").read_bytes(), type=dict[str, dict[str, Any]])


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
