"""Whether a customer asks to be passed on, or to complain.

A clause asks if it names whom it wants (a person, a manager, the technical team, a complaint)
and a word that asks governs the name, or if it is nothing but the name; and if nothing speaks
against it: a refusal, a story, somebody else's wish, a question about opening hours.
"""

from typing import Final

from kefu.intake.alone import named_alone
from kefu.intake.clauses import Clause, clauses
from kefu.intake.governing import is_asked, is_free
from kefu.intake.lexicon import lexicon
from kefu.intake.naming import FORBIDS, NEAR, Intent, is_compound, named
from kefu.intake.roles import PEOPLE, TARGETS, Role
from kefu.intake.spelling import spelled

_ASKED: Final = 16


def intent_of(text: str, lang: str | None = None) -> Intent:
    """Return what the customer asks for in this message.

    lang: a BCP 47 tag, a hint for texts in Latin letters; without it the words decide.
    Reads the first 1,000 and the last 500 characters. Cost: about 10 microseconds for a short
    message without any such word.
    """
    words = lexicon()
    low = words.corrected(spelled(text))
    if not low or not words.may_ask(low):
        return "none"
    hint = lang.partition("-")[0].lower() if lang else None
    return _chosen(clauses(low, words.hits(low, hint)))


def _chosen(read: list[Clause]) -> Intent:
    """Return the first that is asked for; a plain person only if nobody in particular is."""
    asked = [one for clause in read if (one := _asked(clause))] or named_alone(read) or _meant(read)
    particular = [one for one in asked if one != "human"]
    return next(iter(particular or asked), "none")


def _asked(clause: Clause) -> Intent | None:
    """Return what a word in the clause governs."""
    if clause.roles & FORBIDS:
        return None
    if _heads(clause):
        return "complaint"
    if _tired_of_the_bot(clause):
        return "human"
    best: Intent | None = None
    targets = [at for at, hit in enumerate(clause.hits) if hit.roles & TARGETS]
    for at in targets[:_ASKED]:
        hit = clause.hits[at]
        if is_asked(clause, at):
            one = named(clause, at)
            if one != "human" and not hit.roles & Role.ESCALATE:
                return one
            best = best if best == "manager" else one
    return best


def _heads(clause: Clause) -> bool:
    """Return whether the clause is the title of a complaint: "complaint against your agent"."""
    for at, hit in enumerate(clause.hits):
        if clause.gaps[at] or clause.sentence:
            return False
        if hit.roles & Role.GRIEVE:
            after = clause.hits[at + 1 : at + 2]
            return any(hit.roles & Role.AGAINST for hit in after) and not clause.gaps[at + 1]
        if not hit.roles & Role.FILL:
            return False
    return False


def _meant(read: list[Clause]) -> list[Intent]:
    """Return whom a pronoun or nothing at all means: "who is in charge? Put them on"."""
    last: Intent = "none"
    for clause in read:
        if last != "none" and _calls(clause):
            return [last]
        if clause.roles & (Role.PAST | Role.REPORT):
            continue
        for at, hit in enumerate(clause.hits):
            if hit.roles & (PEOPLE & ~Role.SOMEONE) and not is_compound(clause, at):
                last = named(clause, at)
    return []


def _calls(clause: Clause) -> bool:
    """Return whether the clause asks for somebody named before: "I want to talk to them"."""
    if clause.unknown > NEAR or clause.roles & (TARGETS | FORBIDS | Role.OTHER | Role.DEAL):
        return False
    alone = not clause.unknown and bool(clause.roles & Role.WANT)
    for at, hit in enumerate(clause.hits):
        follows = any(other.roles & Role.THEM for other in clause.hits[at:])
        if hit.roles & Role.TALK and (follows or alone) and is_free(clause, at):
            return True
        if hit.roles & Role.MOVE and follows and not hit.roles & Role.SENDS:
            return is_free(clause, at)
    return False


def _tired_of_the_bot(clause: Clause) -> bool:
    """Return whether the clause is "I don't want to talk to a bot" and little more."""
    for at, hit in enumerate(clause.hits):
        if not hit.roles & Role.BOT or is_compound(clause, at):
            continue
        if clause.roles & Role.REFUSE and clause.unknown <= NEAR:
            return True
    return False
