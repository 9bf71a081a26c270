"""The spelling in which talk is read: disguises undone, and one sign for what has a shape."""

import re
from typing import Final

from kefu.core import text as core
from kefu.guard.fold import flatten
from kefu.guard.talk.lexicon import MARKS

_HAN: Final = "\u3400-\u9fff"
_WIDE: Final = f"\u3040-\u30ff\uac00-\ud7a3{_HAN}"
_ADDRESS: Final = "[^\\s\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
_TOKEN: Final = re.compile("\u27ea[^\u27ea\u27eb]{0,60}\u27eb")
_ENDINGS: Final = (
    "com|net|org|io|app|xyz|info|co|me|site|online|top|vip|cc|link|ly|live|pro|finance|club|shop"
    "|dev|ru|cn|to|gg|support|help|web|page|cloud|tech|world|network|fund|cash|win|bid|ai|us|eu"
    "|click|space|store"
)
_COUNTED: Final = "\u4e2a\u500b\u679a\u9897\u9846"
_CURRENCIES: Final = (
    "u(?![a-z])|usdt?|usdc|btc|eth|sol|xrp|ton|trx|bnb|ltc|doge|matic|ada|dot|bitcoins?|eur|euros?"
    "|dollars?|bucks|rub|rubles?|\u0440\u0443\u0431|cny|rmb|krw|jpy|gbp|brl|try|tl|lira|reais"
    "|real|rupiah|juta|trieu|vnd|pesos"
    "|[$\u20ac\u00a3\u00a5\u20bd\u20a9\u20ba\u20ab]|k(?![a-z])|ribu|rb|dolar|dolares|\u0434\u043e\u043b\u043b\u0430\u0440"
    "|\ub2ec\ub7ec|\u30c8\u3099\u30eb|\u30c9\u30eb|\u30c8\u30eb|\u062f\u0648\u0644\u0627\u0631|\u868a|\u5200|\u7f8e\u91d1"
    "|\u5143|\u5757|\u584a|\u4e07|\u842c|\u5186|\u5343|\uc6d0|\ub9cc"
)
_SHAPES: Final = re.compile(
    "(?P<mail>(?<![a-z0-9._+-])[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,5})"
    f"|(?P<link>https?://{_ADDRESS}|www\\.{_ADDRESS}"
    f"|(?<![a-z0-9_@.-])(?:[a-z0-9-]{{1,63}}\\.){{1,6}}(?:{_ENDINGS})(?![a-z0-9-])(?:/\\S*)?)"
    "|(?P<handle>(?<![a-z0-9_.])@ ?[a-z0-9_][a-z0-9_.]{2,31})"
    "|(?P<address>(?<![0-9a-z])(?:0x[0-9a-f]{20,}|(?:bc1|tb1|ltc1|addr1|cosmos1)[0-9a-z]{20,}"
    "|(?=[a-z_-]{0,40}[0-9])[0-9a-z_-]{26,120}))"
    "|(?P<amount>[$\u20ac\u00a3\u00a5\u20bd\u20a9\u20b9\u20ab] ?[0-9][0-9.,]{0,15}[km]?"
    f"|(?<![0-9a-z])[0-9][0-9.,]{{0,15}} ?(?:k |[{_COUNTED}] ?)?(?:{_CURRENCIES}))"
    "|(?P<phone>(?<![0-9a-z])(?:\\+ ?[0-9][0-9 ().-]{6,18}[0-9]"
    "|(?=[0-9 ().-]{9,20})[0-9(][0-9 ().-]{7,16}[0-9])(?![0-9a-z]))"
)
_MAY_SHAPE: Final = re.compile("[0-9@]|https?:|www|[a-z]\\.[a-z]")
_LINE: Final = re.compile(
    f"(?<![A-Za-z])(?:LINE|(?<=[^\\s.!?:] )Line|(?<=[{_WIDE}])Line|Line(?=[{_WIDE}'\u2019]| ?@))"
    "(?![A-Za-z])"
)
_CALLED: Final = re.compile(
    f"((?:{MARKS['line']}{{4}}|telegram|tele|tg|whatsapp|wechat|weixin|signal|discord|vx|wx|qq|zalo"
    "|kakao|\u5fae\u4fe1|\u98de\u673a|\u98db\u6a5f|\u7535\u62a5|\u96fb\u5831|\uce74\ud1a1|\ud154\ub808)"
    "(?: ?(?:id|\u53f7|\u865f))?[ :\u662f]{1,3})"
    "(?=[a-z0-9_]*[a-z])(?=[a-z_]*[0-9_])[a-z0-9_]{5,32}(?![a-z0-9_.])"
)
_SPREAD: Final = re.compile(
    "(?<![^\\W\\d_])(?:[^\\W\\d_][ .*_-]{1,2}){3,40}[^\\W\\d_](?![^\\W\\d_])"
)
_BETWEEN: Final = re.compile("[ .*_-]+")
_HAN_GAP: Final = re.compile(f"(?<=[{_HAN}])[ .*_\u00b7|/-]{{1,2}}(?=[{_HAN}])")
_LEET: Final = re.compile("(?<![a-z0-9@$!])[a-z]{1,8}[0134578@$!][a-z0134578@$!]{1,12}")
_DISGUISED: Final = str.maketrans("0134578@$!", "oieastbasi")
_HIDDEN_WORDS: Final = frozenset(
    (
        "password",
        "passcode",
        "passphrase",
        "seed",
        "phrase",
        "mnemonic",
        "private",
        "secret",
        "code",
    )
)


def spelled(text: str) -> str:
    """Return text in the guard's spelling, lower case; mask tokens left out. Cost: O(length)."""
    if core.OPEN in text:
        text = _TOKEN.sub(" ", text)
    flat = flatten(text)
    low = flat.low
    if "LINE" in flat.plain or "Line" in flat.plain:  # the app; in lower case it is any line
        low = _LINE.sub(MARKS["line"] * 4, flat.plain).lower()
    if _MAY_SHAPE.search(low):
        low = _CALLED.sub(_called, _SHAPES.sub(_mark, low))
        low = _LEET.sub(_undisguised, low)
    if not low.isascii():
        low = _HAN_GAP.sub("", low)
    return _SPREAD.sub(_together, low)


def _mark(match: re.Match[str]) -> str:
    return f" {MARKS[match.lastgroup or 'link']} "


def _called(match: re.Match[str]) -> str:
    return f"{match[1]}{MARKS['handle']} "


def _together(match: re.Match[str]) -> str:
    return _BETWEEN.sub("", match[0])


def _undisguised(match: re.Match[str]) -> str:
    plain = match[0].translate(_DISGUISED)
    return plain if plain in _HIDDEN_WORDS else match[0]
