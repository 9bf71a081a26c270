"""Fails unless every phrase is there in every language and every phrase that is used exists.

Catalogs are `src/kefu/core/locales/LANGUAGE/DOMAIN.po`. A key begins with its domain (in
errors.po with `error.`) and names the same placeholders in every language.
"""

import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

SOURCES = Path(__file__).resolve().parent.parent / "src" / "kefu"
LOCALES = SOURCES / "core" / "locales"
USES = {
    "*.html": re.compile(r"""\b_\(\s*['"]([a-z_]+\.[a-z0-9_.]+)['"]\s*[,)]"""),
    "*.py": re.compile(r"""\bsay\(\s*[^,()]+,\s*['"]([a-z_]+\.[a-z0-9_.]+)['"]\s*[,)]"""),
}

Catalog = dict[str, str]


def main() -> int:
    """Print every fault; return 1 if there was one."""
    catalogs: dict[str, Catalog] = {}
    faults: list[str] = []
    for folder in sorted(path for path in LOCALES.iterdir() if path.is_dir()):
        catalogs[folder.name] = _catalog(folder, faults)
    faults += [*_differences(catalogs), *_unknown_uses(catalogs)]
    for fault in faults:
        print(fault)
    keys = {key for catalog in catalogs.values() for key in catalog}
    print(f"{len(keys)} phrases in {' and '.join(catalogs)}: {len(faults)} faults")
    return 1 if faults or not keys else 0


def _catalog(folder: Path, faults: list[str]) -> Catalog:
    catalog: Catalog = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            messages = [message for message in read_po(file, abort_invalid=True) if message.id]
        for message in messages:
            key, text = str(message.id), str(message.string or "")
            where = f"{folder.name}/{path.name}: {key}"
            if not text.strip() or message.fuzzy:
                faults.append(f"{where} has no finished text")
            if key.partition(".")[0] not in (path.stem, path.stem.removesuffix("s")):
                faults.append(f"{where} belongs into another file")
            catalog[key] = text
    return catalog


def _differences(catalogs: dict[str, Catalog]) -> Iterator[str]:
    every_key = sorted({key for catalog in catalogs.values() for key in catalog})
    for key in every_key:
        absent = [language for language, catalog in catalogs.items() if key not in catalog]
        if absent:
            yield f"{key} is missing in {', '.join(absent)}"
        elif len({_placeholders(catalog[key]) for catalog in catalogs.values()}) > 1:
            yield f"{key} names other placeholders in one language than in another"


def _placeholders(text: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
    except ValueError:
        return frozenset({"unreadable"})


def _unknown_uses(catalogs: dict[str, Catalog]) -> Iterator[str]:
    for pattern, use in USES.items():
        for path in sorted(SOURCES.rglob(pattern)):
            for key in sorted(set(use.findall(path.read_text("utf-8")))):
                if not any(key in catalog for catalog in catalogs.values()):
                    yield f"{path.relative_to(SOURCES)} uses {key}, which no catalog has"


if __name__ == "__main__":
    sys.exit(main())
