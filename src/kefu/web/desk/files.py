"""Files that go with messages: what agents send, and what anybody sent, to look at."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from msgspec import to_builtins
from msgspec.structs import replace

from kefu.actions.desk import Desk
from kefu.core.records import Agent, FileInfo
from kefu.files.inspect import MAX_BYTES
from kefu.files.rows import FileRow
from kefu.web.desk.lines import Attachment, attachment
from kefu.web.desk.shell import Asked, drawn
from kefu.web.transfer import FileName, FileNameBefore, body_of, file_response, name_of


@post("/files", status_code=201, request_max_body_size=MAX_BYTES + 1)
async def upload(
    request: Asked,
    desk: Desk,
    agent: Agent,
    name_header: FileName = "",
    name_before: FileNameBefore = "",
) -> FileInfo:
    """Store the body as a file of the agent; a message names it later."""
    name = name_of(name_header, name_before)
    content_type = request.headers.get("Content-Type", "application/octet-stream")
    return await desk.upload(agent, name, content_type, await body_of(request))


@get("/files/{file_id:uuid}")
async def file(desk: Desk, agent: Agent, file_id: UUID, preview: bool = False) -> Response[bytes]:
    """Return a file as a download, or its small picture."""
    return file_response(await desk.file(agent, file_id, preview=preview), preview=preview)


@get("/files/{file_id:uuid}/part")
async def part(request: Asked, desk: Desk, agent: Agent, file_id: UUID) -> Response[Any]:
    """Return a file as its line shows it now: asked while it is being checked."""
    row = await desk.file_row(agent, file_id)
    return drawn(request, "file.html", file=_attachment(row))


@post("/files/{file_id:uuid}/open", status_code=200)
async def open_file(request: Asked, desk: Desk, agent: Agent, file_id: UUID) -> Response[Any]:
    """Open a file that nobody checked, on the record, and return it as its line shows it then."""
    row = await desk.open_file(agent, file_id)
    return drawn(request, "file.html", file=replace(_attachment(row), is_held=False))


def _attachment(row: FileRow) -> Attachment:
    return attachment(to_builtins(row.info), by_customer=row.agent_id is None)


handlers = (upload, file, part, open_file)
