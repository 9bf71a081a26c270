"""The web application: every route, errors in words, and the headers around it all."""

import logging
import re
from typing import Any

from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router
from prometheus_client import generate_latest

from kefu import __version__
from kefu.actions.desk import Desk
from kefu.core import metrics
from kefu.core.crypto import derive
from kefu.core.errors import KefuError, for_log
from kefu.core.i18n import language
from kefu.web import api, desk, pages, socket, widget
from kefu.web.headers import SecurityHeaders
from kefu.web.kit import CSRF_COOKIE, DIST, error_body, error_text, lang_of, manifest

AnyRequest = Request[Any, Any, Any]
_FOREVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)
_OLD_SCRIPT = re.compile(r"/static/([a-z]+)-[A-Z0-9]{8}\.js")
log = logging.getLogger("kefu.web")


def site(the_desk: Desk) -> SecurityHeaders:
    """Return the ASGI application of a desk."""
    settings = the_desk.settings
    secret = derive(settings.secret_key, "csrf").hex()
    secure = settings.public_url.startswith("https:")
    application = Litestar(
        route_handlers=[
            *pages.HANDLERS,
            *widget.HANDLERS,
            desk.router,
            api.router(),
            socket.socket,
            health,
            figures,
            assets(),
        ],
        dependencies={"desk": Provide(lambda: the_desk, sync_to_thread=False)},
        state=State({"desk": the_desk, "settings": settings, "csrf_secret": secret}),
        csrf_config=CSRFConfig(
            secret=secret,
            cookie_name=CSRF_COOKIE,
            cookie_secure=secure,
            cookie_samesite="lax",
            exclude=["^/api/", "^/ws$"],
        ),
        exception_handlers={
            KefuError: on_kefu_error,
            HTTPException: on_http_error,
            RecursionError: on_deep_nesting,
            Exception: on_fault,
        },
        openapi_config=OpenAPIConfig(
            title="kefu",
            version=__version__,
            path="/api",
            render_plugins=[JsonRenderPlugin()],
        ),
        logging_config=None,
    )
    return SecurityHeaders(application, socket_origin=settings.socket_origin, secure=secure)


def assets() -> Router:
    """Return the route of scripts and styles, whose names change with their content."""
    return create_static_files_router(
        "/static",
        [DIST],
        cache_control=_FOREVER,
        include_in_schema=False,
        exception_handlers={NotFoundException: on_old_script},
    )


@get("/healthz", media_type=MediaType.TEXT, include_in_schema=False)
async def health(desk: Desk) -> Response[str]:
    """Answer 200 while the database answers."""
    await desk.alive()
    return Response("ok\n", media_type=MediaType.TEXT)


@get("/metrics", media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def figures(request: AnyRequest) -> Response[bytes]:
    """Return the process's figures for Prometheus, to this machine alone."""
    here = request.client is not None and request.client.host in ("127.0.0.1", "::1")
    if not here or "x-forwarded-for" in request.headers:
        raise NotFoundException
    return Response(generate_latest(), media_type="text/plain; version=0.0.4; charset=utf-8")


def on_kefu_error(request: AnyRequest, error: KefuError) -> Response[Any]:
    """Answer an error with its status: JSON to scripts, a page to people."""
    metrics.refusals.labels(error.code).inc()
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if _wants_page(request):
        answer = pages.error_page(request, error.status, _lang(request))
        answer.headers.update(headers)
        return answer
    lang = _lang(request)
    if request.headers.get("HX-Request"):
        return Response(
            {"code": error.code, "text": error_text(lang, error)},
            status_code=error.status,
            headers=headers,
        )
    return Response(error_body(lang, error), status_code=error.status, headers=headers)


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses in the same forms."""
    if _wants_page(request):
        return pages.error_page(request, error.status_code, _lang(request))
    code = "request.malformed" if error.status_code == 400 else "http.refused"
    body = {"code": code, "text": error.detail if error.status_code < 500 else ""}
    return Response(body, status_code=error.status_code, headers=dict(error.headers or {}))


def on_old_script(request: AnyRequest, error: NotFoundException) -> Response[Any]:
    """Answer a page from before an upgrade, which asks for a script by an old name: the new one."""
    old = _OLD_SCRIPT.fullmatch(request.url.path)
    current = manifest().get(f"{old[1]}.js") if old else None
    if current is None:
        return on_http_error(request, error)
    return Response(
        (DIST / current).read_bytes(),
        media_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def on_deep_nesting(request: AnyRequest, error: RecursionError) -> Response[Any]:
    """Answer a body that nests deeper than anything we ask for."""
    return on_http_error(request, ClientException("The body is nested too deeply"))


def on_fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer a fault of ours: logged by type, without what anybody wrote."""
    log.error("fault: %s", type(error).__name__, exc_info=for_log(error))
    try:
        return on_kefu_error(request, KefuError())
    except KefuError:  # the page for it cannot be drawn either
        return Response("Internal error", media_type=MediaType.TEXT, status_code=500)


def _wants_page(request: AnyRequest) -> bool:
    path = request.url.path
    if path.startswith(("/api/", "/static/", "/ws")) or request.headers.get("HX-Request"):
        return False
    return "text/html" in request.headers.get("accept", "text/html")


def _lang(request: AnyRequest) -> str:
    first = request.url.path.strip("/").split("/", 1)[0]
    return language(first) or lang_of(request)
