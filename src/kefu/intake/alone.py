"""What a message names without asking for it: "human, please", "agent!!", "just connect me"."""

from typing import Final

from kefu.intake.clauses import Clause
from kefu.intake.naming import BARRIER, FORBIDS, Intent, named
from kefu.intake.payees import DEALS
from kefu.intake.roles import ASKS, TARGETS, Role

_MOST: Final = 12


def named_alone(read: list[Clause]) -> list[Intent]:
    """Return what the sentences name that are little but a name: "human, please"."""
    found: list[Intent] = ["human" for clause in read if _is_command(clause)]
    found += _called(read)
    for number in {clause.sentence: None for clause in read}:
        sentence = [clause for clause in read if clause.sentence == number]
        if not sum(clause.unknown for clause in sentence):
            found += _called_alone(sentence, is_all=len(read) == len(sentence))
    return found


def _called(read: list[Clause]) -> list[Intent]:
    """Return whom a clause names and nothing else, with "please" or after a word on the bot."""
    if _is_titled(read):
        return ["complaint"]
    if any(clause.roles & (FORBIDS | Role.REPORT | Role.OTHER) for clause in read):
        return []
    tired = any(clause.roles & Role.BOT for clause in read)
    for clause in read:
        if not clause.hits or clause.unknown:
            continue
        if any(hit.roles & Role.WANT and not hit.roles & Role.PLEASE for hit in clause.hits):
            continue
        if tired or clause.hits[-1].roles & Role.PLEASE:
            found = _called_alone([clause], is_all=False)
            if found and found != ["complaint"]:
                return found
    return []


def _is_titled(read: list[Clause]) -> bool:
    """Return whether the message is "complaint: ..." and no question follows."""
    if len(read) < 2 or read[0].unknown or not read[0].roles & Role.GRIEVE:
        return False
    is_title = all(hit.roles & (Role.GRIEVE | Role.FILL) for hit in read[0].hits)
    asks = any(hit.roles & FORBIDS for hit in read[1].hits[:1])
    return is_title and not asks


def _is_command(clause: Clause) -> bool:
    """Return whether the clause is "just connect me" and nothing else."""
    small = Role.FILL | Role.PLEASE | Role.COMMAND
    return bool(
        clause.roles & Role.COMMAND
        and not clause.unknown
        and not clause.roles & (Role.REFUSE | Role.PAST | Role.THIRD)
        and all(hit.roles & small for hit in clause.hits)
    )


def _is_contrast(clause: Clause) -> bool:
    """Return whether the clause only says who is not wanted: "no bots"."""
    roles = clause.roles
    return bool(roles & Role.BOT and roles & Role.REFUSE and not roles & TARGETS)


def _called_alone(sentence: list[Clause], *, is_all: bool) -> list[Intent]:
    allowed = TARGETS | Role.FILL | Role.PLEASE | Role.COMMAND | Role.BOT | ASKS
    sentence = [clause for clause in sentence if not _is_contrast(clause)]
    hits = [hit for clause in sentence for hit in clause.hits]
    if len(hits) > _MOST or any(not hit.roles & allowed for hit in hits):
        return []
    barred = BARRIER | FORBIDS | Role.ATTR | Role.MODAL
    if any(hit.roles & barred and not hit.roles & (Role.PLEASE | Role.MOVE) for hit in hits):
        return []
    if any(hit.roles & Role.ELSE for hit in hits) and any(hit.roles & DEALS for hit in hits):
        return []
    wanted = TARGETS & ~Role.SOMEONE if is_all else TARGETS & ~(Role.SOMEONE | Role.DESK)
    is_look = any(hit.roles & Role.LOOK and not hit.roles & Role.FILL for hit in hits)
    wanted &= ~Role.GRIEVE if is_look else wanted
    for clause in sentence:
        for at, hit in enumerate(clause.hits):
            if hit.roles & wanted:
                return [named(clause, at)]
            if hit.roles & Role.COMMAND:
                return ["human"]
    return []
