"""Recovery phrases with right checksums, in the layouts that people paste them in."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Final, NamedTuple

from kefu.guard.pack import word_list
from tests.guard.corpus.checksums import rs1024
from tests.guard.corpus.value import Case, Value, full_width

LISTS: Final = (
    "english", "chinese_simplified", "chinese_traditional", "japanese", "korean",
    "spanish", "french", "italian", "czech", "portuguese",
)  # fmt: skip
_OWN: Final = {
    "zh-Hans": "chinese_simplified",
    "zh-Hant": "chinese_traditional",
    "ja": "japanese",
    "ko": "korean",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
}
_ACCENTED: Final = ("spanish", "french", "czech")
_COUNTS: Final = (12,) * 11 + (24,) * 6 + (15, 18, 18, 21)
_CHINESE_NUMBERS: Final = "一二三四五六七八九十"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔"


class Phrase(NamedTuple):
    """Words in order, the list they come from, and what is odd about them."""

    words: list[str]
    source: str
    variant: str


def mnemonic(case: Case) -> Value:
    """Return a phrase as somebody may write it; without a cue it keeps its spaces."""
    random = case.random
    phrase = _phrase(random, case.lang)
    if not (case.cued and case.lang.startswith("zh") and _sound(phrase)):
        layouts = [name for name in _layouts(phrase, case.lang) if name != "joined"]
    else:
        layouts = _layouts(phrase, case.lang)
    layout = random.choice(layouts)
    text = LAYOUTS[layout](random, phrase.words)
    return Value(text, (f"mn:{phrase.variant}", f"list:{phrase.source}", f"layout:{layout}"))


def flat_mnemonic(case: Case) -> Value:
    """Return a phrase on one line, without quotation marks."""
    while True:
        value = mnemonic(case)
        if not set(value.text) & set('\n\t"'):
            return value


def bip39(random: Random, source: str, count: int) -> list[str]:
    """Return a phrase of a list whose last word holds the right checksum."""
    words = _typed(f"bip39_{source}")
    entropy = random.randbytes(count * 4 // 3)
    digest = hashlib.sha256(entropy).digest()
    bits = "".join(f"{byte:08b}" for byte in entropy + digest)
    return [words[int(bits[at * 11 : at * 11 + 11], 2)] for at in range(count)]


@cache
def _typed(name: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word) for word in word_list(name))


def _sound(phrase: Phrase) -> bool:
    return phrase.variant.isdecimal()


def _phrase(random: Random, lang: str) -> Phrase:
    source = _source(random, lang)
    special = random.random()
    if source == "english" and special < 0.13:
        for limit, make in ((0.04, _slip39), (0.065, _electrum), (0.09, _ton), (0.13, _short)):
            if special < limit:
                return make(random)
    count = random.choice(_COUNTS)
    words = bip39(random, source, count)
    if special > 0.93 and not source.startswith("chinese"):
        return Phrase(_mistyped(random, words), source, "typo")
    if special > 0.87:
        del words[-1 if random.random() < 0.6 else random.randrange(count)]
        return Phrase(words, source, "partial")
    return Phrase(words, source, str(count))


def _source(random: Random, lang: str) -> str:
    drawn = random.random()
    if lang in _OWN and drawn < 0.4:
        return _OWN[lang]
    if drawn > 0.92:
        return random.choice(LISTS)
    return "english"


def _slip39(random: Random) -> Phrase:
    values = [random.randrange(1024) for _ in range(4)]
    values += [random.randrange(256), *(random.randrange(1024) for _ in range(12))]
    if random.random() < 0.25:
        values += [random.randrange(1024) for _ in range(13)]
    values += rs1024(values)
    return Phrase([_typed("slip39")[value] for value in values], "english", "slip39")


def _electrum(random: Random) -> Phrase:
    if random.random() < 0.2:
        old = _typed("electrum_old")
        return Phrase([random.choice(old) for _ in range(12)], "english", "electrum-old")
    words = _typed("bip39_english")
    while True:
        drawn = [random.choice(words) for _ in range(12)]
        version = hmac.digest(b"Seed version", " ".join(drawn).encode(), "sha512").hex()
        if version.startswith("01"):
            return Phrase(drawn, "english", "electrum")


def _ton(random: Random) -> Phrase:
    words = _typed("bip39_english")
    return Phrase([random.choice(words) for _ in range(24)], "english", "ton")


def _short(random: Random) -> Phrase:
    words = bip39(random, "english", random.choice((12, 12, 24)))
    return Phrase([word[:4] for word in words], "english", "prefix4")


def _mistyped(random: Random, words: list[str]) -> list[str]:
    long = [at for at, word in enumerate(words) if len(word) > 3]
    at = random.choice(long or [0])
    word = words[at]
    gap = random.randrange(1, max(2, len(word) - 1))
    swapped = word[:gap] + word[gap + 1 : gap + 2] + word[gap : gap + 1] + word[gap + 2 :]
    doubled = word[:gap] + word[gap - 1 :]
    mistyped = random.choice((swapped, doubled, word[:gap] + word[gap + 1 :]))
    return [*words[:at], mistyped, *words[at + 1 :]]


def _layouts(phrase: Phrase, lang: str) -> list[str]:
    names = [*_COMMON]
    source = phrase.source
    if source.startswith("chinese"):
        names += ["joined"] * 9 + ["ideographic", "enumerated", "enumerated", "chinese_numbers"]
    elif source == "japanese":
        names += ["ideographic"] * 6
    elif source != "korean":
        names += ["upper", "title", "title", "title_lines", "full_width", "last_and"]
    if lang.startswith("zh") and not source.startswith("chinese"):
        names += ["enumerated", "chinese_comma", "which", "chinese_numbers"]
    if source in _ACCENTED:
        names += ["no_accents"] * 3
    if source in ("japanese", "korean", "spanish", "french"):
        names += ["decomposed"] * 3
    return names


_COMMON: Final = (
    *["space"] * 12, *["comma"] * 4, *["comma_tight"] * 3, *["lines"] * 4,
    *["dot_lines"] * 4, *["dot_inline"] * 3, *["paren_lines"] * 2, "paren_inline", "brackets",
    "number_tight", "number_word", "colon", "hash", "square", "circled", "two_columns",
    "two_lines", "rows_of_four", "rows_of_three", "slash", "dash", "double_space", "word_n",
    "tab", "pipe", "ellipsis", "bullets", "semicolon", "arrow", "underscore", "break", "plus",
    "json", "quoted", "word_then_number", "blank_lines", "stop",
)  # fmt: skip
Layout = Callable[[Random, list[str]], str]


def _joined_by(*separators: str) -> Layout:
    return lambda random, words: random.choice(separators).join(words)


def _numbered(pattern: str, *separators: str) -> Layout:
    def write(random: Random, words: list[str]) -> str:
        width = 2 if random.random() < 0.15 else 1
        parts = [pattern.format(n=str(at).zfill(width), w=word) for at, word in enumerate(words, 1)]
        return random.choice(separators).join(parts)

    return write


def _rows(size: int) -> Layout:
    return lambda _, words: "\n".join(
        " ".join(words[at : at + size]) for at in range(0, len(words), size)
    )


def _two_columns(random: Random, words: list[str]) -> str:
    half = (len(words) + 1) // 2
    gap = random.choice(("    ", "\t", "   "))
    return "\n".join(
        gap.join(f"{n + 1}. {words[n]}" for n in (at, at + half) if n < len(words))
        for at in range(half)
    )


def _plain_letters(_: Random, words: list[str]) -> str:
    spelled = unicodedata.normalize("NFD", " ".join(words))
    return "".join(char for char in spelled if not unicodedata.combining(char))


def _chinese_number(at: int) -> str:
    tens, ones = divmod(at, 10)
    head = ("" if tens == 1 else _CHINESE_NUMBERS[tens - 1]) + "十" if tens else ""
    return head + (_CHINESE_NUMBERS[ones - 1] if ones else "")


def _chinese_numbers(random: Random, words: list[str]) -> str:
    return random.choice((" ", "\n")).join(
        f"{_chinese_number(at)}、{word}" for at, word in enumerate(words, 1)
    )


def _word_n(random: Random, words: list[str]) -> str:
    name, sign = random.choice(("word", "Word ", "w")), random.choice((": ", "=", " - "))
    return random.choice((", ", "\n")).join(
        f"{name}{at}{sign}{word}" for at, word in enumerate(words, 1)
    )


def _full_width_words(random: Random, words: list[str]) -> str:
    return random.choice((" ", "\u3000")).join(full_width(word) for word in words)


LAYOUTS: Final[dict[str, Layout]] = {
    "space": _joined_by(" "),
    "comma": _joined_by(", "),
    "comma_tight": _joined_by(","),
    "lines": _joined_by("\n"),
    "blank_lines": _joined_by("\n\n", "\n \n"),
    "dot_lines": _numbered("{n}. {w}", "\n"),
    "dot_inline": _numbered("{n}. {w}", " ", ", "),
    "paren_lines": _numbered("{n}) {w}", "\n"),
    "paren_inline": _numbered("{n}) {w}", " "),
    "brackets": _numbered("({n}) {w}", " ", "\n"),
    "number_tight": _numbered("{n}.{w}", " "),
    "number_word": _numbered("{n}{w}", " "),
    "colon": _numbered("{n}: {w}", "\n", ", "),
    "hash": _numbered("#{n} {w}", "\n", " "),
    "square": _numbered("[{n}] {w}", " "),
    "circled": lambda _, words: " ".join(f"{_CIRCLED[at]}{word}" for at, word in enumerate(words)),
    "word_then_number": _numbered("{w} {n}", ", ", "\n"),
    "two_columns": _two_columns,
    "two_lines": lambda random, words: _rows((len(words) + 1) // 2)(random, words),
    "rows_of_four": _rows(4),
    "rows_of_three": _rows(3),
    "slash": _joined_by("/", " / "),
    "dash": _joined_by("-", " - "),
    "double_space": _joined_by("  "),
    "word_n": _word_n,
    "tab": _joined_by("\t"),
    "pipe": _joined_by(" | ", "|"),
    "ellipsis": _joined_by("...", " .. "),
    "stop": _joined_by(". ", " . "),
    "bullets": lambda random, words: random.choice(("\n- ", "\n* ", "\n• ")).join(words),
    "semicolon": _joined_by("; ", ";"),
    "arrow": _joined_by(" > ", " -> ", " → "),
    "underscore": _joined_by("_"),
    "break": _joined_by("<br>", "<br/>\n"),
    "plus": _joined_by(" + ", "+"),
    "json": lambda _, words: json.dumps(words, ensure_ascii=False),
    "quoted": lambda _, words: " ".join(f"'{word}'" for word in words),
    "last_and": lambda _, words: ", ".join(words[:-1]) + " and " + words[-1],
    "upper": lambda _, words: " ".join(words).upper(),
    "title": lambda random, words: random.choice((" ", ", ")).join(map(str.title, words)),
    "title_lines": lambda _, words: "\n".join(map(str.title, words)),
    "full_width": _full_width_words,
    "no_accents": _plain_letters,
    "decomposed": lambda random, words: unicodedata.normalize(
        "NFKD", random.choice((" ", "\n")).join(words)
    ),
    "joined": _joined_by(""),
    "ideographic": _joined_by("\u3000"),
    "enumerated": _joined_by("、"),
    "chinese_comma": _joined_by("，"),
    "which": lambda random, words: random.choice(("，", "\n")).join(
        f"第{at}个{word}" for at, word in enumerate(words, 1)
    ),
    "chinese_numbers": _chinese_numbers,
}
