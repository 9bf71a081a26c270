"""Whether a person is named as whom money goes to, and not as whom to talk to."""

from typing import Final

from kefu.intake.clauses import Clause
from kefu.intake.roles import Role

DEALS: Final = Role.MONEY | Role.DEAL | Role.SENDS


def is_payee(clause: Clause, at: int, governor: int) -> bool:
    """Return whether money goes to the named one: "withdraw to another person's account"."""
    name, verb = clause.hits[at].roles, clause.hits[governor].roles
    if not name & Role.PLAIN:
        return False
    if any(hit.roles & Role.MONEY for hit in clause.hits[governor:at]):
        return True
    is_passed_on = verb & Role.TALK or (verb & Role.MOVE and clause.roles & Role.ME)
    return bool(name & Role.ELSE and clause.roles & DEALS and not is_passed_on)


def is_payment(clause: Clause, name: int) -> bool:
    """Return whether what is sent is money: "send 5 USDT to another person"."""
    return bool(clause.roles & Role.MONEY or (name & Role.PLAIN and not clause.roles & Role.ME))
