"""A file comes in: looked at, named, kept; and goes out to those who may read it."""

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from kefu.actions import access, check_picture
from kefu.core.errors import FileUnknown
from kefu.core.ids import uuid7
from kefu.core.records import Actor, Agent, FileInfo, Visitor
from kefu.core.text import SafeText
from kefu.customers import store as customers
from kefu.files import rows
from kefu.files.errors import FileHeld
from kefu.files.rows import FileRow
from kefu.reads import carried


class FileContent(Struct, frozen=True):
    """A file, or its re-encoded preview, with the content type it is to be sent as."""

    info: FileInfo
    content: bytes
    content_type: str


def keep(tx: Connection, actor: Actor, row: FileRow, name: SafeText) -> Visitor | None:
    """Store what is known of a file whose content is on disk; it is loose until it is sent.

    Returns the visitor as stored if this upload is the first thing they leave.
    """
    at = row.created_at
    if row.info.state == "checking":
        check_picture.wanted(tx, row.info.id, at=at)
    if isinstance(actor, Agent):
        rows.add(tx, replace(row, agent_id=actor.id), name)
        return None
    found = customers.known(tx, [actor.id]).get(actor.id)
    newcomer = None
    if found is None:
        newcomer = Visitor(actor.id, actor.inbox_id, actor.site, actor.language, uuid7())
        customers.keep(tx, {newcomer.id: newcomer}, at=at)
    customer_id = found[0] if found else newcomer.customer_id if newcomer else None
    rows.add(tx, replace(row, customer_id=customer_id), name)
    return newcomer


def readable(tx: Connection, actor: Actor, file_id: UUID) -> FileRow:
    """Return a file the actor may read: their own, or one of a conversation they may read.

    Raises FileUnknown.
    """
    row = rows.find(tx, [file_id]).get(file_id)
    if row is None or not _may_read(tx, actor, row):
        raise FileUnknown
    return row


def open_to(tx: Connection, actor: Actor, file_id: UUID) -> FileRow:
    """Return a file whose content the actor may see now. Raises FileUnknown, FileHeld."""
    row = readable(tx, actor, file_id)
    if isinstance(actor, Agent) and row.is_held and not _has_opened(tx, actor, row):
        raise FileHeld
    return row


def _has_opened(tx: Connection, agent: Agent, row: FileRow) -> bool:
    place = row.conversation_id
    return place is not None and carried.was_opened(tx, place, agent.id, row.info.id)


def _may_read(tx: Connection, actor: Actor, row: FileRow) -> bool:
    if isinstance(actor, Agent):
        return row.conversation_id is not None or row.agent_id == actor.id
    if row.conversation_id is None:
        return row.customer_id is not None and access.owns(tx, actor, row.customer_id)
    return access.public_file(tx, actor, row.conversation_id, row.info.id)
