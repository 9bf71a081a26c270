"""A picture was checked: it lies open, or it is gone, and every reader of the log learns of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, to_builtins
from sqlalchemy import Connection

from kefu import guard
from kefu.conversations import store
from kefu.conversations.states import Change, State, extend
from kefu.core.errors import KefuError
from kefu.core.ids import uuid7
from kefu.core.records import SYSTEM, Entry, Event, FileInfo, FileState
from kefu.files import rows
from kefu.files.rows import Kept
from kefu.reads import carried
from kefu.storage import outbox

CHECK_PICTURE: Final = "check_picture"
DROP_SEALED: Final = "drop_sealed"


class FileMoved(KefuError):
    """A message took the file along in this moment; the check ends on its next try."""

    code = "file.moved"


class Checked(Struct, frozen=True):
    """What came of a check: the state, what was found, where the content lies now."""

    state: FileState
    found: Mapping[str, int]
    kept: Kept


def wanted(tx: Connection, file_id: UUID, *, at: datetime) -> None:
    """Have a picture checked once this transaction is committed."""
    outbox.add(tx, [(CHECK_PICTURE, f"file:{file_id}", {"file": str(file_id)})], at=at)


def keep(tx: Connection, file_id: UUID, checked: Checked, *, at: datetime) -> Change | None:
    """Store what came of a check; sealed content and its key are dropped with it.

    The message that carries the file tells its new state from now on. Returns the change of
    the conversation if the file was removed from it. Does nothing to one already checked.
    """
    first = rows.find(tx, [file_id]).get(file_id)
    if first is None:
        return None
    place = first.conversation_id
    state = store.lock(tx, [place])[place] if place else None
    row = rows.lock(tx, [file_id]).get(file_id)
    if row is None or row.info.state != "checking":
        return None
    if row.conversation_id != place:
        raise FileMoved
    rows.keep_checked(tx, file_id, checked.state, checked.found, checked.kept)
    _drop(tx, row.kept, checked.kept, at=at)
    after = rows.find(tx, [file_id])[file_id].info
    carrier = carried.carrier(tx, state.id, file_id, since=row.created_at) if state else None
    if state is None or carrier is None:
        return None
    store.rewrite(tx, carrier, _told_anew(carrier, after))
    return _removed(tx, state, carrier, after, at=at) if after.state == "removed" else None


def _drop(tx: Connection, old: Kept, new: Kept, *, at: datetime) -> None:
    """Have sealed content deleted, and its key, gone with this transaction, off the disk."""
    if old.sealed_key is not None and new.sealed_key is None:
        digests = [digest for digest in (old.sha256, old.preview_sha256) if digest]
        effects = [(DROP_SEALED, DROP_SEALED, {"digests": digests}), (store.WIPE, store.WIPE, {})]
        outbox.add(tx, effects, at=at)


def _told_anew(carrier: Event, info: FileInfo) -> dict[str, Any]:
    new = to_builtins(info)
    files = [new if file["id"] == new["id"] else file for file in carrier.data["files"]]
    return carrier.data | {"files": files}


def _removed(
    tx: Connection, state: State, carrier: Event, info: FileInfo, *, at: datetime
) -> Change:
    """Tell the readers of the log that a line lost a file, and for which kind of secret."""
    kind = next(kind for kind in guard.KINDS if kind in info.found)
    data = {"file": str(info.id), "kind": kind, "seq": carrier.seq}
    entry = Entry("redaction", SYSTEM, carrier.visibility, data=data)
    change = extend(state, [entry], at=at, new_id=uuid7)
    store.append(tx, [change])
    return change
