"""Colleagues as a menu shows them: at the desk or not, how busy, what they speak."""

from collections.abc import Iterable

from msgspec import Struct

from kefu.core.i18n import say
from kefu.core.records import FRONT
from kefu.core.views import PRESENT, Colleague
from kefu.web.desk.said import team
from kefu.web.desk.times import Reader


class Person(Struct, frozen=True):
    """A colleague in words. level: the dress of their state; load: `3/4`, or `3` without a limit.

    skills: teams beside the front line, and languages.
    """

    who: Colleague
    is_here: bool
    state: str
    level: str
    load: str
    skills: str


def people(known: Iterable[Colleague], reader: Reader) -> list[Person]:
    """Return colleagues, those who take work now first, then those who are at the desk."""
    return sorted(
        (_person(who, reader) for who in known),
        key=lambda one: (not one.is_here, one.who.work.state != "available"),
    )


def load(now: int, capacity: int) -> str:
    """Return how much somebody has, and of how much."""
    return f"{now}/{capacity}" if capacity else str(now)


def _person(who: Colleague, reader: Reader) -> Person:
    is_here = who.seen_at is not None and reader.now - who.seen_at < PRESENT
    work = who.work
    is_free = work.state == "available" and (not work.capacity or work.load < work.capacity)
    state = f"desk.work.{work.state}" if is_here else "desk.assign.offline"
    teams = [team(key, reader.lang) for key in work.teams if key != FRONT]
    languages = [tag.partition("-")[0].upper() for tag in who.languages]
    return Person(
        who=who,
        is_here=is_here,
        state=say(reader.lang, state),
        level="" if not is_here else "is-ok" if is_free else "is-warn",
        load=load(work.load, work.capacity),
        skills=" · ".join([*teams, " ".join(languages)]),
    )
