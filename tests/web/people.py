"""People at a running desk, as HTTP sees them: visitors with a token, agents with a cookie."""

import ssl
from contextlib import suppress
from typing import Any, Final, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from tests.desk_server import PASSWORD, DeskServer

_TLS: Final = ssl.create_default_context()
"""Made once: each client would read every root certificate anew."""


class Visitor:
    """A visitor who speaks HTTP; `http` carries the token."""

    def __init__(self, server: DeskServer, lang: str = "en") -> None:
        self.http = httpx.Client(base_url=server.url, timeout=40, verify=_TLS)
        self.welcome: dict[str, Any] = self.api("hello", lang=lang).json()
        self.http.headers["Authorization"] = f"Bearer {self.welcome['token']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def api(self, call: str, **body: Any) -> httpx.Response:
        """POST a JSON body."""
        return self.http.post(f"/api/v1/chat/{call}", json=body)

    def ask(self, call: str, **query: Any) -> httpx.Response:
        """GET with a query."""
        return self.http.get(f"/api/v1/chat/{call}", params=query)

    def say(self, text: str, key: str | None = None, files: list[str] | None = None) -> Any:
        """Say something and return the ack."""
        answer = self.api("say", key=key or str(uuid4()), text=text, files=files or [])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def upload(self, name: str, content: bytes, kind: str = "") -> httpx.Response:
        """Send a file."""
        headers = {"X-File-Name": quote(name)} | ({"Content-Type": kind} if kind else {})
        return self.http.post("/api/v1/chat/files", content=content, headers=headers)


class Browser:
    """A browser at the desk's pages, with its CSRF token; signed in if it has a name."""

    def __init__(self, server: DeskServer, name: str | None = None, client: str = "test") -> None:
        self.http = httpx.Client(base_url=server.url, timeout=10, verify=_TLS)
        self.http.headers.update(
            {"User-Agent": client, "Accept-Language": "en", "Accept": "text/html"}
        )
        self.http.get("/desk/sign-in")
        self.http.headers["x-csrftoken"] = self.http.cookies["kefu_csrf"]
        if name:
            answer = self.sign_in(f"{name}@halden.example", PASSWORD.format(name))
            assert answer.status_code == 303, answer.text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(httpx.TransportError):
            self.http.close()

    def sign_in(self, email: str, password: str, **more: str) -> httpx.Response:
        """Send the form of the sign-in page."""
        return self.http.post("/desk/sign-in", data={"email": email, "password": password, **more})
