"""SafeText: text that passed the guard, with what the guard found in it.

Two modules make one: `kefu.guard` from what people write, and the column type in
`kefu.storage.types` from what was stored. Everything else can only hand it on.

A secret that was removed stands in the text as a mask token, `⟪kind⟫` or `⟪kind:detail⟫`
(`⟪card_number:4242⟫`, `⟪mnemonic:12⟫`). A `⟪` that a person typed is stored as `⟪⟫`, so no
message can imitate a token. Readers turn tokens into words with `parts`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, final

OPEN: Final = "⟪"
CLOSE: Final = "⟫"
_TOKEN: Final = re.compile("⟪(?:([a-z_]+)(?::([^⟪⟫]*))?)?⟫")
_MAKERS: Final = object()


class Finding(NamedTuple):
    """One secret that was removed: its kind and where its token stands in the safe text."""

    kind: str
    start: int
    end: int
    detector: str


class Part(NamedTuple):
    """A stretch of safe text: plain words, or one mask token (then `kind` is set)."""

    text: str
    kind: str | None = None
    detail: str | None = None


@final
class SafeText:
    """Text that passed the guard. Made by `kefu.guard` and by the storage column type only.

    asserted: kinds of what stands in it because its author called it harmless.
    """

    __slots__ = ("asserted", "findings", "value")

    value: str
    findings: tuple[Finding, ...]
    asserted: tuple[str, ...]

    def __init__(
        self, value: str, findings: tuple[Finding, ...], asserted: tuple[str, ...], maker: object
    ) -> None:
        if maker is not _MAKERS:
            raise TypeError("SafeText is made by guard.clean and the storage column type only")
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "findings", findings)
        object.__setattr__(self, "asserted", asserted)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("SafeText is immutable")

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"SafeText({len(self.value)} characters, {len(self.findings)} findings)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SafeText) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __len__(self) -> int:
        return len(self.value)


def made_safe(
    value: str, findings: tuple[Finding, ...] = (), asserted: tuple[str, ...] = ()
) -> SafeText:
    """Return a SafeText. For `kefu.guard` and `kefu.storage.types` alone."""
    return SafeText(value, findings, asserted, _MAKERS)


def escape(text: str) -> str:
    """Return text in which a typed `⟪` can no longer begin a mask token."""
    return text.replace(OPEN, OPEN + CLOSE) if OPEN in text else text


def token(kind: str, detail: str = "") -> str:
    """Return the mask token that stands where a secret was."""
    return f"{OPEN}{kind}:{detail}{CLOSE}" if detail else f"{OPEN}{kind}{CLOSE}"


def parts(value: str) -> Iterator[Part]:
    """Yield the stretches of safe text in order, escapes undone."""
    at = 0
    for match in _TOKEN.finditer(value):
        if match.start() > at:
            yield Part(value[at : match.start()])
        yield Part(match[0], match[1], match[2]) if match[1] else Part(OPEN)
        at = match.end()
    if at < len(value):
        yield Part(value[at:])
