"""Who gets what: every route of the desk and the API, for five kinds of people."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from kefu.web.site import site
from tests.conftest import copy_of
from tests.desk_server import DeskServer
from tests.house import House
from tests.web.people import Browser, Visitor

ACTORS: Final = ("nobody", "visitor", "stranger", "reader", "agent")


def _json(**body: Any) -> dict[str, Any]:
    return {"json": body}


def _form(**body: str) -> dict[str, Any]:
    return {"data": body}


REPLY: Final = _json(key="{key}", text="An answer", read_up_to=99)
SAY: Final = _json(key="{key}", text="hello")
FILE: Final = {"content": b"a log line", "params": {"name": "log.txt"}}
SEEN: Final = _json(conversation="{conversation}", seq=1)
ESCALATE: Final = _json(conversation="{conversation}", to="senior")
CONTINUE: Final = _json(conversation="{conversation}", by="app")
HAND_OVER: Final = _form(to="senior", summary="What it is about")
ESCALATE_FOR: Final = _form(to="senior", reason="asked", summary="What it is about")
DECLINE: Final = _form(reason="We cannot")
ASIDE: Final = _form(team="technical", title="Do you know this?")
SIDE: Final = _form(key="{key}", text="Yes")
OF: Final = {"params": {"conversation": "{conversation}"}}
NEEDS_SESSION: Final = (303, 303, 303, 200, 200)
ONLY_AGENTS: Final = (303, 303, 303, 403, 204)
NOT_THERE: Final = (303, 303, 303, 403, 404)
NEEDS_VISITOR: Final = (403, 200, 200, 403, 403)
ONLY_OWN: Final = (403, 200, 404, 403, 403)
EVERYBODY: Final = (200,) * 5
SUPERVISORS: Final = (303, 303, 303, 403, 403)
SHIFT: Final = _form(agent_id=str(uuid4()), day="2026-03-03", begins="09:00", ends="17:00")

# Route: what is sent, and the status for nobody, the visitor whose conversation and file it
# is, another visitor, an agent who may only read, an agent. A new route needs a line here.
EXPECTED: Final[dict[str, tuple[dict[str, Any], tuple[int, ...]]]] = {
    "GET /desk/sign-in": ({}, EVERYBODY),
    "POST /desk/sign-in": (_form(email="x@halden.example", password="wrong"), (401,) * 5),
    "POST /desk/sign-out": ({}, (303,) * 5),
    "POST /desk/language": (_form(lang="en"), (303,) * 5),
    "GET /desk/socket-token": ({}, NEEDS_SESSION),
    "GET /desk": ({}, NEEDS_SESSION),
    "GET /desk/c/{conversation_id:uuid}": ({}, NEEDS_SESSION),
    "GET /desk/part/list": ({}, NEEDS_SESSION),
    "GET /desk/part/row/{conversation_id:uuid}": ({}, NEEDS_SESSION),
    "GET /desk/c/{conversation_id:uuid}/lines": ({}, NEEDS_SESSION),
    "GET /desk/c/{conversation_id:uuid}/customer": ({}, NEEDS_SESSION),
    "GET /desk/c/{conversation_id:uuid}/assign": ({}, NEEDS_SESSION),
    "POST /desk/c/{conversation_id:uuid}/assign": (_form(agent_id=""), (303, 303, 303, 403, 204)),
    "POST /desk/work": (_form(state="break"), ONLY_AGENTS),
    "GET /desk/c/{conversation_id:uuid}/topics": ({}, NEEDS_SESSION),
    "POST /desk/c/{conversation_id:uuid}/topic": (_form(topic="card"), ONLY_AGENTS),
    "POST /desk/c/{conversation_id:uuid}/priority": (_form(priority="1"), ONLY_AGENTS),
    "GET /desk/c/{conversation_id:uuid}/hand-over": ({}, NEEDS_SESSION),
    "POST /desk/c/{conversation_id:uuid}/hand-over": (HAND_OVER, ONLY_AGENTS),
    "GET /desk/c/{conversation_id:uuid}/escalate": ({}, NEEDS_SESSION),
    "POST /desk/c/{conversation_id:uuid}/escalate": (ESCALATE_FOR, ONLY_AGENTS),
    "GET /desk/c/{conversation_id:uuid}/decline": ({}, NEEDS_SESSION),
    "POST /desk/c/{conversation_id:uuid}/decline": (DECLINE, NOT_THERE),
    "GET /desk/c/{conversation_id:uuid}/sides": ({}, NEEDS_SESSION),
    "POST /desk/c/{conversation_id:uuid}/sides": (ASIDE, ONLY_AGENTS),
    "POST /desk/c/{conversation_id:uuid}/sides/{side_id:uuid}/say": (SIDE, NOT_THERE),
    "POST /desk/c/{conversation_id:uuid}/sides/{side_id:uuid}/close": ({}, NOT_THERE),
    "GET /desk/status": ({}, (303, 303, 303, 403, 403)),
    "GET /desk/alerts": ({}, (303, 303, 303, 403, 403)),
    "POST /desk/alerts/{alert_id:uuid}/settle": ({}, (303, 303, 303, 403, 403)),
    "GET /desk/floor": ({}, SUPERVISORS),
    "GET /desk/floor/part": ({}, SUPERVISORS),
    "POST /desk/floor/notes": (_form(text="All quiet."), SUPERVISORS),
    "GET /desk/floor/plan": ({}, SUPERVISORS),
    "POST /desk/floor/plan/shifts": (SHIFT, SUPERVISORS),
    "POST /desk/floor/plan/shifts/{shift_id:uuid}/remove": ({}, SUPERVISORS),
    "GET /desk/service": ({}, SUPERVISORS),
    "GET /desk/service/calendars/{key:str}": ({}, SUPERVISORS),
    "POST /desk/service/calendars/{key:str}": (_form(timezone="UTC", always="1"), SUPERVISORS),
    "GET /desk/service/policies/{key:str}": ({}, SUPERVISORS),
    "POST /desk/service/policies/{key:str}": (_form(act="drop"), SUPERVISORS),
    "GET /desk/service/people": ({}, SUPERVISORS),
    "POST /desk/service/people/{agent_id:uuid}": (_form(team="front", capacity="1"), SUPERVISORS),
    "POST /desk/service/teams/{key:str}": (_form(**{"name.en": "Front"}), SUPERVISORS),
    "POST /desk/c/{conversation_id:uuid}/reply": (REPLY, (303, 303, 303, 403, 200)),
    "POST /desk/c/{conversation_id:uuid}/take": ({}, (303, 303, 303, 403, 204)),
    "POST /desk/c/{conversation_id:uuid}/close": ({}, (303, 303, 303, 403, 409)),  # unread
    "POST /desk/c/{conversation_id:uuid}/reopen": ({}, (303, 303, 303, 403, 204)),
    "POST /desk/c/{conversation_id:uuid}/seen": (_json(seq=1), (303, 303, 303, 403, 204)),
    "POST /desk/files": (FILE, (303, 303, 303, 403, 201)),
    "GET /desk/files/{file_id:uuid}": ({}, NEEDS_SESSION),
    "GET /desk/files/{file_id:uuid}/part": ({}, NEEDS_SESSION),
    "POST /desk/files/{file_id:uuid}/open": ({}, (303, 303, 303, 403, 200)),
    "POST /api/v1/chat/hello": (_json(), EVERYBODY),
    "POST /api/v1/chat/say": (SAY, NEEDS_VISITOR),
    "GET /api/v1/chat/events": (OF, ONLY_OWN),
    "POST /api/v1/chat/seen": (SEEN, (403, 204, 404, 403, 403)),
    "POST /api/v1/chat/typing": (SEEN, (403, 204, 404, 403, 403)),
    "POST /api/v1/chat/escalate": (ESCALATE, (403, 204, 404, 403, 403)),
    "POST /api/v1/chat/solve": (SEEN, (403, 204, 404, 403, 403)),
    "POST /api/v1/chat/continue": (CONTINUE, (403, 409, 409, 403, 403)),  # no app
    "POST /api/v1/chat/language": (_json(lang="zh-CN"), (403, 204, 204, 403, 403)),
    "POST /api/v1/chat/files": (FILE, (403, 201, 201, 403, 403)),
    "GET /api/v1/chat/files/{file_id:uuid}": ({}, ONLY_OWN),
    "GET /api/v1/chat/transcript": (OF, ONLY_OWN),
    "GET /api/v1/chat/conversations": ({}, NEEDS_VISITOR),
    "POST /api/v1/chat/logout": ({}, (403, 204, 204, 403, 403)),
    "GET /api": ({}, EVERYBODY),
    "GET /api/openapi.json": ({}, EVERYBODY),
    "GET /api/{path:str}": ({}, (404,) * 5),
}  # fmt: skip


def test_every_route_is_in_the_table(sqlite_template: Path, tmp_path: Path) -> None:
    house = House(copy_of(sqlite_template, tmp_path), tmp_path)
    application = site(house.desk)._app
    routes = {
        f"{method} {route.path}"
        for route in application.routes  # type: ignore[attr-defined]
        if route.path.startswith(("/desk", "/api"))
        for method in route.methods - {"OPTIONS", "HEAD"}
    }
    house.database.close()
    assert routes == set(EXPECTED)


class Scene:
    """Five people, and a conversation with a file that is one visitor's."""

    def __init__(self, server: DeskServer, reader: Browser, agent: Browser) -> None:
        self.owner, self.stranger, self.nobody = Visitor(server), Visitor(server), Browser(server)
        self.file = self.owner.upload("log.txt", b"a log line").json()["id"]
        self.conversation = self.owner.say("hello", files=[self.file])["conversation"]
        self.stranger.say("something else")
        for visitor in (self.owner, self.stranger):
            token = visitor.http.headers["Authorization"]
            visitor.http.headers = self.nobody.http.headers
            visitor.http.headers["Authorization"] = token
            visitor.http.cookies = self.nobody.http.cookies
        people = (self.nobody, self.owner, self.stranger, reader, agent)
        self.http = dict(zip(ACTORS, (someone.http for someone in people), strict=True))

    def send(self, actor: str, route: str, sent: dict[str, Any]) -> httpx.Response:
        method, _, path = route.partition(" ")
        names = {"conversation_id:uuid": self.conversation, "file_id:uuid": self.file}
        for name in ("alert_id:uuid", "shift_id:uuid", "agent_id:uuid"):
            names[name] = str(uuid4())
        names["side_id:uuid"] = str(uuid4())
        names["key:str"] = "chat"
        for name, value in names.items():
            path = path.replace(f"{{{name}}}", value)
        return self.http[actor].request(
            method, path.replace("{path:str}", "nowhere"), **self._filled(sent)
        )

    def _filled(self, sent: Any) -> Any:
        match sent:
            case dict():
                return {name: self._filled(value) for name, value in sent.items()}
            case "{key}":
                return str(uuid4())
            case "{conversation}":
                return self.conversation
        return sent

    def close(self) -> None:
        for someone in (self.owner, self.stranger, self.nobody):
            someone.http.close()


