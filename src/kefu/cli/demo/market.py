"""The imitation exchange's prices: invented, but the same at each start."""

import random
from typing import Final

from msgspec import Struct

HEIGHT: Final = 400

_WIDTH, _TOP, _BOTTOM = 720, 16, 64


class Market(Struct, frozen=True):
    """One row of the markets table. `line`: points of its trend, in a box of 96 by 28."""

    asset: str
    name: dict[str, str]
    price: str
    change: float
    volume: str
    line: str


class Candle(Struct, frozen=True):
    """One hour, in the coordinates of the chart."""

    up: bool
    x: float
    wick_top: float
    wick_height: float
    top: float
    height: float
    volume: float


class Chart(Struct, frozen=True):
    """Candles, the lines behind them (height, price), and what the last 24 of them reached."""

    candles: tuple[Candle, ...]
    levels: tuple[tuple[float, str], ...]
    last: float
    high: str
    low: str
    change: float


class Quote(Struct, frozen=True):
    """One line of the order book. `depth`: its share of the deepest, in percent."""

    price: str
    amount: str
    depth: int


LAST: Final = 97_412.6

_MARKETS: Final = (
    ("BTC", "比特币", "Bitcoin", LAST, 2.44, "3.82B"),
    ("ETH", "以太坊", "Ethereum", 3_428.15, 1.36, "1.94B"),
    ("SOL", "Solana", "Solana", 214.36, -0.82, "712.4M"),
    ("XRP", "瑞波币", "XRP", 2.1418, 4.07, "655.1M"),
    ("TON", "Toncoin", "Toncoin", 5.482, -1.91, "148.3M"),
    ("DOGE", "狗狗币", "Dogecoin", 0.38214, 3.28, "402.9M"),
    ("TRX", "波场", "TRON", 0.2471, 0.44, "119.6M"),
    ("LTC", "莱特币", "Litecoin", 104.73, -2.35, "86.2M"),
)


def markets() -> tuple[Market, ...]:
    """Return the rows of the markets table."""
    return tuple(
        Market(
            asset, {"zh-Hans": zh, "en": en}, printed(price), change, volume, _trend(asset, change)
        )
        for asset, zh, en, price, change, volume in _MARKETS
    )


def printed(price: float) -> str:
    """Return price with the digits traders expect at its size."""
    digits = 1 if price > 10_000 else 2 if price > 50 else 4 if price > 1 else 5
    return f"{price:,.{digits}f}"


def _trend(asset: str, change: float) -> str:
    chance = random.Random(asset)  # noqa: S311 - a picture, not a secret
    noise = [0.0]
    for _ in range(23):
        noise.append(noise[-1] + chance.gauss(0, 0.6))
    values = [n + (change - noise[-1]) * i / 23 for i, n in enumerate(noise)]
    low, high = min(values), max(values)
    return " ".join(
        f"{i * 96 / 23:.1f},{26 - (value - low) / (high - low) * 24:.1f}"
        for i, value in enumerate(values)
    )


def chart() -> Chart:
    """Return the hourly candles that end at the last price."""
    hours = _hours(random.Random("ramme"))  # noqa: S311 - a picture, not a secret
    low, high = min(h[2] for h in hours), max(h[1] for h in hours)
    scale = (HEIGHT - _TOP - _BOTTOM) / (high - low)

    def y(price: float) -> float:
        return round(_TOP + (high - price) * scale, 1)

    step = (_WIDTH - 64) / len(hours)
    candles = tuple(
        Candle(
            up=closed >= opened,
            x=round(6 + i * step, 1),
            wick_top=y(top),
            wick_height=round((top - bottom) * scale, 1),
            top=y(max(opened, closed)),
            height=round(max(abs(closed - opened) * scale, 1.0), 1),
            volume=round(4 + abs(closed - opened) / (high - low) * 150, 1),
        )
        for i, (opened, top, bottom, closed) in enumerate(hours)
    )
    first = (int(low) // 500 + 1) * 500
    levels = tuple((y(price), f"{price:,}") for price in range(first, int(high), 500))
    day = hours[-24:]
    return Chart(
        candles,
        levels,
        last=y(LAST),
        high=printed(max(h[1] for h in day)),
        low=printed(min(h[2] for h in day)),
        change=round((LAST / day[0][0] - 1) * 100, 2),
    )


def _hours(chance: random.Random) -> list[tuple[float, float, float, float]]:
    """Return (opened, highest, lowest, closed) of 64 hours, walked back from the last price."""
    closed, hours = LAST, []
    for _ in range(64):
        opened = closed - chance.gauss(16, 210)
        top = max(opened, closed) + abs(chance.gauss(0, 90))
        bottom = min(opened, closed) - abs(chance.gauss(0, 90))
        hours.append((opened, top, bottom, closed))
        closed = opened
    return hours[::-1]


def book() -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """Return asks, dearest first, and bids, dearest first."""
    chance = random.Random("book")  # noqa: S311 - a picture, not a secret
    asks = [_quote(chance, LAST + 0.6 + 1.7 * i) for i in range(7)]
    bids = [_quote(chance, LAST - 0.3 - 1.9 * i) for i in range(7)]
    return tuple(asks[::-1]), tuple(bids)


def _quote(chance: random.Random, price: float) -> Quote:
    amount = min(abs(chance.gauss(0.35, 0.5)) + 0.012, 1.6)
    return Quote(printed(price), f"{amount:.4f}", round(amount / 1.6 * 100))
