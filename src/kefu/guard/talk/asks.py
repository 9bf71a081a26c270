"""Whether a text asks its reader for a secret.

A clause asks if it names a secret and a verb of handing it over (or a question, a need, a
place here to enter it) that governs the name, and nothing speaks against it: a negation, a
third person, the reader's own device. See docs/guard.md, Judging.
"""

from typing import Final

from kefu.guard.talk.clauses import Clause, Reading
from kefu.guard.talk.lexicon import Hit
from kefu.guard.talk.names import Name, bits, groups, is_short, names_in

_REACH: Final = 60
_STEPS: Final = 16
_AFTER_COST: Final = 8
_CONFIRM_REACH: Final = 26
_BRING_REACH: Final = 7
_LISTED: Final = 8
_BARE_WIDE: Final = 4
_BARE: Final = 20
_TRAILING: Final = frozenset(("no",))
"""Signs that a negation at the end of a clause is about something else: "in no time"."""


def asks(reading: Reading, *, questions: bool = True) -> list[str]:
    """Return the kinds of secret that the text asks for, each once.

    questions: "what is a seed phrase?" counts; it does from an agent, not in a forum.
    """
    r = groups()
    if not reading.roles & (r.named | r.nouns):
        return []
    unasked = 0 if questions else bits().what
    found: dict[str, None] = {}
    names: list[list[Name]] = []
    for at, clause in enumerate(reading.clauses):
        names.append(names_in(reading.clauses, at))
        asked = (
            _asked(reading, clause, names[at], unasked) if names[at] else _meant(reading, at, names)
        )
        found.update(dict.fromkeys(asked))
    return list(found)


def _asked(reading: Reading, clause: Clause, names: list[Name], unasked: int) -> list[str]:
    """Return the kinds that a clause which names secrets asks for.

    unasked: roles of verbs that do not count.
    """
    b, r, has = bits(), groups(), clause.roles
    kinds = [name.kind for name in names]
    if clause.all_roles & b.screen and not has & (b.neg | b.narr):
        return kinds
    of_staff = has & b.staff and has & b.wants
    if of_staff and not has & (b.self | b.neg | b.enter):
        return kinds
    ruling = clause if of_staff or has & (r.ruling | b.calm) else _ruling(reading, clause)
    if ruling is None:
        return _bare(clause, names, unasked)
    if ruling.roles & b.narr or _is_denied(ruling):
        return []
    if ruling is clause:
        return kinds if has & b.use_once else _governed(clause, names, unasked)
    if ruling.roles & b.safe:
        return []
    asked = ruling.roles & (b.give | b.bring | b.need) and not _is_own_sentence(ruling)
    return kinds if asked else _bare(clause, names, unasked)


def _ruling(reading: Reading, clause: Clause) -> Clause | None:
    """Return the clause of the same sentence whose verb also governs this one: a list goes on."""
    sentence, ruling = reading.sentences[clause.sentence], groups().ruling
    at = clause.place
    before, after = sentence[max(0, at - _LISTED) : at], sentence[at + 1 : at + _LISTED]
    return next((one for one in (*reversed(before), *after) if one.roles & ruling), None)


def _is_denied(clause: Clause) -> bool:
    """Return whether a negation in the clause is about the asking."""
    b = bits()
    if not clause.roles & b.neg or clause.roles & b.unless:
        return False
    acts = b.give | b.need | b.enter | b.confirm | groups().named
    last = max((hit.end for hit in clause.hits if hit.roles & acts), default=0)
    return any(
        hit.roles & b.neg and (hit.start < last or clause.low[hit.start : hit.end] not in _TRAILING)
        for hit in clause.hits
    )


def _is_own(clause: Clause) -> bool:
    """Return whether it is about the reader's own device, and about no other place."""
    b = bits()
    return bool(clause.roles & b.self) and not clause.roles & (b.me | b.here)


def _is_own_sentence(clause: Clause) -> bool:
    """Return whether its sentence is: "to log in, enter your e-mail, your password"."""
    b, has = bits(), clause.all_roles
    return _is_own(clause) or bool(has & b.self and not has & (b.me | b.here | b.so_i_can))


def _bare(clause: Clause, names: list[Name], unasked: int) -> list[str]:
    """Return the kinds of a clause that is little but the names: "the SMS code, please"."""
    b = bits()
    polite = clause.all_roles & (b.please | b.here)
    if clause.asks and not unasked:
        polite = polite or not clause.roles & b.near_got
    if clause.roles & (b.safe | b.self | b.enter) or not polite:
        return []
    short = clause.rest <= (_BARE_WIDE if clause.is_wide else _BARE)
    if short and not clause.roles & b.calm:
        return [name.kind for name in names]
    return [name.kind for name in names if _is_wanted(clause, name)]


