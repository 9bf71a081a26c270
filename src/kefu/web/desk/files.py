"""Files that go with messages: what agents send, and what anybody sent, to look at."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter

from kefu.actions.desk import Desk
from kefu.core.records import Agent, FileInfo
from kefu.files.inspect import MAX_BYTES
from kefu.web.desk.shell import Asked
from kefu.web.transfer import body_of, file_response


@post("/files", status_code=201, request_max_body_size=MAX_BYTES + 1)
async def upload(
    request: Asked,
    desk: Desk,
    agent: Agent,
    name: Annotated[str, Parameter(max_length=255)],
) -> FileInfo:
    """Store the body as a file of the agent; a message names it later."""
    content_type = request.headers.get("Content-Type", "application/octet-stream")
    return await desk.upload(agent, name, content_type, await body_of(request))


@get("/files/{file_id:uuid}")
async def file(desk: Desk, agent: Agent, file_id: UUID, preview: bool = False) -> Response[bytes]:
    """Return a file as a download, or its small picture."""
    return file_response(await desk.file(agent, file_id, preview=preview), preview=preview)


handlers = (upload, file)
