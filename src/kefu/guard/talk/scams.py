"""Whether a text is scam talk: an agent's, one that a customer tells of, a bribe, a post.

The rules are in `pack/judge.json`: which roles a sentence, or the text, must have.
"""

from functools import cache
from typing import Any, NamedTuple

from kefu.guard.talk.clauses import Clause, Reading
from kefu.guard.talk.lexicon import pack


class _Rule(NamedTuple):
    """One way of speaking: each of these sets of roles occurs, none of never does.

    needs: sets that occur anywhere in the text; sentence: those that meet in one sentence.
    never: in that sentence, or if none is asked for, in the text.
    asked: it also counts in a question.
    """

    code: str
    needs: tuple[int, ...]
    sentence: tuple[int, ...]
    never: int
    asked: bool


def scams(reading: Reading, who: str) -> list[str]:
    """Return the codes of the rules for who ("agent", "customer", "bribe", "post") that hold."""
    has = reading.roles
    likely = [rule for rule in _rules(who) if _may_hold(rule, has)]
    return list(dict.fromkeys(rule.code for rule in likely if _holds(rule, reading)))


def _may_hold(rule: _Rule, has: int) -> bool:
    return all(has & needed for needed in rule.needs)


def _holds(rule: _Rule, reading: Reading) -> bool:
    if not rule.sentence:
        return not reading.roles & rule.never
    return any(_is_told(rule, sentence) for sentence in reading.sentences)


def _is_told(rule: _Rule, sentence: list[Clause]) -> bool:
    has = sentence[0].all_roles
    if has & rule.never or not all(has & one for one in rule.sentence):
        return False
    return rule.asked or not any(clause.asks for clause in sentence)


def is_warning(reading: Reading) -> bool:
    """Return whether a text warns of scammers or tells of one.

    One that offers to get back what a scam took, or says that it is no scam, speaks of scams
    too, and is none.
    """
    warn, topic, recover, service, victim, contact, reach, reassure = _warning()
    has = reading.roles
    if has & reassure:
        return False
    is_offer = has & service or (has & victim and has & contact)
    if has & recover and has & reach and is_offer:
        return bool(has & warn)
    return bool(has & (warn | topic | victim))


@cache
def _warning() -> tuple[int, ...]:
    of = pack().lexicon.bits
    names = ("warn", "warn_topic", "recover", "service", "victim")
    return (
        *map(of, names),
        of("contact", "dm_me", "app"),
        of("handle", "phone", "app"),
        of("reassure"),
    )


@cache
def _rules(who: str) -> tuple[_Rule, ...]:
    return tuple(map(_rule, pack().rules[who]))


def _rule(held: dict[str, Any]) -> _Rule:
    sentence = tuple(map(_set, held.get("sentence", ())))
    return _Rule(
        code=held["code"],
        needs=(*map(_set, held.get("text", ())), *sentence),
        sentence=sentence,
        never=_set(held.get("never", "")),
        asked=held.get("asked", True),
    )


def _set(names: str) -> int:
    """Return the bits of roles named with spaces between; `secret` is any named secret."""
    of, objects = pack().lexicon.bits, pack().objects
    found = 0
    for name in names.split():
        found |= of(*objects) if name == "secret" else of(name)
    return found
