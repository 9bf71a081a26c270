"""A file's name as people may see and save it."""

import re
import unicodedata
from typing import Final

LIMIT: Final = 120
"""Characters a name may have, its extension included."""

_FALLBACK: Final = "file"
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSAFE: Final = re.compile(r'[<>:"|?*]')
_EXTENSION: Final = re.compile(r"\.([A-Za-z0-9]{1,10})$")
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return name without folders, controls and marks that turn the reading direction.

    At most LIMIT characters in NFC; a name that had to be cut keeps its extension.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter) not in _HIDDEN)
    name = " ".join(_UNSAFE.sub("_", name).split()).strip(". ")
    if _DEVICE.match(name):
        name = f"_{name}"
    return _cut(name) or _FALLBACK


def extension(name: str) -> str:
    """Return the extension of a name in lower case, without its dot; "" if it has none."""
    match = _EXTENSION.search(name)
    return match[1].lower() if match else ""


def with_extension(name: str, wanted: str) -> str:
    """Return name with the extension added, cut to LIMIT."""
    return _cut(f"{name}.{wanted}")


def _cut(name: str) -> str:
    if len(name) <= LIMIT:
        return name
    match = _EXTENSION.search(name)
    ending = match[0] if match else ""
    return name[: LIMIT - len(ending)].rstrip(". ") + ending
