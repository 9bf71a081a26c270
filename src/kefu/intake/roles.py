"""What words do in a request."""

from typing import Final


class Role:
    """What a word does in a request, as bits. The note in `en.json` says more.

    HUMAN to BOT are what is asked for, WANT to COMMAND ask, REFUSE to OTHER speak against it,
    RIGHT marks a word that may ask for what stands before it, LEFT an ATTR that may stand before. A
    PLAIN name may be whom money goes to: SENDS does that to MONEY, or passes on ME; ELSE is
    another person, DEAL what people do with money. THEM means somebody named before, AGAINST
    begins what a complaint is about, MODAL asks if a verb follows, JOIN begins a new wish.
    """

    HUMAN: Final = 1 << 0
    DESK: Final = 1 << 1
    SOMEONE: Final = 1 << 2
    SENIOR: Final = 1 << 3
    TECH: Final = 1 << 4
    GRIEVE: Final = 1 << 5
    ESCALATE: Final = 1 << 6
    BOT: Final = 1 << 7
    WANT: Final = 1 << 8
    EXISTS: Final = 1 << 9
    MOVE: Final = 1 << 10
    TALK: Final = 1 << 11
    FILE: Final = 1 << 12
    LOOK: Final = 1 << 13
    PLEASE: Final = 1 << 14
    COMMAND: Final = 1 << 15
    REFUSE: Final = 1 << 16
    PAST: Final = 1 << 17
    REPORT: Final = 1 << 18
    THIRD: Final = 1 << 19
    INFO: Final = 1 << 20
    ATTR: Final = 1 << 21
    HYPO: Final = 1 << 22
    VERB: Final = 1 << 23
    OTHER: Final = 1 << 24
    FILL: Final = 1 << 25
    OPENS: Final = 1 << 26
    RIGHT: Final = 1 << 27
    LEFT: Final = 1 << 28
    PLAIN: Final = 1 << 29
    SENDS: Final = 1 << 30
    ME: Final = 1 << 31
    MONEY: Final = 1 << 32
    ELSE: Final = 1 << 33
    THEM: Final = 1 << 34
    AGAINST: Final = 1 << 35
    MODAL: Final = 1 << 36
    DEAL: Final = 1 << 37
    JOIN: Final = 1 << 38


PEOPLE: Final = Role.HUMAN | Role.DESK | Role.SOMEONE | Role.SENIOR | Role.TECH
TARGETS: Final = PEOPLE | Role.GRIEVE | Role.ESCALATE
ASKS: Final = Role.WANT | Role.EXISTS | Role.MOVE | Role.TALK | Role.FILE | Role.LOOK
