"""Writes vectors.jsonl: what both engines must answer alike.

Run it after a change of `marked.txt` or of the tables below; a test says when it is stale.
Values are drawn from a fixed seed; none is real.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from kefu.guard.pack import word_list

HERE: Final = Path(__file__).parent
_MARK: Final = re.compile(r"\{\{([a-z_]+):(.*?)\}\}", re.DOTALL)
_LISTS: Final = {
    "bip39_english": ("en", "my seed phrase is {} and it fails"),
    "bip39_spanish": ("es", "mi frase semilla: {}"),
    "bip39_french": ("fr", "ma phrase de récupération : {}"),
    "bip39_italian": ("en", "seed: {}"),
    "bip39_portuguese": ("pt", "minha frase de recuperação: {}"),
    "bip39_czech": ("en", "recovery words\\n{}"),
    "bip39_japanese": ("ja", "シードフレーズ：{}"),
    "bip39_korean": ("ko", "니모닉 {}"),
    "bip39_chinese_simplified": ("zh-Hans", "助记词 {} 导入后没钱"),
    "bip39_chinese_traditional": ("zh-Hant", "助記詞：{}"),
    "slip39": ("en", "shamir recovery words: {}"),
}


def _numbered(words: list[str], pattern: str, between: str) -> str:
    return between.join(pattern.format(at, word) for at, word in enumerate(words, 1))


_LAYOUTS: Final[dict[str, Callable[[list[str]], str]]] = {
    "space": " ".join,
    "comma": ", ".join,
    "newline": "\n".join,
    "slash": " / ".join,
    "br": "<br>".join,
    "double": "  ".join,
    "numbered": lambda words: _numbered(words, "{}. {}", "\n"),
    "inline": lambda words: _numbered(words, "{}) {}", " "),
    "hash": lambda words: _numbered(words, "#{} {}", "\n"),
    "glued": lambda words: _numbered(words, "{}.{}", " "),
}


def rows() -> Iterator[dict[str, Any]]:
    """Yield every row: the marked messages, then phrases in each list and layout."""
    for number, line in enumerate((HERE / "marked.txt").read_text("utf-8").splitlines()):
        if line and not line.startswith("#"):
            lang, text = line.split("\t", 1)
            yield _row(f"m{number:03}", lang, text.replace("\\n", "\n"))
    draw = random.Random(39)
    for name, (lang, frame) in _LISTS.items():
        for size in (12, 24) if name != "slip39" else (20, 33):
            for layout, write in _LAYOUTS.items():
                words = draw.sample(word_list(name), size)
                text = frame.replace("\\n", "\n").format(f"{{{{mnemonic:{write(words)}}}}}")
                yield _row(f"{name}-{size}-{layout}", lang, text)


def _row(name: str, lang: str, marked: str) -> dict[str, Any]:
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append({"start": len(text), "end": len(text) + len(match[2]), "kind": match[1]})
        text += match[2]
        at = match.end()
    return {"id": name, "lang": lang, "text": text + marked[at:], "spans": spans}


if __name__ == "__main__":
    lines = [json.dumps(row, ensure_ascii=False) for row in rows()]
    (HERE / "vectors.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
