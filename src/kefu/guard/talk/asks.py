"""Whether a text asks its reader for a secret.

A clause asks if it names a secret and a verb of handing it over (or a question, a need, a
place here to enter it) that governs the name, and nothing speaks against it: a negation, a
third person, the reader's own device. See docs/guard.md, Judging.
"""

from typing import Final

from kefu.guard.talk.clauses import Clause, Talk
from kefu.guard.talk.lexicon import Hit
from kefu.guard.talk.names import Name, bits, groups, is_short, names_in

_REACH: Final = 60
_STEPS: Final = 16
_AFTER_COST: Final = 8
_CONFIRM_REACH: Final = 26
_BRING_REACH: Final = 7
_LISTED: Final = 8
_CLOSE: Final = 8
_BARE_WIDE: Final = 4
_BARE: Final = 20
_WALLET_SECRETS: Final = frozenset(("mnemonic", "private_key"))
"""What no desk ever has its reader enter."""
_QUERY: Final = 8
_TRAILING: Final = frozenset(("no",))
"""Signs that a negation at the end of a clause is about something else: "in no time"."""


def asks(talk: Talk, *, questions: bool = True) -> list[str]:
    """Return the kinds of secret that the text asks for, each once.

    questions: "what is a seed phrase?" counts; it does from an agent, not in a forum.
    """
    r = groups()
    if not talk.roles & (r.named | r.nouns):
        return []
    unasked = 0 if questions else bits().what
    found: dict[str, None] = {}
    names: list[list[Name]] = []
    for at, clause in enumerate(talk.clauses):
        names.append(names_in(talk.clauses, at))
        asked = _asked(talk, clause, names[at], unasked) if names[at] else _meant(talk, at, names)
        found.update(dict.fromkeys(asked))
    return list(found)


def denies(talk: Talk) -> bool:
    """Return whether a clause that names a secret says not to give it, or to hide it."""
    r, cover = groups(), bits().cover
    return any(
        clause.roles & (r.named | r.nouns)
        and (clause.roles & cover or (_is_denied(clause) and names_in(talk.clauses, at)))
        for at, clause in enumerate(talk.clauses)
    )


def _asked(talk: Talk, clause: Clause, names: list[Name], unasked: int) -> list[str]:
    """Return the kinds that a clause which names secrets asks for.

    unasked: roles of verbs that do not count.
    """
    b, r, has = bits(), groups(), clause.roles
    kinds = [name.kind for name in names]
    if has & b.cover:
        return []
    if clause.all_roles & b.screen and not has & (b.neg | b.narr):
        return kinds
    if _is_pressed(clause):
        return kinds
    of_staff = has & b.staff and has & b.wants
    if of_staff and not has & (b.self | b.neg | b.enter):
        return kinds
    ruling = clause if of_staff or has & (r.ruling | b.calm) else _ruling(talk, clause)
    if ruling is None:
        return _bare(clause, names, unasked)
    if ruling.roles & b.narr or _is_denied(ruling):
        begs = has & b.please and clause.place < ruling.place
        return _bare(clause, names, unasked) if begs else []
    if ruling is clause:
        return kinds if has & b.use_once else _governed(clause, names, unasked)
    if ruling.roles & b.safe:
        return []
    brings = ruling.roles & b.bring and not ruling.roles & b.calm  # "check the folder, please"
    asked = (brings or ruling.roles & (b.give | b.need)) and not _is_own_sentence(ruling)
    return kinds if asked else _bare(clause, names, unasked)


def _is_pressed(clause: Clause) -> bool:
    """Return whether its sentence makes help hang on it, or the rule an exception."""
    b, has = bits(), clause.all_roles
    if has & (b.warn | b.warn_topic | b.self | b.no_exception):
        return False
    if has & b.need_once and has & (b.need | b.give):
        return True
    cannot = has & b.unless and has & b.we_cannot
    return bool(cannot) and not has & (b.narr | b.safe | b.near_got)


