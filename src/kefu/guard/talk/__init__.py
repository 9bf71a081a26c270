"""What is said in a text: requests for secrets, scam talk, bribes, scam posts."""

from typing import Final, Literal, NamedTuple

from kefu.guard.fold import flatten
from kefu.guard.rules import find
from kefu.guard.talk.asks import asks
from kefu.guard.talk.clauses import Reading
from kefu.guard.talk.scams import is_warning, scams

Role = Literal["customer", "agent", "post"]
Ruling = Literal["pass", "warn", "hold", "block"]
ROLES: Final[tuple[Role, ...]] = ("customer", "agent", "post")


class Verdict(NamedTuple):
    """What to do with a text, and the stable codes of why."""

    verdict: Ruling
    reasons: tuple[str, ...] = ()


_PASS: Final = Verdict("pass")


def judge(text: str, *, role: Role, lang: str | None = None) -> Verdict:
    """Return whether a text may go out as it is.

    role: who wrote it: an agent (block), a customer (warn; hold for a bribe), or anybody in
        the forum (hold; warn for a post that warns of a scammer and quotes him).
    lang: a hint; all languages are read together today.
    Cost: O(length of the text).
    """
    reading = Reading(text)
    if role == "agent":
        return _agent(reading)
    return _customer(reading) if role == "customer" else _post(text, reading)


def _agent(reading: Reading) -> Verdict:
    reasons = [f"asks.{kind}" for kind in asks(reading)] + scams(reading, "agent")
    return Verdict("block", tuple(dict.fromkeys(reasons))) if reasons else _PASS


def _customer(reading: Reading) -> Verdict:
    if bribe := scams(reading, "bribe"):
        return Verdict("hold", tuple(bribe))
    reasons = scams(reading, "customer")
    return Verdict("warn", tuple(reasons)) if reasons else _PASS


def _post(text: str, reading: Reading) -> Verdict:
    held = [f"secret.{span.kind}" for span in find(flatten(text))]
    if held:
        return Verdict("hold", tuple(dict.fromkeys(held)))
    reasons = [f"asks.{kind}" for kind in asks(reading, questions=False)] + scams(reading, "post")
    if not reasons:
        return _PASS
    if is_warning(reading):
        return Verdict("warn", tuple(reasons))
    return Verdict("hold", tuple(reasons))
