"""`kefu guard scan`: what the guard finds in texts, one JSON line each."""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from kefu import guard as rules
from kefu.guard import Span


@click.group()
def guard() -> None:
    """Try the secret guard on your own texts."""


@guard.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
def scan(files: tuple[BinaryIO, ...]) -> None:
    """Answer each line {id, text, lang?} of FILES, or of the standard input.

    The answer is {id, spans: [{start, end, kind}], text}: offsets in code points of the input,
    and the text with each secret masked. A row that is not of this form is answered with
    {id, error}; a line that is not JSON ends the command with its number.
    """
    out = sys.stdout.buffer
    for number, line in _lines(files or (sys.stdin.buffer,)):
        try:
            row = json.loads(line.decode("utf-8", "surrogatepass"))
        except ValueError:
            out.flush()
            click.echo(f"kefu: line {number} is not JSON", err=True)
            sys.exit(1)
        out.write(_dumped(_answer(row)) + b"\n")
    out.flush()


def _lines(files: tuple[BinaryIO, ...]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of all files with their number in their file; only LF ends a line."""
    for file in files:
        for number, line in enumerate(file, 1):
            content = line.removesuffix(b"\n").removesuffix(b"\r")
            if content.strip():
                yield number, content


def _answer(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        return {"id": None, "error": "a row is an object {id, text, lang?}"}
    text, lang = row.get("text"), row.get("lang")
    known = {"id": row.get("id")}
    if "id" not in row:
        return known | {"error": "id is missing"}
    if not isinstance(text, str):
        return known | {"error": "text is missing or no string"}
    if lang is not None and not isinstance(lang, str):
        return known | {"error": "lang is no string"}
    spans = rules.scan(text, lang=lang)
    found = [{"start": span.start, "end": span.end, "kind": span.kind} for span in spans]
    return known | {"spans": found, "text": _masked(text, spans)}


def _masked(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    at = 0
    for span in spans:
        last = f" {span.detail}" if span.kind == "card_number" else ""
        pieces += (text[at : span.start], f"[{span.kind}{last}]")
        at = span.end
    return "".join((*pieces, text[at:]))


def _dumped(answer: dict[str, Any]) -> bytes:
    """Return the answer as UTF-8; one that holds a lone surrogate, which UTF-8 cannot, as ASCII."""
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(answer).encode()
