"""Amounts of time as people write them: `2m`, `1h 30m`, `4 小时`."""

import re
from datetime import timedelta
from typing import Final

from kefu.sla.errors import DurationMalformed

LONGEST: Final = timedelta(days=366)

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_WORDS: Final = {
    "s": ("s", "sec", "secs", "second", "seconds", "秒", "秒钟"),
    "m": ("m", "min", "mins", "minute", "minutes", "分", "分钟"),
    "h": ("h", "hr", "hrs", "hour", "hours", "时", "小时", "个小时"),
    "d": ("d", "day", "days", "天", "日"),
}
_UNIT_OF: Final = {word: unit for unit, words in _WORDS.items() for word in words}
_PART: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([^\W\d_]+)\s*")
_PLAIN: Final = str.maketrans("０１２３４５６７８９．", "0123456789.")


def read(text: str) -> timedelta:
    """Return the amount of time; a number needs its unit, a day is 24 hours.

    Raises DurationMalformed, also for one that is zero, or longer than a year.
    """
    plain = text.translate(_PLAIN).strip().lower()
    total, at = timedelta(), 0
    while at < len(plain):
        part = _PART.match(plain, at)
        unit = _UNIT_OF.get(part[2]) if part else None
        if part is None or unit is None:
            raise DurationMalformed
        total += _times(float(part[1]), _UNITS[unit])
        at = part.end()
    if not timedelta() < total <= LONGEST:
        raise DurationMalformed
    return total


def _times(number: float, unit: timedelta) -> timedelta:
    if number > LONGEST / unit:
        raise DurationMalformed
    return number * unit


def written(span: timedelta) -> str:
    """Return an amount of time as `read` takes it: `1h 30m`. No larger unit than hours.

    Targets are spoken of in hours (72 h), because a day of open time is seldom one of 24.
    """
    seconds = span.total_seconds()
    hours, rest = divmod(seconds, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{hours:.0f}h" if hours else "", f"{minutes:.0f}m" if minutes else ""]
    parts.append(f"{rest:g}s" if rest or not (hours or minutes) else "")
    return " ".join(part for part in parts if part)
