"""Files on their way out: never run, never sniffed, shown in place only when re-encoded."""

from typing import Final
from urllib.parse import quote

from litestar import Response

from kefu.actions.upload import FileContent

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
