"""`kefu sla`: business time, asked from the command line."""

import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, BinaryIO, Final

import click

from kefu.cli.rows import Row, answer_all
from kefu.core import i18n
from kefu.core.errors import KefuError
from kefu.sla import calendar
from kefu.sla.clock import RUNS, Stops, stops
from kefu.sla.errors import FieldMalformed, InstantMalformed, TargetRefused, TooFar
from kefu.sla.hours import due_at, elapsed

_FORM: Final = (
    "{id, kind, timezone, business_hours, special_days?, holidays, start, end?, events,"
    " sla_minutes}"
)
_MINUTE: Final = timedelta(minutes=1)
_MICROSECOND: Final = timedelta(microseconds=1)


@click.group()
def sla() -> None:
    """Try calendars and targets."""


@sla.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
def due(files: tuple[BinaryIO, ...]) -> None:
    """Answer each line of FILES, or of the standard input: when is it due, how much has passed?

    A row of kind due is answered with {id, due_at}, which is null while the clock stands still;
    one of kind elapsed with {id, elapsed_minutes}. docs/service-levels.md describes the rows. A
    wrong row is answered with {id, error}; a line that is not JSON ends the command with its
    number.
    """
    answer_all(files, _FORM, _answered)


def _answered(row: Row) -> Row:
    try:
        return _elapsed(row) if _is_elapsed(row) else _due(row)
    except KefuError as error:
        return {"error": i18n.say("en", f"error.{error.code}", **error.values)}


def _is_elapsed(row: Row) -> bool:
    if row.get("kind") not in ("due", "elapsed"):
        raise FieldMalformed(field="kind")
    return bool(row["kind"] == "elapsed")


def _due(row: Row) -> Row:
    hours, start, still = calendar.read(row), _instant(row, "start"), _stops(row)
    target = _target(row.get("sla_minutes"))
    if still.since is not None:
        return {"due_at": None}
    at = due_at(start, target, hours, still.spans)
    return {"due_at": at.isoformat().replace("+00:00", "Z")}


def _elapsed(row: Row) -> Row:
    hours, start, end = calendar.read(row), _instant(row, "start"), _instant(row, "end")
    if row.get("sla_minutes") is not None:
        _target(row["sla_minutes"])
    passed = elapsed(start, end, hours, _stops(row).until(end))
    whole, rest = divmod(passed, _MINUTE)
    return {"elapsed_minutes": passed / _MINUTE if rest else whole}


def _target(minutes: Any) -> timedelta:
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise FieldMalformed(field="sla_minutes")
    if not 0 < minutes < math.inf:  # NaN is neither
        raise TargetRefused
    try:
        return max(_MICROSECOND, timedelta(microseconds=round(Fraction(minutes) * 60_000_000)))
    except OverflowError:
        raise TooFar from None


def _stops(row: Row) -> Stops:
    events = [] if row.get("events") is None else row["events"]
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise FieldMalformed(field="events")
    kinds = (event.get("type") for event in events)
    if not all(isinstance(kind, str) for kind in kinds):
        raise FieldMalformed(field="events")
    counted = [event for event in events if event["type"] in RUNS]
    return stops((_instant(event, "at"), event["type"]) for event in counted)


def _instant(row: Row, field: str) -> datetime:
    text = row.get(field)
    if not isinstance(text, str):
        raise InstantMalformed(field=field)
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InstantMalformed(field=field)
