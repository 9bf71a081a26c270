"""Masks secrets in a file of any length: its text in pieces, read a window at a time.

A piece knows how it stands in the file and how the guard shall read it, so a format decides
what may be replaced: a value goes, the marks around it stay, and the file still parses.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from kefu import guard
from kefu.files.credentials import credentials
from kefu.guard.spans import Span, merged

Form = Literal["plain", "string", "bare", "frame", "open", "close"]

WINDOW: Final = 6_000
AHEAD: Final = 2_000
CONTEXT: Final = 500
MOST: Final = 64_000
NUMBER_WEIGHT: Final = 25
"""A window holds 240 numbers at most: past a few hundred the guard reads no words beside them."""

_NUMBER: Final = re.compile("[0-9]{3,}")
_INK: Final = re.compile(r"[^\W_]")


class Piece(NamedTuple):
    """A stretch of a file.

    raw: as it stands there. shown: as the guard reads it.
    form: plain text; within a JSON string; a bare JSON value; a frame that stays whatever
        happens; an opening or closing bracket of JSON, which goes only with its whole group.
    forced: the kind of secret it holds by its place (the value of a Cookie header), else "".
    depth: how many JSON strings it stands within beyond its own: what replaces it is escaped
        as often.
    """

    raw: str
    shown: str
    form: Form = "plain"
    forced: str = ""
    depth: int = 0

    @property
    def weight(self) -> int:
        """How much of a window it takes, at least its length."""
        numbers = len(_NUMBER.findall(self.shown)) if self.form != "frame" else 0
        return max(len(self.shown), NUMBER_WEIGHT * numbers)


class Masker:
    """Yields a file's text with its secrets replaced. found: how many of each kind so far.

    kept: letters and digits of content that stay, so that a file of nothing else is told.
    """

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.kept = 0

    def masked(self, pieces: Iterable[Piece]) -> Iterator[str]:
        """Yield the new text in stretches. Memory: a window; time: linear in the text."""
        waiting: list[Piece] = []
        weight, room, before = 0, WINDOW, ""
        for piece in pieces:
            waiting.append(piece)
            weight += piece.weight
            if weight < room:
                continue
            spans = _spans(before, waiting)
            count = _ready(waiting, spans, sure=room >= MOST)
            if count == 0:
                room *= 2
                continue
            yield self._written(waiting[:count], spans)
            before = (before + "".join(p.shown for p in waiting[:count]))[-CONTEXT:]
            waiting = waiting[count:]
            weight, room = sum(p.weight for p in waiting), WINDOW
        yield self._written(waiting, _spans(before, waiting))

    def _written(self, pieces: list[Piece], spans: list[Span]) -> str:
        """Return the pieces as the file shall hold them. spans: in their shown text."""
        ends = _group_ends(pieces)
        text = "".join(piece.shown for piece in pieces)
        out: list[str] = []
        told: Span | None = None  # the span whose mask is written already
        at, skip_to, next_span = 0, 0, 0
        for number, piece in enumerate(pieces):
            start, at = at, at + len(piece.shown)
            while next_span < len(spans) and spans[next_span].end <= start:
                next_span += 1
            inside = _inside(spans, next_span, start, at)
            if number < skip_to:
                continue
            end = ends.get(number)
            if end and (whole := _whole(spans, next_span, text, start, end.stop)):
                out.append(_deeper(f'"{self._mask(whole, told)}"', piece.depth))
                told, skip_to = whole, end.number + 1
            elif not inside:
                out.append(piece.raw)
                self._keep(piece.shown, piece.form)
            elif piece.form in ("frame", "open", "close"):
                out.append(piece.raw)
            else:
                new, told = self._edited(piece, start, inside, told)
                out.append(_deeper(new, piece.depth))
        return "".join(out)

    def _edited(
        self, piece: Piece, start: int, spans: list[Span], told: Span | None
    ) -> tuple[str, Span | None]:
        """Return a piece without the spans in it, and the last span whose mask is written."""
        if piece.form == "bare":
            mask = self._mask(spans[0], told)
            return f'"{mask}"' if mask else "null", spans[0]
        out, at = [], 0
        for span in spans:
            plain = piece.shown[at : max(span.start - start, at)]
            self._keep(plain, piece.form)
            out += [quoted(plain) if piece.form == "string" else plain, self._mask(span, told)]
            told, at = span, span.end - start
        rest = piece.shown[at:]
        self._keep(rest, piece.form)
        return "".join([*out, quoted(rest) if piece.form == "string" else rest]), told

    def _mask(self, span: Span, told: Span | None) -> str:
        """Return the words where a secret was; nothing where they stand already."""
        if span is told:
            return ""
        self.found[span.kind] += 1
        return f"[{span.kind} removed]"

    def _keep(self, text: str, form: Form) -> None:
        if form != "frame":
            self.kept += sum(1 for _ in _INK.finditer(text))


def _spans(before: str, pieces: list[Piece]) -> list[Span]:
    """Return the secrets in the pieces' shown text, in order, apart; `before` is context."""
    text = before + "".join(piece.shown for piece in pieces)
    shift = len(before)
    placed, groups = _by_place(pieces, shift)
    found = [*guard.scan(text), *credentials(text), *placed]
    found = [*(span for span in found if not _is_about(span, groups)), *groups]
    return [
        span._replace(start=max(span.start - shift, 0), end=span.end - shift)
        for span in merged(found)
        if span.end > shift
    ]


