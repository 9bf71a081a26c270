"""An agent opens a customer's file that nobody has checked, and the log says so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from kefu.actions import access, upload
from kefu.actions.reply import speaking
from kefu.conversations.states import Change, State
from kefu.core.records import Agent, Entry
from kefu.reads import carried


def open_file(tx: Connection, agent: Agent, file_id: UUID, *, at: datetime) -> Change | None:
    """Let the agent see a held file from now on; None if they may already.

    Raises FileUnknown for a file the agent may not read at all.
    """
    row = upload.readable(tx, agent, file_id)
    if row.conversation_id is None or not row.is_held:
        return None

    def entries(state: State) -> list[Entry]:
        if carried.was_opened(tx, state.id, agent.id, file_id):
            return []
        data = {"file": str(file_id)}
        return [Entry("opened", speaking(agent), "internal", data=data)]

    return access.change(tx, agent, row.conversation_id, entries, at=at)
