"""Whether a text is scam talk: an agent's, one that a customer tells of, a bribe, a post.

The rules are in `pack/judge.json`: which roles a sentence, or the text, must have.
"""

from functools import cache
from typing import Any, NamedTuple

from kefu.guard.talk.clauses import Clause, Talk
from kefu.guard.talk.lexicon import pack


class _Rule(NamedTuple):
    """One way of speaking: each of these sets of roles occurs, none of never does.

    needs: sets that occur anywhere in the text; sentence: those that meet in one sentence.
    close: two sets of which a word each stand next to each other ("rent" and "account").
    never: in that sentence, or if none is asked for, in the text.
    asked: it also counts in a question.
    """

    code: str
    needs: tuple[int, ...]
    sentence: tuple[int, ...]
    close: tuple[int, ...]
    never: int
    asked: bool


def scams(talk: Talk, who: str) -> list[str]:
    """Return the codes of the rules for who ("agent", "customer", "bribe", "post") that hold."""
    has = talk.roles
    likely = [rule for rule in _rules(who) if _may_hold(rule, has)]
    return list(dict.fromkeys(rule.code for rule in likely if _holds(rule, talk)))


def _may_hold(rule: _Rule, has: int) -> bool:
    return all(has & needed for needed in rule.needs)


def _holds(rule: _Rule, talk: Talk) -> bool:
    if rule.close and not talk.has_close(*rule.close):
        return False
    if not rule.sentence:
        return not talk.roles & rule.never
    return any(_is_told(rule, sentence) for sentence in talk.sentences)


def _is_told(rule: _Rule, sentence: list[Clause]) -> bool:
    has = sentence[0].all_roles
    if has & rule.never or not all(has & one for one in rule.sentence):
        return False
    return rule.asked or not any(clause.asks for clause in sentence)


def accuses(talk: Talk) -> bool:
    """Return whether a warning names the one it warns of, and recommends nobody."""
    impersonates, reach, offers = _accusation()
    has = talk.roles
    if has & offers:
        return False
    return any(
        sentence[0].all_roles & impersonates and sentence[0].all_roles & reach
        for sentence in talk.sentences
    )


@cache
def _accusation() -> tuple[int, int, int]:
    of = pack().lexicon.bits
    offers = of("dm_me", "service", "profit", "reassure", "recover")
    return of("impersonates"), of("handle", "phone"), offers


def is_warning(talk: Talk) -> bool:
    """Return whether a text warns of scammers or tells of one.

    One that offers to get back what a scam took, or says that it is no scam, speaks of scams
    too, and is none.
    """
    warn, topic, recover, service, victim, reach, reassure = _warning()
    has = talk.roles
    if has & reassure:
        return False
    if has & recover and has & reach and has & (service | victim):
        return bool(has & warn)
    return bool(has & (warn | topic | victim)) or accuses(talk)


@cache
def _warning() -> tuple[int, ...]:
    of = pack().lexicon.bits
    names = ("warn", "warn_topic", "recover", "service", "victim")
    return (
        *map(of, names),
        of("handle", "phone", "app", "link"),
        of("reassure"),
    )


@cache
def _rules(who: str) -> tuple[_Rule, ...]:
    return tuple(map(_rule, pack().rules[who]))


def _rule(held: dict[str, Any]) -> _Rule:
    sentence = tuple(map(_set, held.get("sentence", ())))
    close = tuple(map(_set, held.get("close", ())))
    return _Rule(
        code=held["code"],
        needs=(*map(_set, held.get("text", ())), *sentence, *close),
        sentence=sentence,
        close=close,
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
