"""A figure of a reply that differs from the case is looked at twice before it is sent."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from kefu.core.errors import KefuError
from kefu.intake import figures, topics
from kefu.intake.amounts import Amount
from kefu.intake.figures import Figure
from kefu.reads import conversation


class ReplyDiffers(KefuError):
    """The reply holds figures that the customer did not write; confirmed, it is sent.

    figures: those, for the agent who wrote them. They are no values: those may be logged.
    """

    code = "reply.differs"
    status = 409

    def __init__(self, found: Sequence[Figure]) -> None:
        super().__init__(count=len(found))
        self.figures = tuple(found)


def differing(tx: Connection, conversation_id: UUID, text: str) -> list[Figure]:
    """Return the figures of a reply that differ from what the customer wrote."""
    facts, said = conversation.said(tx, conversation_id)
    return figures.differing(text, facts, said)


def beside(tx: Connection, conversation_id: UUID) -> list[Figure]:
    """Return the figures that the customer wrote, the latest first."""
    facts, _ = conversation.said(tx, conversation_id)
    found = (one for text in facts if figures.may_hold(text) for one in figures.figures(text))
    return [one for one in found if not isinstance(one.value, Amount) or one.value.unit]


def is_sensitive(tx: Connection, conversation_id: UUID) -> bool:
    """Return whether the case is about funds or security, by its topic or what was written."""
    topic = topics.find(conversation.topic_of(tx, conversation_id))
    if topic is not None and topic.sensitive != "none":
        return True
    facts, _ = conversation.said(tx, conversation_id)
    return figures.is_sensitive(facts)
