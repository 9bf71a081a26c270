"""Files on their way in, bounded; and out: never run, never sniffed, shown only re-encoded."""

from typing import Annotated, Any, Final
from urllib.parse import quote, unquote

from litestar import Request, Response
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import HeaderParameter, QueryParameter

from kefu.actions.upload import FileContent
from kefu.files.errors import FileTooLarge
from kefu.files.inspect import MAX_BYTES

FileName = Annotated[str, HeaderParameter(name="X-File-Name")]
"""A file's name, percent-encoded UTF-8: in a header, since proxies log addresses."""

FileNameBefore = Annotated[str, QueryParameter(name="name")]
"""Where clients put it before; read when the header is missing."""

_CSP: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_LONGEST_NAME: Final = 400
_KEPT: Final = "private, max-age=86400, immutable"


def file_response(found: FileContent, *, preview: bool) -> Response[bytes]:
    """Return a file as a download, or its re-encoded preview to be shown in place."""
    kind = "inline" if preview else "attachment"
    name = quote(found.info.name, safe="")
    return Response(
        found.content,
        media_type=found.content_type,
        headers={
            "Content-Disposition": f"{kind}; filename*=UTF-8''{name}",
            "Content-Security-Policy": _CSP,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": _KEPT if found.info.state == "clean" else "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def name_of(header: str, before: str) -> str:
    """Return the file's name. Raises ClientException if it is missing or too long."""
    name = unquote(header) or before
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ClientException("X-File-Name is missing or too long")
    return name


async def body_of(request: Request[Any, Any, Any]) -> bytes:
    """Return the body. Raises FileTooLarge before it is read, where the length is told."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES >> 20)
    try:
        return await request.body()
    except RequestEntityTooLarge:
        raise FileTooLarge(megabytes=MAX_BYTES >> 20) from None
