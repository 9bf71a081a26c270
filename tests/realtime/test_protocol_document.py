"""docs/protocol.md says what the code does: frames, fields, codes, figures."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, get_args
from uuid import UUID, uuid4

import pytest

import kefu
from kefu import guard
from kefu.actions import agent_side, visit
from kefu.actions.visit import Arrival
from kefu.actions.waits import Look, Opening
from kefu.channels import chat
from kefu.core.errors import KefuError
from kefu.core.i18n import LANGUAGES, catalogue
from kefu.core.records import Author, Event, Receipt, Visitor
from kefu.core.views import ConversationView
from kefu.files.inspect import MAX_BYTES
from kefu.reads import thread
from kefu.reads.public import public
from kefu.realtime import connection, frames, protocol
from kefu.web import api, socket
from kefu.web.kit import error_body

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs" / "protocol.md").read_text()
SENDERS: Final = ("web/socket.py", "channels/chat.py", "actions", "realtime", "app/process.py")
BY_LIBRARY: Final = {1007}
AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
ID: Final = UUID("01a21092-e926-7d35-840f-ace7526d8823")


def section(title: str) -> str:
    """Return the part of the page under a heading of the second level."""
    return re.split(rf"^## [\d.]* ?{title}$", PAGE, flags=re.M)[1].split("\n## ")[0]


def documented(title: str) -> dict[str, str]:
    """Return the text under each frame's heading, by the frame's type."""
    parts = re.split(r"^### `(\w+)`$", section(title), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text: str) -> list[str]:
    """Return the names in the first column of a frame's table of fields."""
    table = text.split("| field | type | meaning |\n|---|---|---|\n")
    rows = table[1].split("\n\n")[0] if len(table) > 1 else ""
    return re.findall(r"^\| `(\w+)` \|", rows, flags=re.M)


def example(text: str) -> str:
    found = re.findall(r"```json\n(.+?)\n```", text, flags=re.S)
    assert len(found) == 1, "each frame has one example"
    return str(found[0])


INCOMING: Final = {frame.__struct_config__.tag: frame for frame in get_args(protocol.Incoming)}
FROM_CLIENT: Final = documented("Frames from the client")
FROM_SERVER: Final = documented("Frames from the server")


def sources() -> Iterator[str]:
    for name in SENDERS:
        place = ROOT / "src" / "kefu" / name
        for path in [place] if place.is_file() else sorted(place.glob("*.py")):
            yield path.read_text()


def test_every_frame_a_client_may_send_is_described() -> None:
    assert FROM_CLIENT.keys() == INCOMING.keys()


@pytest.mark.parametrize("kind", FROM_CLIENT)
def test_a_clients_frame_has_the_fields_the_page_names(kind: str) -> None:
    assert first_cells(FROM_CLIENT[kind]) == list(INCOMING[kind].__struct_fields__)


@pytest.mark.parametrize("kind", FROM_CLIENT)
def test_the_example_of_a_clients_frame_is_understood(kind: str) -> None:
    text = example(FROM_CLIENT[kind])
    assert type(protocol.decode(text)) is INCOMING[kind]
    assert set(json.loads(text)) - {"type"} <= set(first_cells(FROM_CLIENT[kind]))


def test_every_frame_the_server_sends_is_described() -> None:
    built = {kind for text in sources() for kind in re.findall(r'"type": ?"(\w+)"', text)}
    built |= {kind for text in sources() for kind in re.findall(r'"type":"(\w+)"', text)}
    hints = {"seen", "typing"}  # named after the hint they come from
    assert FROM_SERVER.keys() == built | hints


@pytest.mark.parametrize("kind", FROM_SERVER)
def test_the_example_of_a_servers_frame_holds_described_fields(kind: str) -> None:
    frame = json.loads(example(FROM_SERVER[kind]))
    assert frame.pop("type") == kind
    assert set(frame) <= set(first_cells(FROM_SERVER[kind]))


@pytest.mark.parametrize("kind", ["welcome", "ack", "event", "error"])
def test_what_the_server_really_sends_is_described(kind: str) -> None:
    described = first_cells(FROM_SERVER[kind])
    for frame in real(kind):
        assert set(frame) - {"type"} <= set(described)
    assert {field for frame in real(kind) for field in frame} == {"type", *described}


def real(kind: str) -> list[dict[str, Any]]:
    """Return frames of a kind as the code builds them, all fields in use somewhere."""
    if kind == "welcome":
        visitor = Visitor(ID, ID, "https://www.halden.example", "en")
        arrivals = [
            Arrival(visitor, "token", view(), "identity.refused"),
            Arrival(visitor, None, None),
        ]
        look = Look(opening=Opening(open=False, opens_at=AT))
        return [chat.welcome(arrival, look, beat=25) for arrival in arrivals]
    if kind == "ack":
        return [chat.ack(Receipt("key", ID, "K7F3-92QE", message()))]
    if kind == "error":
        return [{"type": "error", "key": "k", **error_body("en", KefuError(retry_after=1))}]
    shown = public(message())
    assert shown is not None
    return [frames.public_frame(shown), frames.agent_frame(message())]


