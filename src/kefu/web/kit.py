"""What every page needs: templates, assets by hashed name, language, errors in words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.middleware.csrf import generate_csrf_token
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup

from kefu.core import i18n
from kefu.core.errors import KefuError
from kefu.web import words

TEMPLATES: Final = Path(__file__).parent / "templates"
DIST: Final = Path(__file__).parent / "static" / "dist"
CSRF_COOKIE: Final = "kefu_csrf"
CSRF_FIELD: Final = "_csrf_token"
LANG_COOKIE: Final = "kefu_lang"

_CSRF_INPUT: Final = Markup('<input type="hidden" name="{}" value="{}">')


class AssetsMissing(KefuError):
    """The front end was not built; `make assets` builds it."""

    code = "assets.missing"


@cache
def manifest() -> dict[str, str]:
    """Return the built name of each asset. Raises AssetsMissing."""
    try:
        content = (DIST / "manifest.json").read_bytes()
    except FileNotFoundError:
        raise AssetsMissing from None
    return msgspec.json.decode(content, type=dict[str, str])


def asset(name: str) -> str:
    """Return the address of a built file, by a name that changes with its content."""
    return f"/static/{manifest()[name]}"


@cache
def environment() -> Environment:
    """Return the template environment: everything escaped, every undefined name an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset, languages=i18n.LANGUAGES, short=i18n.SHORT, native=i18n.NATIVE)
    made.filters.update(
        safetext=words.safetext,
        secrets=words.secrets,
        clock=words.clock,
        day=words.day,
        ago=words.ago,
        iso=words.iso,
    )
    return made


def render(template: str, *, lang: str, **context: Any) -> str:
    """Return the template in a language."""

    def say(key: str, **values: Any) -> str:
        return i18n.say(lang, key, **values)

    with words.reading(lang):
        return environment().get_template(template).render(_=say, lang=lang, **context)


def page(
    request: Request[Any, Any, Any], template: str, *, lang: str, status: int = 200, **context: Any
) -> Response[str]:
    """Return a page with what every template may ask for."""
    state = request.app.state
    token = csrf_token(request)
    known = {
        "name": state.desk.inboxes.brand(lang),
        "request_path": request.url.path,
        "path_in": _Elsewhere(request.url.path),
        "public_url": state.settings.public_url,
        "host": urlsplit(state.settings.public_url).netloc,
        "year": datetime.now(UTC).year,
        "csrf_token": token,
        "csrf_input": _CSRF_INPUT.format(CSRF_FIELD, token),
    }
    content = render(template, lang=lang, **(known | context))
    return Response(content, media_type=MediaType.HTML, status_code=status)


class _Elsewhere:
    """The same page in another language: `path_in('zh')`."""

    def __init__(self, path: str) -> None:
        first, _, rest = path.strip("/").partition("/")
        self._rest = rest if i18n.language(first) else path.strip("/")

    def __call__(self, tag: str) -> str:
        short = i18n.SHORT.get(tag, tag)
        return f"/{short}/{self._rest}" if self._rest else f"/{short}/"


def client_of(request: Request[Any, Any, Any]) -> str:
    """Return what a session is bound to: the browser's own name of itself."""
    return request.headers.get("user-agent", "")[:200]


def csrf_token(request: Request[Any, Any, Any]) -> str:
    """Return the CSRF token that the answer's cookie will carry."""
    known = request.cookies.get(CSRF_COOKIE)
    if known:
        return known
    state = ScopeState.from_scope(request.scope)
    if not isinstance(state.csrf_token, str):
        state.csrf_token = generate_csrf_token(request.app.state.csrf_secret)
    return state.csrf_token


def lang_of(request: Request[Any, Any, Any]) -> str:
    """Return the reader's language: chosen before, else the browser's."""
    chosen = i18n.language(request.cookies.get(LANG_COOKIE))
    return chosen or i18n.preferred(request.headers.get("accept-language", ""))


def lang_cookie(lang: str) -> Cookie:
    """Return the cookie that remembers a chosen language for a year."""
    return Cookie(
        key=LANG_COOKIE, value=lang, max_age=31_536_000, path="/", samesite="lax", httponly=True
    )


def error_text(lang: str, error: KefuError) -> str:
    """Return an error in words, its figures filled in."""
    texts: Mapping[str, str] = i18n.catalogue(lang)
    text = texts.get(f"error.{error.code}", texts["error.internal"])
    return text.format_map(_Figures(error.values))


class _Figures(dict[str, Any]):
    """Values of an error; one that is missing shows as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def error_body(lang: str, error: KefuError) -> dict[str, Any]:
    """Return an error as the API and the socket give it."""
    body: dict[str, Any] = {"code": error.code, "text": error_text(lang, error)}
    if error.retry_after is not None:
        body["retry_after"] = error.retry_after
    return body