def _is_wanted(clause: Clause, name: Name) -> bool:
    """Return whether a clause without a known verb is a request all the same."""
    b = bits()
    against = b.safe | b.self | b.calm | b.enter | b.near_got
    if not clause.hits[name.at].roles & groups().named or clause.roles & against:
        return False
    return bool(clause.roles & (b.me | b.here | b.please | b.so_i_can))


def _governed(clause: Clause, names: list[Name], unasked: int) -> list[str]:
    """Return the kinds of the names whose verb asks for them."""
    places = {name.at for name in names}
    return [
        name.kind
        for name in names
        if _is_asked(clause, name, _governing(clause, name, places), unasked)
    ]


def _is_asked(clause: Clause, name: Name, verb: Hit | None, unasked: int) -> bool:
    b, has = bits(), clause.roles
    if clause.hits[name.at].roles & b.what & ~unasked:
        return True
    if verb is None:
        return _is_wanted(clause, name)
    if verb.roles & (b.safe | unasked):
        return False
    if verb.roles & (b.give | b.bring):
        return not _is_own(clause) or bool(verb.roles & b.me)
    if verb.roles & (b.need | b.what):
        return not has & (b.self | b.enter)
    if verb.roles & b.confirm:
        return not has & b.self
    is_handed_on = clause.is_suffixing and has & b.give  # "enter it and send it"
    return bool(is_handed_on or has & (b.here | b.so_i_can)) and not has & b.self


def _governing(clause: Clause, name: Name, places: set[int]) -> Hit | None:
    """Return the nearest verb; one of changing or keeping only if no other name is between."""
    safe, best = bits().safe, None
    nearest = _REACH + 1
    for step in (-1, 1):
        is_parted = False
        for at in range(name.at + step, name.at + step * _STEPS, step):
            if not 0 <= at < len(clause.hits) or (gap := _gap(clause, name.at, at)) > _REACH:
                break
            hit = clause.hits[at]
            is_cut_off = is_parted and hit.roles & safe
            if gap < nearest and not is_cut_off and _may_govern(clause, name.at, at, gap):
                nearest, best = gap, hit
            is_parted = is_parted or at in places
    return best


def _gap(clause: Clause, name_at: int, at: int) -> int:
    """Return how far a word is from a name; behind it further, where verbs come first."""
    name, hit = clause.hits[name_at], clause.hits[at]
    if at < name_at:
        return name.start - hit.end
    return hit.start - name.end + (0 if clause.is_wide else _AFTER_COST)


def _may_govern(clause: Clause, name_at: int, at: int, gap: int) -> bool:
    b, hit = bits(), clause.hits[at]
    if hit.roles & b.give or not hit.roles & (b.bring | b.confirm):
        return bool(hit.roles & groups().verbs)
    if hit.roles & b.bring:
        return at > name_at and gap <= _BRING_REACH + (0 if clause.is_wide else _AFTER_COST)
    between = clause.hits[at + 1 : name_at]
    other = b.by | b.public | b.safe
    is_before = at < name_at and gap <= _CONFIRM_REACH
    return clause.is_suffixing or (is_before and not any(one.roles & other for one in between))


def _meant(reading: Reading, at: int, names: list[list[Name]]) -> list[str]:
    """Return the kinds that a clause without a name asks for: "then read it to me"."""
    b, clauses = bits(), reading.clauses
    clause, has = clauses[at], clauses[at].roles
    if not has & (b.give | b.what) or has & (b.neg | b.narr | b.public | b.safe) or _is_own(clause):
        return []
    before = next((one for one in (at - 1, at - 2) if one >= 0 and names[one]), None)
    if before is None or clause.sentence - clauses[before].sentence > 1:
        return []
    if any(clauses[one].roles & (b.public | b.safe) for one in range(before, at)):
        return []
    short = is_short(clause)
    past = clauses[before]
    pressed = short and past.roles & (b.unless | b.near_phone | b.near_got)
    pressed = pressed and not past.roles & b.narr and not _is_denied(past)
    told = short and clause.is_wide and has & b.me
    if pressed or told or (has & b.pron and has & b.give):
        return [name.kind for name in names[before]]
    return []
