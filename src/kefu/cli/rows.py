"""JSON lines in, JSON lines out: one answer a row, in order."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import click

Row = dict[str, Any]


def answer_all(files: tuple[BinaryIO, ...], form: str, answer: Callable[[Row], Row]) -> None:
    """Write an answer to each row of files, or of the standard input.

    form: what a row is, for who sends something else. A line that is not JSON ends the command.
    """
    out = sys.stdout.buffer
    for number, line in _lines(files or (sys.stdin.buffer,)):
        try:
            row = json.loads(line.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            out.flush()
            click.echo(f"kefu: line {number} is not JSON", err=True)
            sys.exit(1)
        out.write(_dumped(_answered(row, form, answer)) + b"\n")
    out.flush()


def _lines(files: tuple[BinaryIO, ...]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of all files with their number in their file; only LF ends a line."""
    for file in files:
        for number, line in enumerate(file, 1):
            content = line.removesuffix(b"\n").removesuffix(b"\r")
            if content.strip():
                yield number, content


def _answered(row: Any, form: str, answer: Callable[[Row], Row]) -> Row:
    if not isinstance(row, dict):
        return {"id": None, "error": f"a row is an object {form}"}
    known = {"id": row.get("id")}
    if "id" not in row:
        return known | {"error": "id is missing"}
    return known | answer(row)


def _dumped(answer: Row) -> bytes:
    """Return the answer as UTF-8; one that holds a lone surrogate, which UTF-8 cannot, as ASCII."""
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(answer).encode()
