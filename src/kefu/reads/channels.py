"""The channels of this desk as customers see them; "open" is computed here, never stored."""

from datetime import datetime

from sqlalchemy import Connection, select

from kefu.core.i18n import LANGUAGES
from kefu.core.views import PRESENT, Channel
from kefu.storage.tables import agent, inbox


def channels(tx: Connection, *, at: datetime) -> tuple[Channel, ...]:
    """Return each kind of inbox once."""
    kinds = tx.execute(select(inbox.c.kind).distinct().order_by(inbox.c.kind)).scalars().all()
    spoken = tx.execute(
        select(agent.c.languages).where(agent.c.left_at.is_(None), agent.c.seen_at > at - PRESENT)
    ).scalars()
    heard = {language for languages in spoken for language in languages}
    languages = tuple(known for known in LANGUAGES if known in heard)
    return tuple(Channel(kind, bool(heard), languages or LANGUAGES) for kind in kinds)
