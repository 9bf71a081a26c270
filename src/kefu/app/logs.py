"""Logs: one line of JSON an entry, to standard error; never what a person wrote."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Send the standard library's logging through structlog."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(_is_ours_to_mind)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "alembic", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_ours_to_mind(record: logging.LogRecord) -> bool:
    """Leave out the traceback a client causes by sending what is not UTF-8: it is answered 1007."""
    return not (record.exc_info and isinstance(record.exc_info[1], UnicodeError))
