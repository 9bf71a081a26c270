"""What is wrong with a form, beside its fields, in the reader's words."""

from kefu.core.errors import KefuError
from kefu.core.i18n import catalogue
from kefu.web.kit import error_text

Problems = dict[str, KefuError]
"""What is wrong, by the field it stands beside."""


def worded(problems: Problems, lang: str) -> dict[str, str]:
    """Return problems in words, with days and fields called by their names."""
    texts = catalogue(lang)
    said = {}
    for place, error in problems.items():
        for name in error.values.keys() & {"day", "field"}:
            value = error.values[name]
            error.values[name] = texts.get(f"service.{name}.{value}", value)
        said[place] = error_text(lang, error)
    return said


def status_of(problems: Problems) -> int:
    """Return the status of a page that shows problems; 200 without any."""
    return max((error.status for error in problems.values()), default=200)
