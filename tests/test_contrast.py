"""The colours of the design system, measured: WCAG contrast of every pair in use."""

import re
from itertools import product
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[1] / "frontend" / "styles"
SHEETS = sorted(path.relative_to(STYLES).as_posix() for path in STYLES.rglob("*.css"))
LIGHT, DARK = ":root", ':root[data-theme="dark"]'
DARK_BY_SYSTEM = ':root:not([data-theme="light"])'

SURFACES = ("paper", "raised", "sunken", "hover")
TINTS = ("accent-tint", "warn-tint", "danger-tint")
BUBBLES = ("bubble-ours", "bubble-theirs")

TEXT = [
    *product(("ink", "ink-soft", "ink-faint", "link"), (*SURFACES, *TINTS, *BUBBLES)),
    *product(("accent", "accent-strong"), (*SURFACES, "accent-tint", *BUBBLES)),
    *product(("warn", "danger"), (*SURFACES, *BUBBLES)),
    ("warn", "warn-tint"),
    ("danger", "danger-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
    ("paper", "n-9"),
]
MARKS = [*product(("line-strong", "focus", "accent", "warn", "danger"), (*SURFACES, *TINTS))]

_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PROPERTY = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RAW_COLOUR = re.compile(r"(?::|\s|\()(#[0-9a-f]{3,8}\b|(?:rgb|hsl|oklch|lab)a?\()", re.IGNORECASE)
_BLACK = re.compile(r"rgb\(0 0 0 / \d+%\)|#000\b")


def declared(selector: str) -> dict[str, str]:
    """Return the custom properties of the first block with this selector, names without `--`."""
    for head, body in _BLOCK.findall(uncommented("tokens.css")):
        if head.strip() == selector:
            return {name[2:]: value.strip() for name, value in _PROPERTY.findall(body)}
    raise LookupError(selector)


def uncommented(sheet: str) -> str:
    return _COMMENT.sub("", (STYLES / sheet).read_text(encoding="utf-8"))


def colour(scheme: dict[str, str], name: str) -> str:
    """Return the hex colour a token ends at, following `var()`."""
    value = scheme[name]
    while match := re.fullmatch(r"var\(--([\w-]+)\)", value):
        value = scheme[match[1]]
    return value


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1. Source: WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("scheme", "selector"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_every_pair_in_use_can_be_read(
    scheme: str, selector: str, pairs: list[tuple[str, str]], least: float
) -> None:
    tokens = declared(selector)
    found = {
        f"{front} on {back}": round(contrast(colour(tokens, front), colour(tokens, back)), 2)
        for front, back in pairs
    }
    assert not {pair: ratio for pair, ratio in found.items() if ratio < least}, scheme


def test_the_measure_agrees_with_known_ratios() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_dark_is_the_same_whether_the_system_or_the_reader_asks() -> None:
    assert declared(DARK) == declared(DARK_BY_SYSTEM)


def test_dark_says_a_colour_for_each_one_light_says() -> None:
    light = {name for name, value in declared(LIGHT).items() if _RAW_COLOUR.search(f" {value}")}
    assert light <= declared(DARK).keys()


def test_every_token_a_sheet_uses_exists() -> None:
    css = "".join(uncommented(sheet) for sheet in SHEETS)
    known = {name for name, _ in _PROPERTY.findall(css)}
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) <= known


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet != "tokens.css"])
def test_a_sheet_takes_its_colours_from_the_tokens(sheet: str) -> None:
    """Black stays free for shadows and masks."""
    assert not _RAW_COLOUR.findall(_BLACK.sub("", uncommented(sheet)))