def _ruling(talk: Talk, clause: Clause) -> Clause | None:
    """Return the clause of the same sentence whose verb also governs this one: a list goes on."""
    sentence, ruling = talk.sentences[clause.sentence], groups().ruling
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
    polite, around = clause.all_roles & (b.please | b.here), clause.all_roles
    if around & b.seq and not around & (b.self | b.enter):
        polite = b.seq  # "your UID first, then the password"
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
        if has & b.enter and has & b.here:
            return not has & b.self
        return not has & (b.self | b.enter) or _is_needed_by_us(clause, name, verb)
    if verb.roles & b.confirm:
        return not has & b.self
    is_handed_on = clause.is_suffixing and has & b.give  # "enter it and send it"
    if is_handed_on or has & (b.here | b.so_i_can):
        return not has & b.self
    return name.kind in _WALLET_SECRETS and _is_told_to_enter(clause)


def _is_told_to_enter(clause: Clause) -> bool:
    """Return whether it asks to enter something, and names no place of the reader's own."""
    b, has = bits(), clause.all_roles
    return bool(has & (b.please | b.bring)) and not has & (b.self | b.calm | b.safe | b.own_wallet)


def _is_needed_by_us(clause: Clause, name: Name, verb: Hit) -> bool:
    """Return whether the own device only says which: "we need the password you log in with"."""
    b, start = bits(), clause.hits[name.at].start
    if not verb.roles & b.need or not 0 <= start - verb.end <= _CLOSE or clause.roles & b.enter:
        return False
    before = clause.hits[max(0, name.at - _STEPS) : name.at]
    return not any(hit.roles & b.self for hit in before)


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


def _meant(talk: Talk, at: int, names: list[list[Name]]) -> list[str]:
    """Return the kinds that a clause without a name asks for: "then read it to me"."""
    b, clauses = bits(), talk.clauses
    clause, has = clauses[at], clauses[at].roles
    short = is_short(clause)
    to_us = (
        has & b.give and has & (b.me | b.here | b.please | b.so_i_can) and (short or has & b.pron)
    )
    gives = has & (b.give | b.what) or (has & b.enter and has & (b.me | b.here))
    against = b.neg | b.narr | b.public | (0 if to_us else b.safe)
    if not gives or has & against or _is_own(clause):
        return []
    before = next((one for one in (at - 1, at - 2) if one >= 0 and names[one]), None)
    if before is None:
        awaited = any(map(_is_awaited, clauses[max(0, at - 2) : at]))
        return ["otp"] if to_us and awaited else []
    if clause.sentence - clauses[before].sentence > 1:
        return []
    other = b.cover | (b.public if to_us else b.public | b.safe)
    if any(clauses[one].roles & other for one in range(before, at)):
        return []
    past = clauses[before]
    queried = clause.asks and has & b.what and clause.rest <= _QUERY
    pressed = (short or queried) and past.roles & (b.unless | b.near_phone | b.near_got)
    pressed = pressed and not past.roles & b.narr and not _is_denied(past)
    told = short and has & (b.me | b.please | b.here | b.so_i_can) and _may_be_told(clause, past)
    if pressed or told or (has & b.pron and has & (b.give | b.enter)):
        return [name.kind for name in names[before]]
    return []


def _may_be_told(clause: Clause, past: Clause) -> bool:
    """Return whether "send here" may mean what the clause before it names."""
    b = bits()
    if past.roles & b.narr or _is_denied(past):
        return False
    return clause.is_wide or not (past.asks or past.roles & (b.neg | b.safe | b.self))


def _is_awaited(clause: Clause) -> bool:
    """Return whether it speaks of a message that has come, or comes: "did the SMS come?"."""
    b, has = bits(), clause.roles
    return bool(has & b.near_phone and has & b.near_got and not has & (b.public | b.neg))
