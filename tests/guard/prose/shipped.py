"""Sentences of prose that other software brings along: read where it lies, never copied here."""

import ast
import gettext
import gzip
import re
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LANGUAGES: Final = {
    "zh_CN": "zh-Hans", "zh_Hans": "zh-Hans", "zh_TW": "zh-Hant", "zh_HK": "zh-Hant", "es": "es",
    "ru": "ru", "vi": "vi", "ko": "ko", "ja": "ja", "tr": "tr", "pt_BR": "pt", "pt": "pt",
    "fr": "fr", "ar": "ar", "id": "id",
}  # fmt: skip
_CATALOGUES: Final = ("/usr/share/locale", "/usr/share/vim")
_SHOWN: Final = re.compile(  # an example that shows a secret is rightly an alarm
    r"BEGIN [A-Z ]*KEY|[A-Za-z0-9+/_=-]{30,}|(?:\d[ -]?){12,}|://\S*:\S*@"
    r"|(?:passw(?:or)?d|token|secret|api_?key)\S*\s*[=:]\s*\S|otpauth|[\x00-\x08\x0e-\x1f\ufffd]",
    re.IGNORECASE,
)
_ROFF_BREAK: Final = re.compile(r"^\.(?:PP|sp|br|IP|TP|P|LP|RS|RE|HP|Pp|SH|SS).*$", re.MULTILINE)
_ROFF_OTHER: Final = re.compile(r"^[.'].*$", re.MULTILINE)
_MARKUP: Final = re.compile(r"<[^>]{1,200}>|^[*+\-#>|]+ ?", re.MULTILINE)
_NO_PROSE: Final = re.compile(r"copyright|changelog|\.sum|\.log|test", re.IGNORECASE)
_SPACED: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_MOST: Final = 400_000  # bytes of a file
Reader = Callable[[], Iterator[tuple[str, str]]]


def catalogues() -> Iterator[tuple[str, str]]:
    """Yield translated messages with their language, from compiled gettext catalogues."""
    for folder in _CATALOGUES:
        for path in sorted(Path(folder).rglob("*.mo")):
            lang = _LANGUAGES.get(path.parts[-3].split(".")[0])
            if lang is not None:
                yield from ((lang, text) for text in _messages(path))


def _messages(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
    except (OSError, UnicodeDecodeError, LookupError, ValueError):
        return
    known: dict[object, str] = vars(found)["_catalog"]  # no other way to list what it holds
    for key, text in known.items():
        if key:
            yield from re.split(r"\n\n|(?<=。)\n", text)


def documents() -> Iterator[tuple[str, str]]:
    """Yield sentences of package descriptions, of /usr/share/doc and of manual pages."""
    site = Path(sysconfig.get_path("purelib"))
    described = sorted(site.glob("*.dist-info/METADATA"))
    for path in [*described, *sorted(Path("/usr/share/doc").glob("*/*"))]:
        if path.is_file() and not _NO_PROSE.search(path.name):
            text = _MARKUP.sub(" ", _read(path))
            yield from (("en", sentence) for sentence in _english(text))
    for path in sorted(Path("/usr/share/man").glob("man[1578]/*.gz")):
        text = _ROFF_OTHER.sub("", _ROFF_BREAK.sub("\n", _read(path)))
        text = re.sub(r"\\f.|\\&|\\\(\w\w", "", text).replace("\\-", "-")
        yield from (("en", sentence) for sentence in _english(text) if "\\" not in sentence)


def chinese_manuals() -> Iterator[tuple[str, str]]:
    """Yield sentences of Chinese manual pages, without the spaces their typesetting needs."""
    for path in sorted(Path("/usr/share/man").glob("zh*/man*/*")):
        lang = "zh-Hans" if "CN" in path.parts[-3] else "zh-Hant"
        text = re.sub(r"\\f.|\\&", "", _ROFF_OTHER.sub("\n", _read(path)))
        yield from ((lang, _SPACED.sub("", part)) for part in re.split(r"(?<=。)|\n\s*\n", text))


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield sentences of the docstrings of Python and of installed packages."""
    folders = [Path(sysconfig.get_path("stdlib")), *Path(sysconfig.get_path("purelib")).glob("*/")]
    for path in (path for folder in sorted(folders) for path in sorted(folder.glob("*.py"))):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)):
                text = ast.get_docstring(node) or ""
                yield from (("en", sentence) for sentence in _english(text))


def _read(path: Path) -> str:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(_MOST).decode()
    except (OSError, EOFError, UnicodeDecodeError):
        return ""


def _english(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", " ".join(paragraph.split())):
            words = re.findall(r"[A-Za-z']{2,}", sentence)
            letters = sum(map(len, words))
            if 5 <= len(words) <= 60 and sentence[-1] in ".!?" and letters > 0.62 * len(sentence):
                yield sentence


def ordinary(lang: str, text: str) -> str:
    """Return a sentence on one line, or nothing if it is none or shows a secret."""
    line = " ".join(text.split())
    han = len(_HAN.findall(line))
    enough = han >= 5 if lang.startswith("zh") else len(line) >= 12
    return line if enough and len(line) <= 600 and not _SHOWN.search(line) else ""


READERS: Final[dict[str, Reader]] = {
    "catalogues": catalogues,
    "documents": documents,
    "chinese manuals": chinese_manuals,
    "docstrings": docstrings,
}
