"""Files on their way in, bounded; and out: never run, never sniffed, shown only re-encoded."""

from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from kefu.actions.upload import FileContent
from kefu.files.errors import FileTooLarge
from kefu.files.inspect import MAX_BYTES

_CSP: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


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
            "Cache-Control": "private, max-age=86400, immutable",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


async def body_of(request: Request[Any, Any, Any]) -> bytes:
    """Return the body. Raises FileTooLarge before it is read, where the length is told."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES >> 20)
    try:
        return await request.body()
    except RequestEntityTooLarge:
        raise FileTooLarge(megabytes=MAX_BYTES >> 20) from None
