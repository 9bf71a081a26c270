"""Time of the guard: ordinary chat messages, and 100 kB of text made to be slow."""

import statistics
import time

from benchmarks.figures import Plan, Result, row
from benchmarks.machine import SERVER_CORE, on_core
from kefu import guard
from kefu.guard.pack import word_list

ORDINARY = {
    "short": "Hi, is the app down for you as well?",
    "en": "Hi, my USDT withdrawal has been pending for 2 hours. Why?...",
    "zh": "您好，我昨天晚上十点提现了五百个泰达币到外部钱包，"
    "到现在一直显示处理中，页面上也没有任何提示，请帮我查一下进度，谢谢您。",
    "order": "My order 629780813813129804 was paid at 2026-03-01 10:22:31.",
}
_WORDS = word_list("bip39_english")
_SIZE = 100_000


def _filled(piece: str) -> str:
    return (piece * (_SIZE // len(piece) + 1))[:_SIZE]


HOSTILE = {
    "one digit run": _filled("4"),
    "spaced digits": _filled("4 "),
    "pairs": _filled("42 "),
    "groups of four": _filled("4243 "),
    "card after card": _filled("4242424242424242 "),
    "cards that fail": _filled("4242424242424243 "),
    "list words": _filled(" ".join(_WORDS) + " "),
    "eleven list words": _filled(" ".join(_WORDS[:11]) + " is "),
    "mistyped": _filled("zone abandom "),
    "base58 of a WIF's length": _filled("L" + "z" * 51 + " "),
    "extended key": _filled("xprv" + "z" * 107 + " "),
    "hex": _filled("ab" * 32 + " "),
    "one word": _filled("Kz"),
    "PEM begins": _filled("-----BEGIN PRIVATE KEY-----"),
    "dashes": _filled("-"),
    "full-width digits": _filled("４２４３ "),
    "zero width": _filled("4\u200b2"),
    "gaps": _filled("ab" + " ." * 6),
    "Chinese signs apart": _filled("的 一 是 "),
    "kana": _filled("あいうえお"),
    "combining marks": _filled("a\u0301"),
    "two scripts in a word": _filled("аa"),
    "cues": _filled("code "),
    "codes": _filled("code 123456 "),
    "passwords": _filled("password abc123 "),
    "keys by cue": _filled("private key " + "ab" * 32 + " "),
    "secrets by cue": _filled("secret " + "ab12" * 8 + " "),
    "seeds of an authenticator": _filled("2fa key abcd efgh ijkl mnop "),
    "JSON frames": _filled('{"crypto":'),
    "bytes": _filled("12,"),
    "token heads": _filled("eyJaaaaaaaa."),
    "identity numbers": _filled("身份证 110101199003077117 "),
    "words run together": _filled("abandonability"),
}


def microseconds(text: str, rounds: int = 2_000) -> float:
    """Return the median time of `guard.clean(text)`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        guard.clean(text)
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times) / 1_000


def milliseconds(text: str, rounds: int = 5) -> float:
    """Return the best time of `guard.scan(text)`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        guard.scan(text)
        times.append(time.perf_counter_ns() - start)
    return min(times) / 1e6


def run(plan: Plan) -> Result:
    """Measure on one core."""
    with on_core(SERVER_CORE):
        times = {n: [microseconds(t) for _ in range(plan.rounds)] for n, t in ORDINARY.items()}
        worst = {name: milliseconds(text, plan.rounds) for name, text in HOSTILE.items()}
    slowest = max(worst, key=lambda name: worst[name])
    mixed = [1e6 / statistics.mean(each) for each in zip(*times.values(), strict=True)]
    rows = [
        row("ordinary messages, one core", mixed, "msg/s", at_least=10_000),
        row(f"100 kB, the slowest ({slowest})", [worst[slowest]], "ms", at_most=50),
        row("one short message", times["short"], "us", at_most=30),
        *(row(f"one message: {name}", found, "us") for name, found in times.items()),
    ]
    return Result(rows, {"hostile_ms": worst})
