"""Statements on what is known of each file; the content lies with the blobs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, insert, select, update

from kefu.core.records import FileInfo
from kefu.core.text import SafeText
from kefu.storage.tables import file


class FileRow(Struct, frozen=True):
    """A stored file: who brought it, where it belongs, and the hashes of its content."""

    info: FileInfo
    customer_id: UUID | None
    agent_id: UUID | None
    conversation_id: UUID | None
    sha256: str
    preview_sha256: str | None


def add(tx: Connection, row: FileRow, name: SafeText, *, at: datetime) -> None:
    """Store what is known of a file; its content is on disk already."""
    tx.execute(
        insert(file).values(
            id=row.info.id,
            customer_id=row.customer_id,
            agent_id=row.agent_id,
            conversation_id=row.conversation_id,
            name=name,
            content_type=row.info.content_type,
            size=row.info.size,
            width=row.info.width,
            height=row.info.height,
            sha256=row.sha256,
            preview_sha256=row.preview_sha256,
            created_at=at,
        )
    )


def find(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, FileRow]:
    """Return files by id."""
    rows = tx.execute(select(file).where(file.c.id.in_(list(ids))))
    return {row.id: _row(row) for row in rows}


def attach(tx: Connection, conversation_id: UUID, ids: Iterable[UUID]) -> None:
    """Make files part of a conversation: from now on both sides may read them."""
    tx.execute(update(file).where(file.c.id.in_(list(ids))).values(conversation_id=conversation_id))


def move_loose(tx: Connection, from_customer: UUID, to_customer: UUID) -> None:
    """Let files that one customer uploaded belong to another, by proof."""
    tx.execute(
        update(file).where(file.c.customer_id == from_customer).values(customer_id=to_customer)
    )


def drop_loose(tx: Connection, *, before: datetime) -> list[str]:
    """Forget files that no message took along; return hashes no other file uses any more."""
    rows = tx.execute(
        delete(file)
        .where(file.c.conversation_id.is_(None), file.c.created_at < before)
        .returning(file.c.sha256, file.c.preview_sha256)
    ).all()
    hashes = {h for row in rows for h in row if h}
    if not hashes:
        return []
    used = tx.execute(
        select(file.c.sha256, file.c.preview_sha256).where(
            file.c.sha256.in_(hashes) | file.c.preview_sha256.in_(hashes)
        )
    )
    return sorted(hashes - {h for row in used for h in row if h})


def unused(tx: Connection, digests: Iterable[str]) -> list[str]:
    """Return those digests that no file's row names."""
    wanted = set(digests)
    used = tx.execute(
        select(file.c.sha256, file.c.preview_sha256).where(
            file.c.sha256.in_(wanted) | file.c.preview_sha256.in_(wanted)
        )
    )
    return sorted(wanted - {h for row in used for h in row if h})


def _row(row: Row[*tuple[Any, ...]]) -> FileRow:
    return FileRow(
        info=FileInfo(
            id=row.id,
            name=str(row.name),
            content_type=row.content_type,
            size=row.size,
            width=row.width,
            height=row.height,
        ),
        customer_id=row.customer_id,
        agent_id=row.agent_id,
        conversation_id=row.conversation_id,
        sha256=row.sha256,
        preview_sha256=row.preview_sha256,
    )
