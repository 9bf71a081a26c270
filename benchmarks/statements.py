"""How many statements a message costs, as the driver is asked, BEGIN and COMMIT not counted."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.figures import Plan, Result, row
from kefu.storage.db import engine_of
from kefu.storage.migrate import migrate
from tests.house import House


def run(plan: Plan) -> Result:
    """Count on SQLite; the statements are the same on PostgreSQL. A count needs no rounds."""
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        first, further = asyncio.run(_counts(Path(folder)))
    return Result(
        [
            row("first message, batch of one", [first], "statements", at_most=10),
            row("further message, batch of one", [further], "statements", at_most=5),
        ]
    )


async def _counts(folder: Path) -> tuple[float, float]:
    url = f"sqlite:///{folder}/kefu.db"
    migrate(engine_of(url))
    house = House(url, folder)
    asked: list[str] = []

    @event.listens_for(house.database.engine, "before_cursor_execute")
    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    visitor = await house.visitor()
    asked.clear()
    await house.says(visitor, "hello")
    first = len(asked)
    asked.clear()
    await house.says(visitor, "are you there?")
    further = len(asked)
    house.database.close()
    return float(first), float(further)
