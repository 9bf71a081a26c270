"""Why the guard refuses a text."""

from kefu.core.errors import KefuError


class TextEmpty(KefuError):
    """Nothing in the text can be seen."""

    code = "text.empty"
    status = 422


class TextTooLong(KefuError):
    """More code points than `limit`."""

    code = "text.too_long"
    status = 413


class TextRefused(KefuError):
    """The text holds a NUL, which no text has and a database refuses."""

    code = "text.refused"
    status = 422
