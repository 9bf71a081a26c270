"""What customers come about: the desk's products and troubles, as a tree of three levels.

An id names its ancestors: `withdrawals.crypto.pending` lies within `withdrawals.crypto`. Ids
are stored and stay; the names that people read are `topic.<id>` of the catalogues.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

Sensitive = Literal["none", "funds", "security"]


class Topic(Struct, frozen=True):
    """A node of the tree.

    sensitive: what a wrong word about it can cost; team: who answers it at first;
    priority: what a conversation about it begins with.
    """

    id: str
    sensitive: Sensitive
    team: str
    priority: int


@cache
def topics() -> Mapping[str, Topic]:
    """Return every topic by id, each after its parent."""
    pack = resources.files("kefu.intake").joinpath("pack/topics.json").read_bytes()
    return {topic.id: topic for topic in msgspec.json.decode(pack, type=list[Topic])}


def known(topic: str) -> bool:
    """Return whether there is a topic with this id."""
    return topic in topics()


def find(topic: str | None) -> Topic | None:
    """Return the topic with this id, or None."""
    return topics().get(topic) if topic else None


def path(topic: str) -> tuple[str, ...]:
    """Return the ids from the top down to the topic itself."""
    parts = topic.split(".")
    return tuple(".".join(parts[: n + 1]) for n in range(len(parts)))


def within(topic: str | None, ancestor: str) -> bool:
    """Return whether the topic is the ancestor or lies below it."""
    return topic is not None and f"{topic}.".startswith(f"{ancestor}.")


@cache
def top() -> tuple[str, ...]:
    """Return the ids of the first level, in the order they are offered."""
    return tuple(topic for topic in topics() if "." not in topic)


@cache
def below(topic: str) -> tuple[str, ...]:
    """Return the ids right below a topic."""
    depth = topic.count(".") + 1
    return tuple(t for t in topics() if within(t, topic) and t.count(".") == depth)
