"""The operator's own patterns, which run last over every text.

RE2 compiles them, so no pattern takes more than time linear in the text, whoever wrote it.
They are one value of this module, set once at start: every text of a process is cleaned by the
same rules, and a dozen places clean texts that would otherwise hand the patterns down to here.
Without patterns RE2 is not even loaded.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kefu.core.settings import PATTERNS, SettingRefused
from kefu.guard.spans import Span

_MOST: Final = 1_000
_rules: list[tuple[str, Any]] = []


def use_patterns(patterns: Mapping[str, str]) -> None:
    """Set the patterns, by name, of this process.

    Raises SettingRefused, which names the pattern, for one that RE2 cannot compile.
    """
    _rules[:] = [(name, _compiled(name, pattern)) for name, pattern in patterns.items()]


def find_own(text: str) -> Iterator[Span]:
    """Yield what the patterns match. After _MOST matches of one, the rest of the text counts."""
    for name, rule in _rules:
        for count, match in enumerate(rule.finditer(text), 1):
            start, end = match.span()
            if count > _MOST:
                yield Span(start, len(text), "own", name)
                break
            if start < end:
                yield Span(start, end, "own", name)


def _compiled(name: str, pattern: str) -> Any:
    # Here, since most desks have no patterns and shall not wait for it.
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        raise SettingRefused(name=PATTERNS, reason=f"pattern {name!r}: {reason}") from error
