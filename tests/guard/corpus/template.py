"""Reads the templates: text files of lines with slots, one file a language and side."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from tests.guard.corpus.values import SLOTS

FOLDER: Final = Path(__file__).parent / "templates"
SIDES: Final = ("secrets", "harmless")
ANY: Final = "any"  # forms, logs and mails that are the same in every language
_HEADER: Final = re.compile(r"\[([a-z_]+)\]")
_PART: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


class Template(NamedTuple):
    """One line of a file: its name for reports, its section, and what it says."""

    name: str
    section: str
    line: str


class Part(NamedTuple):
    """A piece of a template: literal text, words to choose from, or a slot."""

    choices: tuple[str, ...]
    slot: str = ""


@cache
def sections(split: str, lang: str) -> dict[str, tuple[Template, ...]]:
    """Return the templates of a language, or of `any`, by section."""
    found: dict[str, list[Template]] = {}
    for side in SIDES:
        path = FOLDER / split / f"{lang}.{side}.txt"
        for template in _lines(path) if path.exists() else ():
            found.setdefault(template.section, []).append(template)
    return {section: tuple(templates) for section, templates in found.items()}


def _lines(path: Path) -> Iterator[Template]:
    section = ""
    for at, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if header := _HEADER.fullmatch(line):
            section = header[1]
        elif line and not line.startswith("# "):
            name = f"{path.parent.name}/{path.name.removesuffix('.txt')}:{at}"
            yield Template(name, section, line)


def parts(line: str) -> list[Part]:
    """Return the pieces of a line. Raises KeyError for a slot that nobody fills."""
    found = []
    end = 0
    for match in _PART.finditer(line):
        found.append(Part((_literal(line[end : match.start()]),)))
        end = match.end()
        inner = match[1]
        if inner is None:
            found.append(Part((match[0][0],)))
        elif "|" in inner:
            found.append(Part(tuple(map(_literal, inner.split("|")))))
        else:
            found.append(Part((), _known(inner)))
    found.append(Part((_literal(line[end:]),)))
    return [part for part in found if part.slot or part.choices != ("",)]


def _known(slot: str) -> str:
    if slot not in SLOTS:
        raise KeyError(slot)
    return slot


def _literal(text: str) -> str:
    return text.replace("\\n", "\n")
