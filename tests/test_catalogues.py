"""Texts: every key in every language, every error and every mask in words."""

import importlib
import pkgutil
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

import kefu
from kefu import guard
from kefu.core import i18n
from kefu.core.errors import KefuError

LOCALES: Final = Path(i18n.__file__).parent / "locales"
DOMAINS: Final = sorted(path.stem for path in (LOCALES / i18n.DEFAULT).glob("*.po"))
OPERATORS_ONLY: Final = {"setting.refused", "migration.broken", "assets.missing", "effect.unknown"}
"""Codes that end a command; whoever runs the desk reads them in the terminal."""


@pytest.fixture(params=[lang for lang in i18n.LANGUAGES if lang != i18n.DEFAULT])
def lang(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def texts(lang: str, domain: str) -> dict[str, str]:
    with (LOCALES / lang / f"{domain}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_language_says_the_same_keys(lang: str, domain: str) -> None:
    ours = texts(i18n.DEFAULT, domain)
    assert ours and ours.keys() == texts(lang, domain).keys()


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_text_is_empty_and_placeholders_agree(lang: str, domain: str) -> None:
    theirs = texts(lang, domain)
    for key, text in texts(i18n.DEFAULT, domain).items():
        assert text.strip() and theirs[key].strip(), key
        assert placeholders(text) == placeholders(theirs[key]), key


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_has_chinese_punctuation(domain: str) -> None:
    for key, text in texts("zh-Hans", domain).items():
        for at, mark in enumerate(text):
            if mark in ",;?!" and at and "一" <= text[at - 1] <= "鿿":
                pytest.fail(f"{key} has {mark!r} after a Chinese character")


def errors() -> Iterator[type[KefuError]]:
    """Yield every error the package defines."""
    for module in pkgutil.walk_packages(kefu.__path__, "kefu."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [KefuError]
    while waiting:
        waiting += waiting[0].__subclasses__()
        yield waiting.pop(0)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_error_has_a_text_in_every_language(lang: str) -> None:
    known = i18n.catalogue(lang)
    codes = {e.code for e in errors() if e.__module__.startswith("kefu.")}
    assert len(codes) > 20
    missing = {code for code in codes - OPERATORS_ONLY if f"error.{code}" not in known}
    assert missing == set()


def test_no_two_errors_share_a_code_but_the_status() -> None:
    statuses: dict[str, set[int]] = {}
    for error in errors():
        if error.__module__.startswith("kefu."):
            statuses.setdefault(error.code, set()).add(error.status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_secret_the_guard_removes_has_words_in_its_place(lang: str) -> None:
    for kind in (*guard.KINDS, "other"):
        assert i18n.say(lang, f"chat.mask.{kind}")
    for kind in ("card_number", "mnemonic"):
        assert "4242" in i18n.say(lang, f"chat.mask.{kind}.detail", detail="4242")
