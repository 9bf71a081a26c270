"""A message in the making: its text and what is marked in it."""

from typing import Any, NamedTuple

from tests.guard.corpus.values import KEEP, OPTIONAL, SECRET


class Mark(NamedTuple):
    """A marked stretch: how it counts, its kind, its code points."""

    role: str
    kind: str
    start: int
    end: int

    def moved(self, by: int) -> "Mark":
        """Return the mark further on in the text."""
        return self._replace(start=self.start + by, end=self.end + by)


class Message(NamedTuple):
    """Text, marks in its order, and tags that say where it comes from."""

    text: str
    marks: tuple[Mark, ...] = ()
    tags: tuple[str, ...] = ()

    def followed_by(self, other: "Message", separator: str) -> "Message":
        """Return both messages in one."""
        shift = len(self.text) + len(separator)
        marks = (*self.marks, *(mark.moved(shift) for mark in other.marks))
        return Message(self.text + separator + other.text, marks, self.tags + other.tags)

    def tagged(self, *tags: str) -> "Message":
        """Return the message with more tags."""
        return self._replace(tags=self.tags + tags)

    def untagged(self) -> "Message":
        """Return the message as one that is only there to surround another."""
        return self._replace(tags=())

    def ends_in_mnemonic(self) -> bool:
        """Return whether words that follow could be taken for a part of the phrase."""
        return any(mark.kind == "mnemonic" and mark.end == len(self.text) for mark in self.marks)

    def row(self, name: str, lang: str) -> dict[str, Any]:
        """Return the message in the form of the labelled data."""
        marks = {
            role: [
                {"start": mark.start, "end": mark.end, "kind": mark.kind}
                for mark in self.marks
                if mark.role == role
            ]
            for role in (SECRET, OPTIONAL, KEEP)
        }
        return {"id": name, "lang": lang, "text": self.text, **marks, "tags": [*self.tags]}
