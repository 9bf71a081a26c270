"""What the databases do alone: the same two changes, on the desk's own tables, one a commit.

Run as a module, it is the loop over SQLite, on the core that the server would have.
"""

import argparse
import json
import re
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, bindparam, select, update

from benchmarks.guard import ORDINARY
from benchmarks.machine import SERVER_CORE, on_core
from benchmarks.serving import folder, module
from kefu import guard
from kefu.actions import receive, setup
from kefu.core.clock import now, to_micros
from kefu.core.ids import uuid7
from kefu.core.records import Inbound, Visitor
from kefu.storage.db import Database
from kefu.storage.migrate import migrate
from kefu.storage.tables import conversation, inbox
from tests.servers import Postgres, postgres_programs

CHATS: Final = 100
_TEXT: Final = ORDINARY["en"]
_ADVANCE: Final = """UPDATE conversation SET seq = seq + 1, public_seq = public_seq + 1,
  unread = unread + 1, preview = {text}, preview_by = 'customer', updated_at = {at}
  WHERE reference = {chat} RETURNING id, inbox_id, customer_id, seq"""
_INSERT: Final = """INSERT INTO event (id, conversation_id, inbox_id, seq, kind, visibility,
  author_kind, author_id, at, text, key, data) """
_PGBENCH: Final = (
    f"WITH moved AS ({_ADVANCE})\n{_INSERT} SELECT gen_random_uuid(), id, inbox_id, seq, 'message',"
    " 'public', 'customer', customer_id, {at}, {text}, gen_random_uuid()::text, '{{}}' FROM moved;"
).format(
    text="'" + _TEXT.replace("'", "''") + "'",
    at="(extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
    chat="lpad((:client_id)::text, 9, '0')",
)


def furnish(database_url: str, chats: int = CHATS) -> None:
    """Make the desk's tables, with open conversations whose references are 0, 1, 2 ..."""
    database = Database(database_url)
    migrate(database.engine)
    database.write_now(_open, chats)
    database.close()


def _open(tx: Connection, chats: int) -> None:
    setup.chat_inbox(tx, name={"en": "Load"}, origins=[], at=now())
    inbox_id = tx.execute(select(inbox.c.id)).scalar_one()
    batch = [
        Inbound(
            Visitor(uuid7(), inbox_id, "https://a.example", "en"), f"first-{n}", guard.clean(_TEXT)
        )
        for n in range(chats)
    ]
    receive.receive(tx, batch, careful=False, at=now())
    ids = tx.execute(select(conversation.c.id)).scalars().all()
    tx.execute(
        update(conversation)
        .where(conversation.c.id == bindparam("row_id"))
        .values(reference=bindparam("number")),
        [{"row_id": row_id, "number": f"{n:09}"} for n, row_id in enumerate(ids)],
    )


def pgbench(server: Postgres, seconds: float) -> float:
    """Return the messages a second of pgbench, one client a chat, as one prepared statement."""
    url = server.create()
    furnish(url)
    with folder() as place:
        script = place / "message.sql"
        script.write_text(_PGBENCH)
        command = [str(postgres_programs() / "pgbench"), "-n", "-M", "prepared", "-f", str(script)]
        command += ["-c", str(CHATS), "-T", str(max(1, round(seconds))), "-d", url]
        with on_core(SERVER_CORE):
            done = subprocess.run(command, capture_output=True, text=True, check=True)
    server.drop(url)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def sqlite_commits(seconds: float) -> float:
    """Return the messages a second of the standard library's sqlite3, a commit each."""
    with folder() as place, module("limits", str(place / "raw.db"), str(seconds)) as served:
        return served.rate


def _commits(path: Path, seconds: float) -> float:
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        database.execute(f"PRAGMA {pragma}")
    advance = _ADVANCE.format(text="?", at="?", chat="?")
    insert = _INSERT + "VALUES (?, ?, ?, ?, 'message', 'public', 'customer', ?, ?, ?, ?, '{}')"
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        at = to_micros(now())
        database.execute("BEGIN IMMEDIATE")
        row = database.execute(advance, (_TEXT, at, f"{done % CHATS:09}")).fetchone()
        values = (uuid4().hex, *row[:2], row[3], row[2], at, _TEXT, f"key-{done}")
        database.execute(insert, values)
        database.execute("COMMIT")
        done += 1
    return done / (time.perf_counter() - start)


def main() -> None:
    """Print the rate of raw commits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("seconds", type=float)
    given = parser.parse_args()
    furnish(f"sqlite:///{given.path}")
    print(json.dumps({"rate": _commits(given.path, given.seconds)}), flush=True)


if __name__ == "__main__":
    main()
