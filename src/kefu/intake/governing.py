"""Whether a word of a clause asks for a name in it, and nothing speaks against it."""

from typing import Final

from kefu.intake.clauses import Clause
from kefu.intake.naming import BARRIER, NEAR, STEPS, is_compound, is_verb
from kefu.intake.payees import is_payee, is_payment
from kefu.intake.roles import ASKS, PEOPLE, Role

_SPEAKS_AGAINST: Final = Role.REFUSE | Role.REPORT | Role.THIRD | Role.PAST | Role.VERB
_REACH: Final = {Role.WANT: 1, Role.EXISTS: 0, Role.TALK: 2, Role.MOVE: 3, Role.FILE: 3}
_WISHES: Final = Role.WANT | Role.MOVE | Role.OPENS | Role.PLEASE


def is_asked(clause: Clause, at: int) -> bool:
    if is_compound(clause, at):
        return False
    before, after = _governor(clause, at, -1), _governor(clause, at, 1)
    if before is not None and is_free(clause, before):
        return True
    return after is not None and is_free(clause, at)


def _governor(clause: Clause, at: int, step: int) -> int | None:
    """Return the place of the word that asks for the name, before it or after it."""
    unknown = 0
    near = at + step
    if step < 0 and _asks_for_itself(clause, at):
        is_last = clause.hits[at].roles & Role.RIGHT
        return None if is_last and _is_undone(clause, at + 1) else at
    while 0 <= near < len(clause.hits) and abs(near - at) <= STEPS:
        unknown += clause.gaps[max(near, near - step)]
        roles = clause.hits[near].roles
        unknown += roles == Role.MONEY
        if roles & Role.PAST and roles & Role.LOOK and not _is_wished(clause, near):
            return None  # "checked" in a language where one stem says both
        if roles & Role.SENDS and is_payment(clause, clause.hits[at].roles):
            return None
        may = roles & ASKS and (step < 0 or roles & Role.RIGHT or _is_wish(clause, roles))
        if may and unknown <= _reach(roles) and _fits(clause, at, near):
            return near
        if roles & BARRIER and not may:
            return None
        near += step
    return None


def _is_wished(clause: Clause, at: int) -> bool:
    """Return whether a past form stands for a wish: "so that they checked" in Russian."""
    return any(hit.roles & Role.MODAL for hit in clause.hits[:at])


def _is_wish(clause: Clause, roles: int) -> bool:
    """Return whether somebody is wanted to do it: "have an engineer check", not "agents check"."""
    return bool(roles & Role.LOOK and clause.roles & _WISHES)


def _asks_for_itself(clause: Clause, at: int) -> bool:
    """Return whether the word is a command: "escalate this", not "the price will escalate"."""
    roles = clause.hits[at].roles
    if is_verb(roles):
        return True
    if not roles & Role.ESCALATE:
        return False
    is_told = any(hit.roles & ASKS for hit in clause.hits[:at])
    return is_told or not sum(clause.gaps[: at + 1])


def _reach(roles: int) -> int:
    return max((reach for role, reach in _REACH.items() if roles & role), default=NEAR)


def is_free(clause: Clause, at: int) -> bool:
    """Return whether nothing before the word speaks against it."""
    unknown = 0
    asked = not clause.hits[at].roles & Role.PAST or _is_wished(clause, at)
    against = _SPEAKS_AGAINST
    for near in range(at, max(-1, at - STEPS), -1):
        roles = clause.hits[near].roles
        if near != at:
            asked = asked or bool(roles & ASKS)
            unknown += clause.gaps[near + 1]
            if unknown > NEAR:
                return asked
            if roles & Role.JOIN:
                against &= ~Role.REFUSE  # "stop this and connect me"
            if roles & against and not roles & Role.OPENS:
                return False
        if roles & Role.OPENS:
            return not _is_told(clause, near)
    return asked


def _is_told(clause: Clause, at: int) -> bool:
    """Return whether what follows is denied, or somebody said it: "she told me I need ..."."""
    if not at or clause.gaps[at]:
        return False
    before = clause.hits[at - 1].roles
    return bool(
        before & (Role.REPORT | Role.THIRD | Role.REFUSE)
        or (clause.hits[at].roles & Role.REPORT and before & (PEOPLE | Role.BOT))
    )


def _fits(clause: Clause, at: int, governor: int) -> bool:
    """Return whether this word asks for such a name."""
    roles, verb = clause.hits[at].roles, clause.hits[governor].roles
    weak = not verb & (Role.MOVE | Role.TALK | Role.FILE | Role.LOOK)
    if weak and governor < at and clause.gaps[at + 1] and not roles & Role.GRIEVE:
        return False  # "can a person withdraw ...", "I want the agent fee"
    if verb & Role.EXISTS and weak and sum(clause.gaps[at + 1 :]) and not _is_bidden(clause, at):
        return False
    if verb & (Role.RIGHT | Role.LOOK) and _is_undone(clause, max(at, governor) + 1):
        return False
    bids = verb & Role.MODAL and not (verb & (Role.MOVE | Role.OPENS) or roles & Role.GRIEVE)
    if bids and not _is_bidden(clause, at):
        return False
    if is_payee(clause, at, governor):
        return False
    if roles & Role.ESCALATE:
        return True
    if roles & Role.GRIEVE:
        return bool(verb & (ASKS & ~Role.LOOK))
    if roles & (Role.HUMAN | Role.SENIOR | Role.TECH):
        return bool(verb & (ASKS & ~Role.FILE))
    if roles & Role.DESK:
        alone = governor < at and not sum(clause.gaps[at + 1 :])
        return bool(verb & (Role.MOVE | Role.TALK) or (verb & Role.WANT and alone))
    return bool(verb & (Role.MOVE | Role.TALK))


def _is_undone(clause: Clause, after: int) -> bool:
    """Return whether what follows takes it back, or says that it was: "... is not needed"."""
    for near in range(after, min(after + STEPS, len(clause.hits))):
        roles = clause.hits[near].roles
        if clause.gaps[near] and near > after + 1:
            return False
        if (roles & Role.PAST and near <= after + 1) or roles & Role.REPORT:
            return True
        if roles & Role.REFUSE:
            return not clause.hits[near - 1].roles & Role.BOT
        if roles & Role.BOT and near > after + 1:
            return False
    return False


def _is_bidden(clause: Clause, at: int) -> bool:
    """Return whether a verb says what the named one shall do: "can the developers check"."""
    for near in range(at + 1, min(at + STEPS, len(clause.hits))):
        roles = clause.hits[near].roles
        if clause.gaps[near] > NEAR or roles & Role.PAST:
            return False
        if roles & (Role.LOOK | Role.TALK):
            return True
    return False
