"""What a name in a clause means: whom is wanted, and whether it is part of another name."""

from typing import Final, Literal

from kefu.intake.clauses import Clause
from kefu.intake.roles import ASKS, TARGETS, Role

Intent = Literal["none", "human", "manager", "technical", "complaint"]
INTENTS: Final[tuple[Intent, ...]] = ("none", "human", "manager", "technical", "complaint")

BARRIER: Final = (
    Role.PAST | Role.VERB | Role.REFUSE | Role.REPORT | Role.THIRD | Role.INFO | Role.OTHER
)
"""What a word that asks does not reach over."""
FORBIDS: Final = Role.HYPO | Role.INFO
"""What makes a clause a question about facts, or a case that may never be."""
STEPS: Final = 12
NEAR: Final = 1
"""How many unknown words a short clause may hold."""


def is_compound(clause: Clause, at: int) -> bool:
    """Return whether the name is part of another: "support hours", "manager app"."""
    hits, gaps = clause.hits, clause.gaps
    if is_verb(hits[at].roles):
        return False
    after = at + 1
    if after < len(hits) and not gaps[after] and _is_part(clause, at):
        return True
    for near in range(at - 1, max(-1, at - STEPS), -1):
        roles = hits[near].roles
        if gaps[near + 1] or roles & ASKS:
            return False
        if roles & Role.LEFT and not roles & Role.FILL:
            return True
        if not roles & Role.FILL:
            return False
    return False


def _is_part(clause: Clause, at: int) -> bool:
    """Return whether the next word makes the name a part: not "reply" in "could he reply"."""
    next_roles = clause.hits[at + 1].roles
    if not next_roles & Role.ATTR:
        return False
    if clause.hits[at].roles & Role.GRIEVE and next_roles & Role.PAST:
        return False
    return not (next_roles & Role.LOOK and any(hit.roles & Role.WANT for hit in clause.hits[:at]))


def named(clause: Clause, at: int) -> Intent:
    """Return whom the name means, read with the names beside it."""
    roles = clause.hits[at].roles
    for near in range(at + 1, min(at + STEPS, len(clause.hits))):
        there = clause.hits[near].roles
        if clause.gaps[near] or (there & ASKS and not there & TARGETS) or there & BARRIER:
            break
        roles |= there & (TARGETS & ~Role.GRIEVE)
    if roles & Role.GRIEVE:
        return "complaint"
    if roles & Role.TECH:
        return "technical"
    if roles & Role.SENIOR or (roles & Role.ESCALATE and not roles & Role.HUMAN):
        return "manager"
    return "human"


def is_verb(roles: int) -> bool:
    """Return whether the word files the complaint as well as naming it."""
    return bool(roles & Role.GRIEVE and roles & Role.FILE)
