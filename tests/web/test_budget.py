"""What a browser fetches to open the chat and send a plain message, compressed."""

import gzip
import re
from typing import Final

import httpx
import pytest

from tests.desk_server import DeskServer

LOADER: Final = 6_000
CHAT: Final = 40_000
_FETCHED: Final = re.compile(
    r"""<(?:link rel="(?:stylesheet|modulepreload)" href|script type="module" src)="([^"]+)"|"""
    r"""data-icons="([^"]+)\""""
)


def compressed(answer: httpx.Response) -> int:
    """Return the bytes of a body under gzip."""
    assert answer.status_code == 200, answer.url
    return len(gzip.compress(answer.content, 9))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_chat_opens_within_its_budget(server: DeskServer, lang: str) -> None:
    with httpx.Client(base_url=server.url) as http:
        page = http.get(f"/{lang}/chat", headers={"Accept": "text/html"})
        parts = {one or other for one, other in _FETCHED.findall(page.text)}
        sizes = {part: compressed(http.get(part)) for part in parts} | {"": compressed(page)}
        loader = compressed(http.get("/widget.js"))
    names = {re.sub(r".*/|-.*", "", part) for part in parts}
    assert names == {"chat", "common", "icons"}, "what the page names is what is counted"
    assert loader <= LOADER
    assert loader + sum(sizes.values()) <= CHAT, sizes


def test_the_page_names_every_script_that_the_chat_begins_with(server: DeskServer) -> None:
    with httpx.Client(base_url=server.url) as http:
        page = http.get("/en/chat", headers={"Accept": "text/html"}).text
        (chat,) = re.findall(r'<script type="module" src="([^"]+)"', page)
        imported = re.findall(r'from"\./([^"]+)"', http.get(chat).text)
    assert imported
    assert all(f'rel="modulepreload" href="/static/{name}"' in page for name in imported)