def view() -> ConversationView:
    agent = Author("agent", uuid4(), "林 Lin", "A-20417")
    return ConversationView(
        ID, ID, ID, "K7F3-92QE", "open", "en", agent, 4, 4, 2, 4, opened_at=AT, updated_at=AT
    )


def message() -> Event:
    text = guard.clean("Hello")
    author = Author("agent", uuid4(), "林 Lin", "A-20417")
    return Event(uuid4(), ID, 4, "message", "public", author, AT, text, "key", {"files": []})


def test_the_kinds_of_events_are_those_of_the_log() -> None:
    table = FROM_SERVER["event"].split("| kind | who gets it | data |\n")[1].split("\n\n")[0]
    kinds = Event.__annotations__["kind"]
    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.M) == list(get_args(kinds))


def errors() -> dict[str, int]:
    """Return the status of every error code of the product."""
    for module in pkgutil.walk_packages(kefu.__path__, "kefu."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {KefuError.code: KefuError.status}
    waiting = list(KefuError.__subclasses__())
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.__module__.startswith("kefu."):
            found[error.code] = error.status
    return found


def chat_codes() -> dict[str, int]:
    rows = re.findall(r"^\| `([\w.]+)` \| (\d+) \|", section("Error codes"), flags=re.M)
    return {code: int(status) for code, status in rows}


def test_error_codes_and_their_status_are_those_of_the_code() -> None:
    text = section("Error codes").split("Codes that never reach the chat")[1]
    elsewhere = set(re.findall(r"`(\w+(?:\.\w+)+)`", text))
    assert chat_codes().items() <= errors().items()
    assert chat_codes().keys() | elsewhere == errors().keys()
    assert not chat_codes().keys() & elsewhere


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_words_for_people(lang: str) -> None:
    assert {f"error.{code}" for code in chat_codes()} <= catalogue(lang).keys()


def test_close_codes_are_those_the_server_uses() -> None:
    rows = re.findall(r"^\| (\d{4}) \|", section("Close codes"), flags=re.M)
    used = {int(code) for text in sources() for code in re.findall(r"\.close\(\s*(\d{4})\b", text)}
    assert {int(code) for code in rows} == used | BY_LIBRARY


def test_the_reasons_of_a_bye_are_those_the_server_gives() -> None:
    row = re.search(r"^\| `code` \|.*$", FROM_SERVER["bye"], flags=re.M)
    assert row is not None
    pattern = r'"type": ?"bye", ?"code": ?"(\w+)"'
    given = {code for text in sources() for code in re.findall(pattern, text)}
    assert set(re.findall(r"`(\w+)`:", row[0])) == given


def test_figures_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (.+) \| `(\d+)` \|$", section("Limits"), flags=re.M)
    say, control = protocol._RATES["say"], protocol._RATES["control"]
    assert {what: float(figure) for what, figure in rows} == {
        "bytes of a frame": protocol.LARGEST_FRAME,
        "seconds until hello": protocol.HELLO_SECONDS,
        "code points of a text": guard.LIMIT,
        "characters of a key": protocol.LONGEST_KEY,
        "files of a message": chat.FILES_A_MESSAGE,
        "bytes of a file": MAX_BYTES,
        "spans called harmless in a message": chat.MOST_SPANS,
        "`say` a second, lasting": say[0],
        "`say` at once": say[1],
        "other frames a second, lasting": control[0],
        "other frames at once": control[1],
        "refusals before the end, a malformed or unknown frame counting five": socket._BAD_FRAMES,
        "frames that may wait for a slow reader": connection.MOST_WAITING,
        "seconds a desk token lives": agent_side.SOCKET_TOKEN_SECONDS,
        "days a visitor's token lives": visit.LIFE_SECONDS / 86_400,
        "seconds a poll may wait": api.LONGEST_WAIT,
        "events of one poll": inspect.signature(thread.events_after).parameters["limit"].default,
    }


def test_every_request_of_the_http_twin_is_described() -> None:
    rows = re.findall(r"^\| `(GET|POST) (/\w+)", section("The same over HTTP"), flags=re.M)
    routes = {
        (method, path.split("/{")[0])
        for route in api.router().routes
        for path in [str(route.path).removeprefix("/api/v1/chat")]
        for method in route.methods
        if method != "OPTIONS"
    }
    assert sorted(rows) == sorted(routes)
