"""What is said in a text: requests for secrets, scam talk, bribes, scam posts."""

import re
from typing import Final, Literal, NamedTuple

from kefu.guard.fold import flatten
from kefu.guard.rules import find
from kefu.guard.talk.asks import asks
from kefu.guard.talk.clauses import Talk
from kefu.guard.talk.opinion import suspected
from kefu.guard.talk.scams import accuses, is_warning, scams

Role = Literal["customer", "agent", "post"]
Ruling = Literal["pass", "warn", "hold", "block"]
ROLES: Final[tuple[Role, ...]] = ("customer", "agent", "post")


class Verdict(NamedTuple):
    """What to do with a text, and the stable codes of why."""

    verdict: Ruling
    reasons: tuple[str, ...] = ()


_PASS: Final = Verdict("pass")
_KINDS: Final[dict[Role, tuple[str, ...]]] = {
    "agent": ("agent",),
    "customer": ("bribe", "customer"),
    "post": ("post",),
}
_SUSPICIONS: Final = {
    "agent": Verdict("block", ("asks.secret",)),
    "bribe": Verdict("hold", ("scam.bribe",)),
    "customer": Verdict("warn", ("scam.other",)),
    "post": Verdict("hold", ("scam.other",)),
}
_QUOTED: Final = re.compile(
    '"[^"\n]{3,300}"|\u201c[^\u201d\n]{3,300}\u201d|\u00ab[^\u00bb\n]{3,300}\u00bb'
    "|\u300c[^\u300d\n]{3,300}\u300d|\u300e[^\u300f\n]{3,300}\u300f"
)


def judge(text: str, *, role: Role, lang: str | None = None) -> Verdict:
    """Return whether a text may go out as it is.

    role: who wrote it: an agent (block), a customer (warn; hold for a bribe), or anybody in
        the forum (hold; warn for one that seems to warn of a scammer, nothing for one that
        only quotes or names him).
    lang: a hint; all languages are read together today.
    Cost: O(length of the text).
    """
    talk = Talk(text)
    verdict = ruled(text, talk, role)
    return _suspected(talk, role) if verdict.verdict == "pass" else verdict


def ruled(text: str, talk: Talk, role: Role) -> Verdict:
    """Return what the rules alone say."""
    if role == "agent":
        return _agent(talk)
    return _customer(talk) if role == "customer" else _post(text, talk)


def _suspected(talk: Talk, role: Role) -> Verdict:
    """Return the second opinion on a text in which the rules found nothing."""
    kind = suspected(talk, *_KINDS[role])
    return _SUSPICIONS[kind] if kind else _PASS


def _agent(talk: Talk) -> Verdict:
    reasons = [f"asks.{kind}" for kind in asks(talk)] + scams(talk, "agent")
    return Verdict("block", tuple(dict.fromkeys(reasons))) if reasons else _PASS


def _customer(talk: Talk) -> Verdict:
    bribe, reasons = scams(talk, "bribe"), scams(talk, "customer")
    if bribe:
        return Verdict("hold", (*bribe, *reasons))
    return Verdict("warn", tuple(reasons)) if reasons else _PASS


def _post(text: str, talk: Talk) -> Verdict:
    held = [f"secret.{span.kind}" for span in find(flatten(text))]
    if held:
        return Verdict("hold", tuple(dict.fromkeys(held)))
    reasons = [f"asks.{kind}" for kind in asks(talk, questions=False)] + scams(talk, "post")
    if not reasons:
        return _PASS
    if not is_warning(talk):
        return Verdict("hold", tuple(reasons))
    return _PASS if accuses(talk) or _is_quoted(text) else Verdict("warn", tuple(reasons))


def _is_quoted(text: str) -> bool:
    """Return whether a warning says of itself nothing wrong: the scammer's words are quoted."""
    own, quotes = _QUOTED.subn(" ", text)
    if not quotes:
        return False
    talk = Talk(own)
    return is_warning(talk) and not scams(talk, "post") and not asks(talk, questions=False)
