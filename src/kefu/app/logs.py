"""Logs: one line of JSON an entry, to standard error; never what a person wrote."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object: at, level, logger, event, and a traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(entry).decode()


def configure(level: int = logging.INFO) -> None:
    """Send every logger's entries to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(_is_ours_to_mind)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "alembic", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_ours_to_mind(record: logging.LogRecord) -> bool:
    """Leave out the traceback a client causes by sending what is not UTF-8: it is answered 1007."""
    return not (record.exc_info and isinstance(record.exc_info[1], UnicodeError))
