"""The server under load: `kefu serve`'s own process, furnished, without the pace of one client.

With --memory the lane of customers' messages decides and tells as ever but stores nothing:
the same server without a database.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import uvloop
from sqlalchemy import Connection

from kefu.actions import receive, setup
from kefu.actions.batch import Plan
from kefu.actions.desk import Desk
from kefu.app.logs import configure
from kefu.app.process import Process
from kefu.app.serve import listen, serve
from kefu.core.clock import now
from kefu.core.errors import KefuError
from kefu.core.records import Inbound, Receipt
from kefu.core.settings import Settings
from kefu.reads.thread import Snapshot
from kefu.realtime import protocol
from kefu.storage.lane import Lane
from kefu.storage.migrate import migrate

EMAIL: Final = "load@halden.example"
PASSWORD: Final = "a long password"
UNPACED: Final = (1e9, 1e9)


class Memory:
    """Customers' messages kept in this object; only the first of a visitor is stored."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen = Snapshot({}, set(), {}, {}, {}, {})

    async def commit(self, batch: Sequence[Inbound], careful: bool) -> list[Receipt | KefuError]:
        """Give each message its place in memory, and tell everybody."""
        if all(item.visitor.id in self._seen.customer for item in batch):
            plan = receive.decide(self._seen, batch, at=now())
        else:
            plan = await self._desk.database.write(
                receive.receive, batch, careful=careful, at=now()
            )
            self._remember(batch, plan)
        await self._desk.live.changed(plan.changes.values(), plan.newcomers)
        return plan.results

    def _remember(self, batch: Sequence[Inbound], plan: Plan) -> None:
        for item, result in zip(batch, plan.results, strict=True):
            if isinstance(result, Receipt):
                state = plan.changes[result.conversation_id].after
                self._seen.customer[item.visitor.id] = state.customer_id
                self._seen.open[state.inbox_id, state.customer_id] = state


def furnish(tx: Connection) -> str:
    """Make an inbox and an agent; return the inbox's key."""
    setup.agent(
        tx,
        email=EMAIL,
        password=PASSWORD,
        alias="Load",
        badge="A-10001",
        languages=["en"],
        role="agent",
        at=now(),
    )
    return setup.chat_inbox(tx, name={"en": "Load"}, origins=[], at=now())


async def run(database_url: str, folder: Path, *, memory: bool) -> None:
    """Serve, once the port, the inbox and an agent's socket token were printed."""
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = Process(Settings(database_url, "", folder / "files", b"k" * 40, url))
    migrate(process.database.engine)
    inbox = process.database.write_now(furnish)
    if memory:
        process.desk._received = Lane("receive", Memory(process.desk).commit)
    signed = await process.desk.sign_in(EMAIL, PASSWORD, "load")
    token = process.desk.socket_token(signed.agent)
    print(json.dumps({"port": port, "inbox": inbox, "token": token}), flush=True)
    await serve(process, listening)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory", action="store_true")
    given = parser.parse_args()
    configure()
    protocol._RATES.update({"say": UNPACED, "control": UNPACED})
    uvloop.run(run(given.database_url, given.folder, memory=given.memory))


if __name__ == "__main__":
    main()
