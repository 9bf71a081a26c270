"""Security headers, set by an ASGI wrapper outside the framework so that errors carry them."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]

FRAME_ANCESTORS: Final = "kefu.frame_ancestors"
"""Key of scope["state"]: the origins that may frame this one page."""


class SecurityHeaders:
    """Adds the policy of every answer: no inline code, no foreign source, no framing."""

    def __init__(
        self, app: Callable[..., Awaitable[None]], *, socket_origin: str, secure: bool
    ) -> None:
        self._app = app
        self._socket = socket_origin
        self._fixed: list[tuple[bytes, bytes]] = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
        ]
        if secure:
            self._fixed.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(
        self, scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        """Pass on, and add headers to the answer's start."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        is_head = scope["method"] == "HEAD"
        if is_head:  # answered as GET, without the body
            scope["method"] = "GET"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers(scope, message)]
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, with_headers)

    def _headers(self, scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
        present = {name.lower() for name, _ in message.get("headers", ())}
        ancestors = scope["state"].get(FRAME_ANCESTORS)
        wanted = [(b"content-security-policy", self._policy(ancestors)), *self._fixed]
        if not ancestors:
            wanted.append((b"x-frame-options", b"DENY"))
        return [(name, value) for name, value in wanted if name not in present]

    def _policy(self, ancestors: str | None) -> bytes:
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
            f"font-src 'self'; connect-src 'self' {self._socket}; manifest-src 'self'; "
            "media-src 'self' blob:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {ancestors or chr(39) + 'none' + chr(39)}"
        ).encode()
