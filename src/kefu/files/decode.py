"""Text of a file, whatever its encoding: UTF-8, UTF-16 with its mark, GB 18030."""

import codecs
from typing import Final

_MARKED: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(content: bytes) -> str | None:
    """Return content as text, or None if it is none. A mark of UTF-8 stays as U+FEFF."""
    marked = next((name for mark, name in _MARKED.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
