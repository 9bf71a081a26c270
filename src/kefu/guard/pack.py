"""The rule pack: everything the rules know, as data that the browser's engine reads too.

The files under `pack/` are described in docs/guard.md. They are read once, at import; the word
lists when a text first has enough words for a phrase.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

_ROOT: Final = files(__package__) / "pack"


class Pack(NamedTuple):
    """The JSON files of the pack, each as it stands."""

    cues: dict[str, dict[str, list[str]]]
    fold: dict[str, Any]
    shapes: dict[str, Any]
    words: dict[str, Any]


def _read(name: str) -> Any:
    return json.loads((_ROOT / name).read_text("utf-8"))


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return a word list in its order, unfolded."""
    return tuple((_ROOT / "words" / f"{name}.txt").read_text("utf-8").split())


def _cues() -> dict[str, dict[str, list[str]]]:
    return {role: table for role, table in _read("cues.json").items() if role != "note"}


PACK: Final = Pack(_cues(), _read("fold.json"), _read("shapes.json"), _read("words.json"))
ROLE: Final = {role: 1 << at for at, role in enumerate(PACK.cues)}


def roles(*names: str) -> int:
    """Return the bits of these roles together."""
    return sum(ROLE[name] for name in names)


ANY: Final = roles(*PACK.cues)
"""The bits of all roles."""