@pytest.fixture(scope="module")
def staff(server: DeskServer) -> Iterator[tuple[Browser, Browser]]:
    with Browser(server, "reader") as reader, Browser(server, "lin") as agent:
        yield reader, agent


@pytest.fixture(scope="module")
def shared_scene(server: DeskServer, staff: tuple[Browser, Browser]) -> Iterator[Scene]:
    made = Scene(server, *staff)
    yield made
    made.close()


@pytest.fixture
def scene(
    route: str,
    server: DeskServer,
    staff: tuple[Browser, Browser],
    shared_scene: Scene,
) -> Iterator[Scene]:
    """One scene for all that only look, a fresh one for each route that changes something."""
    if route.startswith("GET"):
        yield shared_scene
        return
    if route == "POST /desk/sign-out":
        staff = (Browser(server, "reader"), Browser(server, "lin"))
    made = Scene(server, *staff)
    yield made
    made.close()


@pytest.mark.parametrize("route", EXPECTED)
def test_each_route_answers_each_kind_of_person_as_the_table_says(scene: Scene, route: str) -> None:
    sent, expected = EXPECTED[route]
    got = tuple(scene.send(actor, route, sent).status_code for actor in ACTORS)
    assert dict(zip(ACTORS, got, strict=True)) == dict(zip(ACTORS, expected, strict=True))
