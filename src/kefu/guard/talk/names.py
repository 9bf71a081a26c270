"""Which secrets a text names, plainly or by what stands around a common noun."""

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from kefu.guard.talk.clauses import Clause
from kefu.guard.talk.lexicon import Hit, pack

_REST_WIDE: Final = 2
_REST: Final = 5
_FEW_WIDE: Final = 4
_FEW: Final = 12


class Bits(NamedTuple):
    """The bit of each role that requests are told by, see `pack/judge.json`."""

    give: int
    bring: int
    enter: int
    confirm: int
    need: int
    what: int
    safe: int
    calm: int
    cover: int
    neg: int
    narr: int
    self: int
    me: int
    here: int
    so_i_can: int
    please: int
    seq: int
    pron: int
    use_once: int
    unless: int
    we_cannot: int
    need_once: int
    warn: int
    warn_topic: int
    no_exception: int
    own_wallet: int
    staff: int
    wants: int
    public: int
    last_four: int
    screen: int
    by: int
    o_card: int
    near_phone: int
    near_got: int
    near_wallet: int
    near_2fa: int
    near_api: int
    near_card: int
    near_back: int
    noun_code: int
    noun_number: int
    noun_words: int
    noun_qr: int
    noun_page: int
    noun_secret: int
    noun_key: int


class Roles(NamedTuple):
    """Bits of roles taken together.

    named: words that name a secret by themselves; objects: those with their kinds.
    nouns: common nouns that may mean one. verbs: what may govern a name; ruling: what makes
    a clause one of its own, not the end of a list. sources: where a code comes from.
    """

    named: int
    objects: tuple[tuple[int, str], ...]
    nouns: int
    verbs: int
    ruling: int
    sources: int


@cache
def bits() -> Bits:
    """Return the bits of the roles."""
    return Bits(*map(pack().lexicon.bits, Bits._fields))


@cache
def groups() -> Roles:
    """Return the bits of roles taken together."""
    of, objects, b = pack().lexicon.bits, pack().objects, bits()
    verbs = b.give | b.bring | b.enter | b.confirm | b.need | b.what | b.safe
    return Roles(
        named=of(*objects),
        objects=tuple((of(role), kind) for role, kind in objects.items()),
        nouns=of(*(name for name in Bits._fields if name.startswith("noun_"))) | b.screen,
        verbs=verbs,
        ruling=verbs | b.neg | b.narr | b.use_once,
        sources=b.near_phone | b.near_got | b.near_2fa,
    )


class Name(NamedTuple):
    """A secret that a clause names: where among its words, and the kind."""

    at: int
    kind: str


def names_in(clauses: Sequence[Clause], at: int) -> list[Name]:
    """Return the secrets that a clause names, plainly or by what stands around a noun."""
    b, r, clause = bits(), groups(), clauses[at]
    if not clause.roles & (r.named | r.nouns):
        return []
    found: list[Name] = []
    for place, hit in enumerate(clause.hits):
        if hit.roles & r.named:
            if not (hit.roles & b.o_card and clause.roles & b.last_four):
                kind = next(kind for bit, kind in r.objects if hit.roles & bit)
                found.append(Name(place, kind))
        elif hit.roles & r.nouns and (kind_meant := _meaning(clauses, at, hit)):
            found.append(Name(place, kind_meant))
    return found


def _meaning(clauses: Sequence[Clause], at: int, hit: Hit) -> str | None:
    """Return the kind of secret that a common noun means here, or None."""
    b, clause = bits(), clauses[at]
    around = clause.all_roles | (clauses[at - 1].roles if at else 0)
    is_public = clause.roles & (b.public | b.last_four)
    for noun, beside, kind in (
        (b.noun_number, b.near_back & clause.roles, "cvv"),
        (b.noun_number, b.near_card & clause.roles and not is_public, "card"),
        (b.noun_secret, b.near_api & clause.roles, "api_secret"),
        (b.noun_key, b.near_wallet & clause.roles and not is_public, "private_key"),
        (b.noun_words, b.near_wallet & around, "mnemonic"),
        (b.noun_page, (b.screen | b.give) & clause.roles, "mnemonic"),
        (b.noun_qr | b.noun_secret | b.noun_key, b.near_2fa & around, "otp"),
        (b.noun_code | b.noun_number, not is_public and _is_sent(clauses, at), "otp"),
        (b.noun_code, not is_public and (is_short(clause) or _is_for_us(clause)), "otp"),
    ):
        if hit.roles & noun and beside:
            return kind
    return None


def _is_sent(clauses: Sequence[Clause], at: int) -> bool:
    """Return whether the clause, or the one before, speaks of what arrives on a phone."""
    sources, clause = groups().sources, clauses[at]
    if clause.roles & sources:
        return True
    before = clauses[at - 1] if at else clause
    return clause.sentence - before.sentence <= 1 and bool(before.roles & sources)


def _is_for_us(clause: Clause) -> bool:
    """Return whether a clause of few other words asks to give it to the writer."""
    b = bits()
    few = clause.rest <= (_FEW_WIDE if clause.is_wide else _FEW)
    return bool(few and clause.roles & b.give and clause.roles & b.me)


def is_short(clause: Clause) -> bool:
    """Return whether the words said leave next to nothing of a clause."""
    return clause.rest <= (_REST_WIDE if clause.is_wide else _REST)
