"""Texts in the reader's language: gettext catalogues with keys as message ids.

`locales/<language>/<domain>.po` holds a part of the product each: `pages`, `chat`, `desk`, ...;
adding a language is adding a folder and a line in LANGUAGES.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

LANGUAGES: Final = ("zh-Hans", "en")
DEFAULT: Final = "en"
SHORT: Final = {"zh-Hans": "zh", "en": "en"}
NATIVE: Final = {"zh-Hans": "简体中文", "en": "English"}

_LOCALES: Final = Path(__file__).parent / "locales"


class UnknownText(KeyError):
    """A key without a text: a fault of the code, found by the catalogue test."""


def language(tag: str | None) -> str | None:
    """Return the language we speak for a BCP 47 tag, or None. Case does not matter."""
    if not tag:
        return None
    lower = tag.strip().replace("_", "-").lower()
    base = lower.split("-", 1)[0]
    if base == "zh":  # of any script, until there are texts in another
        return "zh-Hans"
    return next((known for known in LANGUAGES if known.lower() in (lower, base)), None)


def preferred(accept_language: str) -> str:
    """Return the best language for an Accept-Language header; Chinese of any script is Chinese."""
    for entry in sorted(_weighted(accept_language), key=lambda pair: -pair[1]):
        if found := language(entry[0]):
            return found
    return DEFAULT


def _weighted(header: str) -> list[tuple[str, float]]:
    entries = []
    for item in header.split(",")[:20]:
        tag, _, quality = item.strip().partition(";q=")
        try:
            entries.append((tag, float(quality or 1)))
        except ValueError:
            continue
    return entries


def say(lang: str, key: str, **values: Any) -> str:
    """Return the text of key in lang, its `{placeholders}` filled.

    Raises UnknownText for a key that has no text in lang.
    """
    try:
        text = catalogue(lang)[key]
    except KeyError:
        raise UnknownText(f"{key} in {lang}") from None
    return text.format(**values) if values else text


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Return every text of lang by key."""
    texts: dict[str, str] = {}
    for path in sorted((_LOCALES / lang).glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file)
        texts |= {str(m.id): str(m.string) for m in messages if m.id and m.string}
    return texts


def domain(lang: str, prefix: str) -> dict[str, str]:
    """Return the texts of lang whose key begins with `prefix.`, for scripts of a page."""
    return {key: text for key, text in catalogue(lang).items() if key.startswith(prefix + ".")}
