"""A labelled corpus of talk for `guard.judge`: templates as text files, filled by seed.

Those under `train` are for writing the rules, those under `held_out` for measuring them. The
jsonl files beside them are whole texts of several authors, see `labelled.py`.
`python -m tests.guard.talk` prints the figures.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from kefu.guard import Role

HERE: Final = Path(__file__).parent
SEEDS: Final = {"train": 5, "held_out": 8}
GROUPS: Final[dict[str, tuple[Role, frozenset[str]]]] = {
    "asks": ("agent", frozenset({"block"})),
    "agents": ("agent", frozenset({"pass"})),
    "scams": ("post", frozenset({"hold"})),
    "posts": ("post", frozenset({"pass"})),
    "warnings": ("post", frozenset({"pass", "warn"})),
    "bribes": ("customer", frozenset({"hold"})),
    "tales": ("customer", frozenset({"warn"})),
    "customers": ("customer", frozenset({"pass"})),
}
"""What each file holds: who writes it, and the verdicts that are right for it."""
_GREETING: Final = {
    "en": ("", "Hi there, ", "Thank you for waiting. "),
    "zh-Hans": ("", "您好，", "亲，久等了。"),
    "zh-Hant": ("", "您好，", "讓您久等了。"),
    "ja": ("", "お待たせしました。"),
    "ko": ("", "안녕하세요, "),
}
_APPS: Final = ("Telegram", "WhatsApp", "Signal", "LINE", "Discord", "telegram")
_NAMES: Final = ("asset_help", "RecoverPlus", "coin.rescue", "LisaTrader", "desk_fix77")
_LINKS: Final = (
    "https://wallet-fix.example.org",
    "claim-now.example.com",
    "http://sync.example.net/a",
)
_FIELD: Final = re.compile(r"\{([samhlp])\}")


class Row(NamedTuple):
    """One text: its group (see GROUPS), language and the template it was made from."""

    group: str
    lang: str
    template: str
    text: str


def sections(name: str) -> dict[str, list[str]]:
    """Return the lines of a file by language; name is its path without the ending."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (HERE / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


def corpus(part: str, *, per_template: int) -> Iterator[Row]:
    """Yield the rows of "train" or "held_out", the same at every call."""
    rng = random.Random(SEEDS[part])
    secrets = {lang: lines[0].split(" | ") for lang, lines in sections("words").items()}
    for group in GROUPS:
        for lang, templates in sections(f"{part}/{group}").items():
            for template in templates:
                made = {_filled(template, lang, secrets[lang], rng) for _ in range(per_template)}
                yield from (Row(group, lang, template, text) for text in sorted(made))


def _filled(template: str, lang: str, secrets: list[str], rng: random.Random) -> str:
    values = {
        "s": rng.choice(secrets),
        "a": rng.choice(_APPS),
        "h": f"@{rng.choice(_NAMES)}{rng.randrange(100)}",
        "l": rng.choice(_LINKS),
        "m": rng.choice((f"{rng.randrange(100, 9000)} USDT", f"{rng.randrange(1, 9)}.5 ETH")),
        "p": f"+{rng.randrange(1, 99)} {rng.randrange(200, 999)} {rng.randrange(10**6, 10**7)}",
    }
    text = _FIELD.sub(lambda match: values[match[1]], template)
    return rng.choice(_GREETING.get(lang, ("",))) + text
