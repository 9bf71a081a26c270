"""Statements on what is known of each file; the content lies with the blobs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from kefu.core.records import FileInfo, FileState
from kefu.core.text import SafeText
from kefu.storage.tables import file

HELD: Final = frozenset({"checking", "unchecked"})
"""States of a customer's file that nobody has read: agents have to ask before they see it."""


class Kept(Struct, frozen=True):
    """Where a file's content lies: its hashes, all None once it is removed.

    sealed_key: while nobody has read it, the content is sealed under this key, wrapped.
    """

    sha256: str | None = None
    preview_sha256: str | None = None
    sealed_key: bytes | None = None


class FileRow(Struct, frozen=True):
    """A stored file: who brought it, where it belongs, and where its content lies.

    found: how many secrets of each kind were in it.
    """

    info: FileInfo
    customer_id: UUID | None
    agent_id: UUID | None
    conversation_id: UUID | None
    kept: Kept
    found: Mapping[str, int]
    created_at: datetime

    @property
    def is_held(self) -> bool:
        """Whether agents have to ask before they see it: a customer's, which nobody has read."""
        return self.agent_id is None and self.info.state in HELD


def add(tx: Connection, row: FileRow, name: SafeText) -> None:
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
            created_at=row.created_at,
            **_standing(row.info.state, row.found, row.kept),
        )
    )


def keep_checked(
    tx: Connection, file_id: UUID, state: FileState, found: Mapping[str, int], kept: Kept
) -> None:
    """Store what came of the check of a file, and where its content lies now."""
    tx.execute(update(file).where(file.c.id == file_id).values(_standing(state, found, kept)))


def _standing(state: FileState, found: Mapping[str, int], kept: Kept) -> dict[str, Any]:
    return {
        "state": state,
        "findings": dict(found) or None,
        "sha256": kept.sha256,
        "preview_sha256": kept.preview_sha256,
        "sealed_key": kept.sealed_key,
    }


def find(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, FileRow]:
    """Return files by id."""
    return _found(tx, select(file).where(file.c.id.in_(list(ids))))


def lock(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, FileRow]:
    """Return files by id, their rows locked in id order: no check ends meanwhile."""
    query = select(file).where(file.c.id.in_(list(ids))).order_by(file.c.id)
    return _found(tx, query.with_for_update())


def _found(tx: Connection, query: Select[*tuple[Any, ...]]) -> dict[UUID, FileRow]:
    return {row.id: _row(row) for row in tx.execute(query)}


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
    found = row.findings or {}
    return FileRow(
        info=FileInfo(
            id=row.id,
            name=str(row.name),
            content_type=row.content_type,
            size=row.size,
            width=row.width,
            height=row.height,
            state=row.state,
            found=tuple(sorted(found)),
        ),
        customer_id=row.customer_id,
        agent_id=row.agent_id,
        conversation_id=row.conversation_id,
        kept=Kept(row.sha256, row.preview_sha256, row.sealed_key),
        found=found,
        created_at=row.created_at,
    )
