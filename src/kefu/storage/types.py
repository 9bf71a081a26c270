"""Column types that carry proof: SafeText only, and aware UTC instants only."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from kefu.core.clock import from_micros, to_micros
from kefu.core.text import SafeText, made_safe


class Safe(TypeDecorator[SafeText]):
    """Text that passed the guard. A plain str is refused on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if type(value) is not SafeText:
            raise TypeError(f"this column takes SafeText, not {type(value).__name__}")
        return value.value

    def process_result_value(self, value: Any, dialect: Dialect) -> SafeText | None:
        return None if value is None else made_safe(value)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, as whole microseconds since 1970: the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)