def _by_place(pieces: list[Piece], at: int) -> tuple[list[Span], list[Span]]:
    """Return the spans of values and of whole groups that are forced, from offset `at` on."""
    ends = _group_ends(pieces)
    values: list[Span] = []
    groups: list[Span] = []
    total = at + sum(len(piece.shown) for piece in pieces)
    start = at
    for number, piece in enumerate(pieces):
        if piece.forced and piece.form == "open":
            stop = ends[number].stop + at if number in ends else total
            groups.append(Span(start, stop, piece.forced))
        elif piece.forced and piece.shown:
            values.append(Span(start, start + len(piece.shown), piece.forced))
        start += len(piece.shown)
    return values, groups


def _is_about(span: Span, groups: list[Span]) -> bool:
    """Return whether a span is the guard's wider view of a forced group, which says it better."""
    return any(span.kind == g.kind and span.start <= g.start and g.end <= span.end for g in groups)


def _ready(pieces: list[Piece], spans: list[Span], *, sure: bool) -> int:
    """Return how many pieces can be written: none that what follows could still change.

    sure: the window is as large as it gets, so a secret that fills it is written as it is.
    """
    last, behind = len(pieces), 0
    while last > 1 and behind < AHEAD:
        last -= 1
        behind += pieces[last].weight
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += len(piece.shown)
    cut = starts[last] if last < len(pieces) else at
    for span in spans:
        if span.start < cut < span.end:
            cut = span.start
            break
    count = sum(
        1 for start, piece in zip(starts, pieces, strict=True) if start + len(piece.shown) <= cut
    )
    return len(pieces) if sure and count == 0 else count


class _End(NamedTuple):
    number: int
    stop: int


def _group_ends(pieces: list[Piece]) -> dict[int, _End]:
    """Return, by the number of each opening bracket, its closing one and where that ends."""
    ends: dict[int, _End] = {}
    open_: list[int] = []
    at = 0
    for number, piece in enumerate(pieces):
        at += len(piece.shown)
        if piece.form == "open":
            open_.append(number)
        elif piece.form == "close" and open_:
            ends[open_.pop()] = _End(number, at)
    return ends


def _whole(spans: list[Span], first: int, text: str, start: int, end: int) -> Span | None:
    """Return the span that takes in all letters and digits of a group, or None."""
    span = spans[first] if first < len(spans) else None
    if span is None or span.start >= end or _INK.search(text, start, max(start, span.start)):
        return None
    return None if _INK.search(text, span.end, max(end, span.end)) else span


def _inside(spans: list[Span], first: int, start: int, end: int) -> list[Span]:
    """Return the parts of spans that lie between start and end."""
    found = []
    for span in spans[first:]:
        if span.start >= end:
            break
        found.append(span)
    return [s for s in found if s.end > start]


def _deeper(text: str, depth: int) -> str:
    for _ in range(depth):
        text = quoted(text)
    return text


def quoted(text: str) -> str:
    """Return text as it stands within a JSON string."""
    broken = any("\ud800" <= letter <= "\udfff" for letter in text)
    return json.dumps(text, ensure_ascii=broken)[1:-1]
