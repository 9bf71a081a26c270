"""Looks through all stored messages again: the work of `kefu guard backscan`."""

import asyncio
from collections import Counter

from kefu import guard
from kefu.actions import backscan
from kefu.core.clock import now
from kefu.core.settings import from_environment
from kefu.reads import history
from kefu.storage.db import Database
from kefu.storage.migrate import migrate


def run(*, change: bool) -> tuple[Counter[str], int]:
    """Return how many lines hold each kind of secret, masked if `change`, and how many
    conversations there are, for the desk of the environment.
    """
    settings = from_environment()
    guard.use_patterns(settings.guard_patterns)
    database = Database(settings.database_url)
    try:
        migrate(database.engine)
        return asyncio.run(look_through(database, change=change))
    finally:
        database.close()


async def look_through(database: Database, *, change: bool) -> tuple[Counter[str], int]:
    """Look through a database; each conversation is masked in a transaction of its own."""
    total: Counter[str] = Counter()
    last, seen = None, 0
    while page := await database.read(history.conversations, last):
        for conversation_id in page:
            late = await database.read(backscan.look, conversation_id)
            if late and change:
                late = await database.write(backscan.mend, conversation_id, at=now())
            total.update(line.kind for line in late.values())
        last, seen = page[-1], seen + len(page)
    if total and change:
        await database.wipe()
    return total, seen
