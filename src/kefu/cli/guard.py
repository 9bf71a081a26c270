"""`kefu guard`: what it says of texts, one JSON line each; and a look through history."""

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

import click

from kefu import guard as rules
from kefu.cli.rows import Row, answer_all
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
    _answer_texts(files, _scanned)


@guard.command()
@click.option("--as", "role", type=click.Choice(rules.ROLES), required=True, help="Who wrote it.")
@click.argument("files", nargs=-1, type=click.File("rb"))
def judge(role: rules.Role, files: tuple[BinaryIO, ...]) -> None:
    """Say of each line {id, text, lang?} of FILES, or of the standard input, what to do with it.

    The answer is {id, verdict, reasons}: pass, warn, hold or block, and the codes of why:
    requests for secrets and scam talk of an agent, scams a customer tells of, bribes, scam
    posts. Other rows are answered as by scan.
    """
    _answer_texts(files, partial(_judged, role))


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


def _answer_texts(
    files: tuple[BinaryIO, ...], answer: Callable[[str, str | None], dict[str, Any]]
) -> None:
    answer_all(files, "{id, text, lang?}", partial(_answered, answer))


def _answered(answer: Callable[[str, str | None], dict[str, Any]], row: Row) -> Row:
    text, lang = row.get("text"), row.get("lang")
    if not isinstance(text, str):
        return {"error": "text is missing or no string"}
    if lang is not None and not isinstance(lang, str):
        return {"error": "lang is no string"}
    return answer(text, lang)


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
