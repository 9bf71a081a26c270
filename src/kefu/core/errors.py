"""Errors: each has a stable code, an HTTP status, and a text under `error.<code>`."""

from typing import Any, ClassVar


class KefuError(Exception):
    """Something a caller cannot go on from, told to people by its code.

    `values` fill the placeholders of the translated text; they never hold what a person wrote.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the same request may succeed, where that is known."""
        seconds = self.values.get("retry_after")
        return float(seconds) if seconds is not None else None


def for_log(error: Exception | None) -> Exception | None:
    """Return the error for a log's traceback, unless its message may quote what people wrote."""
    return None if hasattr(error, "statement") else error


class Forbidden(KefuError):
    """The actor's role lacks the permission."""

    code = "forbidden"
    status = 403


class SignInNeeded(KefuError):
    """No session, or one that ended."""

    code = "sign_in.needed"
    status = 401


class SignInRefused(KefuError):
    """Wrong e-mail address or password; which of the two is not said."""

    code = "sign_in.refused"
    status = 401


class RateLimited(KefuError):
    """Too many in a short time; `retry_after` seconds."""

    code = "rate.limited"
    status = 429


class HelloRefused(KefuError):
    """No such inbox, or a token the inbox does not accept from this site."""

    code = "hello.refused"
    status = 403


class ConversationUnknown(KefuError):
    """No such conversation, or not this actor's: the two look the same."""

    code = "conversation.unknown"
    status = 404


class ConversationClosed(KefuError):
    """The conversation is closed; an agent reopens it first."""

    code = "conversation.closed"
    status = 409


class KeyTaken(KefuError):
    """The client key belongs to another's message."""

    code = "key.taken"
    status = 409


class FileUnknown(KefuError):
    """No such file, or not this actor's."""

    code = "file.unknown"
    status = 404


class AgentUnknown(KefuError):
    """No such agent, or one who left."""

    code = "agent.unknown"
    status = 404


class AlertUnknown(KefuError):
    """No such alert, or somebody has looked at it already."""

    code = "alert.unknown"
    status = 404


class Busy(KefuError):
    """A queue is full: of writes, of uploads. Nothing was stored; try again after `retry_after`."""

    code = "busy"
    status = 503


class StoreUnavailable(KefuError):
    """The database or the disk refuses writes. Nothing was stored."""

    code = "store.unavailable"
    status = 503
