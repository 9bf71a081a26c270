"""`kefu intake`: what it reads in texts, one JSON line each."""

from typing import BinaryIO

import click

from kefu.cli.rows import Row, answer_all
from kefu.intake.intents import intent_of

_FORM = "{id, text, lang?}"


@click.group()
def intake() -> None:
    """Try on your own texts what the desk reads in a message."""


@intake.command()
@click.argument("files", nargs=-1, type=click.File("rb"))
def intent(files: tuple[BinaryIO, ...]) -> None:
    """Say of each line {id, text, lang?} of FILES, or of the standard input, what it asks for.

    The answer is {id, intent}: human, manager, technical, complaint or none. A wrong row is
    answered with {id, error}; a line that is not JSON ends the command with its number.
    """
    answer_all(files, _FORM, _intended)


def _intended(row: Row) -> Row:
    text, lang = row.get("text"), row.get("lang")
    if not isinstance(text, str):
        return {"error": "text is missing or no string"}
    if lang is not None and not isinstance(lang, str):
        return {"error": "lang is no string"}
    return {"intent": intent_of(text, lang)}
