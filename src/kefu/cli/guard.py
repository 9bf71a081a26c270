"""`kefu guard`: what it says of texts, one JSON line each; and a look through history."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

import click

from kefu import guard as rules
from kefu.core.settings import SettingRefused, guard_patterns
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
    {id, error}; a line that is not JSON ends the command with its number. The patterns of
    KEFU_GUARD_PATTERNS count as well.
    """
    try:
        rules.use_patterns(guard_patterns())
    except SettingRefused as error:
        raise click.ClickException(str(error)) from error
    _answer_all(files, _scanned)


@guard.command()
@click.option("--as", "role", type=click.Choice(rules.ROLES), required=True, help="Who wrote it.")
@click.argument("files", nargs=-1, type=click.File("rb"))
def judge(role: rules.Role, files: tuple[BinaryIO, ...]) -> None:
    """Say of each line {id, text, lang?} of FILES, or of the standard input, what to do with it.

    The answer is {id, verdict, reasons}: pass, warn, hold or block, and the codes of why:
    requests for secrets and scam talk of an agent, scams a customer tells of, bribes, scam
    posts. Other rows are answered as by scan.
    """
    _answer_all(files, partial(_judged, role))


@guard.command()
@click.option("--dry-run", is_flag=True, help="Count what would be masked; change nothing.")
def backscan(dry_run: bool) -> None:
    """Look through all stored messages again and mask what today's rules find.

    For history that older rules let in, and after a change of KEFU_GUARD_PATTERNS. May run
    beside a running desk, and again after it was stopped half way.
    """
    from kefu.cli.backscan import run  # noqa: PLC0415 - scan and judge need no database

    total, seen = run(change=not dry_run)
    found = ", ".join(f"{kind} {count}" for kind, count in sorted(total.items())) or "nothing"
    click.echo(f"{seen} conversations, {'found' if dry_run else 'masked'}: {found}")


def _answer_all(
    files: tuple[BinaryIO, ...], answer: Callable[[str, str | None], dict[str, Any]]
) -> None:
    out = sys.stdout.buffer
    for number, line in _lines(files or (sys.stdin.buffer,)):
        try:
            row = json.loads(line.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            out.flush()
            click.echo(f"kefu: line {number} is not JSON", err=True)
            sys.exit(1)
        out.write(_dumped(_answered(row, answer)) + b"\n")
    out.flush()


def _lines(files: tuple[BinaryIO, ...]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of all files with their number in their file; only LF ends a line."""
    for file in files:
        for number, line in enumerate(file, 1):
            content = line.removesuffix(b"\n").removesuffix(b"\r")
            if content.strip():
                yield number, content


def _answered(row: Any, answer: Callable[[str, str | None], dict[str, Any]]) -> dict[str, Any]:
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
    return known | answer(text, lang)


def _scanned(text: str, lang: str | None) -> dict[str, Any]:
    spans = rules.scan(text, lang=lang)
    found = [{"start": span.start, "end": span.end, "kind": span.kind} for span in spans]
    return {"spans": found, "text": _masked(text, spans)}


def _judged(role: rules.Role, text: str, lang: str | None) -> dict[str, Any]:
    verdict, reasons = rules.judge(text, role=role, lang=lang)
    return {"verdict": verdict, "reasons": list(reasons)}


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
