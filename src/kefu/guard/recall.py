"""What only shows across messages: a phrase sent word by word, a code sent after a question.

Pure. The memory of a conversation holds counts, kinds and sequence numbers, never text, and is
kept in the conversation's snapshot. Steps: docs/guard.md, section 12.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from kefu.core.text import OPEN, parts
from kefu.guard.credentials import is_credential
from kefu.guard.fold import flatten
from kefu.guard.pack import PACK, ROLE, roles
from kefu.guard.parts import part_of_phrase
from kefu.guard.reading import Reading

_P: Final = PACK.shapes["recall"]
_NUMBER: Final = re.compile("[0-9](?:[ -]?[0-9]){2,7}")
_KEY: Final = re.compile("(?:0x)?[0-9a-f]{64}|[1-9A-HJ-NP-Za-km-z]{85,90}")
_KINDS: Final = (
    ("card_cvv", ROLE["cvv"]),
    ("otp", ROLE["otp"] | ROLE["code"]),
    ("password", ROLE["password"]),
    ("private_key", ROLE["key"]),
    ("mnemonic", ROLE["phrase"]),
)
_HARMLESS: Final = roles("number", "hash", "error")


class Said(NamedTuple):
    """One message of a conversation: its sequence number, its text as stored, and whose it is."""

    seq: int
    text: str
    by_customer: bool = True


class Memory(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a conversation.

    rows: sequence numbers of the messages in the present run of rows of list words.
    words: how many words they hold; common: how many of these sentences are full of.
    lists: bits of the word lists that all of them are on.
    gaps: messages since then that were something else; open: the run was found to be a phrase.
    asked: the kind of secret that was last spoken of, "" if none; left: messages for which
        that still counts.
    warned: the kinds of scam that the customer was warned of. Here because it lives as long as
        the rest; `recall` hands it on, and whoever warns reads and adds to it.
    """

    rows: tuple[int, ...] = ()
    words: int = 0
    common: int = 0
    lists: int = -1
    gaps: int = 0
    open: bool = False
    asked: str = ""
    left: int = 0
    warned: tuple[str, ...] = ()


class Recalled(NamedTuple):
    """The new memory, and the messages to redact: (sequence number, kind), each whole."""

    memory: Memory
    found: tuple[tuple[int, str], ...]


def recall(memory: Memory, texts: Sequence[Said]) -> Recalled:
    """Return what the messages, in order, show together with what was said before them."""
    found: list[tuple[int, str]] = []
    for said in texts:
        reading = Reading(flatten(_spoken(said.text)[: _P["longest"]]))
        if said.by_customer:
            kind = _answer(memory, reading)
            if kind:
                found.append((said.seq, kind))
            memory, phrase = _counted(memory, reading, said.seq)
            found.extend((seq, "mnemonic") for seq in phrase)
        memory = _asked(memory, reading, by_customer=said.by_customer)
    return Recalled(memory, tuple(dict.fromkeys(found)))


def _spoken(text: str) -> str:
    """Return stored text with a sign that says nothing for each mask token."""
    if OPEN not in text:
        return text
    return "".join(OPEN if part.kind else part.text for part in parts(text))


def _answer(memory: Memory, reading: Reading) -> str:
    """Return the kind of secret that a bare value is, right after it was spoken of, or nothing."""
    if not memory.asked or not memory.left:
        return ""
    value = reading.plain.strip().rstrip(".!")
    digits = value.replace(" ", "").replace("-", "")
    if memory.asked == "otp" and _NUMBER.fullmatch(value) and 4 <= len(digits) <= 8:
        return "otp"
    if memory.asked == "card_cvv" and digits == value and digits.isdigit():
        return "card_cvv" if 3 <= len(digits) <= 4 else ""
    if memory.asked == "private_key" and _KEY.fullmatch(value.lower() if "0x" in value else value):
        return "private_key"
    if memory.asked == "password" and " " not in value:
        numeric = value.isdigit() and 4 <= len(value) <= 12
        return "password" if numeric or is_credential(value) else ""
    return ""


def _counted(memory: Memory, reading: Reading, seq: int) -> tuple[Memory, tuple[int, ...]]:
    """Return the memory with this message counted, and the rows of a phrase now found."""
    announced = memory.asked == "mnemonic" or bool(reading.roles & ROLE["phrase"])
    part = part_of_phrase(reading, announced=announced)
    proves = part.told or announced or memory.words >= _P["messages"]
    if not (memory.lists & part.lists and proves):
        if (memory.rows or memory.open) and memory.gaps < _P["gaps"]:
            return msgspec.structs.replace(memory, gaps=memory.gaps + 1), ()
        memory = msgspec.structs.replace(
            memory, rows=(), words=0, common=0, lists=-1, gaps=0, open=False
        )  # the run is over; this message may begin the next
        if not (part.told or (announced and part.row)):
            return memory, ()
    rows = (*memory.rows, seq)[-_P["rows"] :]
    words, common = memory.words + part.told, memory.common + part.common
    is_open = memory.open or (
        common <= _P["common"] * words and _are_enough(len(rows), words, announced=announced)
    )
    memory = msgspec.structs.replace(
        memory,
        rows=() if is_open else rows,
        words=words,
        common=common,
        lists=memory.lists & part.lists,
        gaps=0,
        open=is_open,
    )
    return memory, rows if is_open else ()


def _are_enough(rows: int, words: int, *, announced: bool) -> bool:
    """Return whether so many words in so many messages are a phrase."""
    least = _P["announced" if announced else "enough"]
    return bool(words >= least[min(rows, len(least)) - 1])


def _asked(memory: Memory, reading: Reading, *, by_customer: bool) -> Memory:
    """Return the memory of what was last spoken of: the last cue of a message decides."""
    for cue in reversed(reading.cues):
        kind = next((kind for kind, bits in _KINDS if cue.roles & bits), "")
        if kind:
            return msgspec.structs.replace(memory, asked=kind, left=_P["left"][kind])
        if cue.roles & _HARMLESS and not by_customer:
            return msgspec.structs.replace(memory, asked="", left=0)
    if by_customer and memory.left:
        return msgspec.structs.replace(memory, left=memory.left - 1)
    return memory
