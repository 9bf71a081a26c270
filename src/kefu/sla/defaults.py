"""The calendar and the policies a new desk begins with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kefu.sla import calendar
from kefu.sla.policies import Conditions, Policy, Slot, Target, Targets

CALENDAR_KEY: Final = "desk"
CALENDAR: Final[Mapping[str, Any]] = {"timezone": "UTC", "business_hours": "always"}
HOURS: Final = calendar.read(CALENDAR)
"""What counts where hours of old cannot be read, or never open again."""

SOCIAL: Final = frozenset({"community", "facebook", "instagram", "telegram", "whatsapp", "x"})
CHANNELS: Final = ("chat", "email", "form", "api", "phone", *sorted(SOCIAL))
"""What a policy may be for."""

_ESCALATION: Final = Target(timedelta(minutes=15), goal=0.9, latest=timedelta(hours=1))
_MAIL: Final = Targets(
    first=Target(timedelta(hours=4), goal=0.9, latest=timedelta(hours=24)),
    next=Target(timedelta(hours=8), goal=0.9, latest=timedelta(hours=24)),
    resolution=Target(timedelta(hours=72), goal=0.9),
    escalation=_ESCALATION,
)
_CHAT: Final = Targets(
    first=Target(timedelta(minutes=2), goal=0.9),
    next=Target(timedelta(minutes=5), goal=0.9),
    resolution=Target(timedelta(hours=24), goal=0.9),
    escalation=_ESCALATION,
)
_SOCIAL: Final = Targets(
    first=Target(timedelta(hours=1), goal=0.9),
    next=Target(timedelta(hours=2), goal=0.9),
    resolution=Target(timedelta(hours=48), goal=0.9),
    escalation=_ESCALATION,
)
_CALLBACK: Final = Targets(
    first=Slot(warn_lead=timedelta(minutes=10)),
    resolution=Target(timedelta(hours=24), goal=0.9),
    escalation=_ESCALATION,
)

FALLBACK: Final = Policy("standard", Conditions(), _MAIL, CALENDAR_KEY)
POLICIES: Final = (
    FALLBACK,
    Policy("chat", Conditions(channel=frozenset({"chat"})), _CHAT, CALENDAR_KEY),
    Policy("social", Conditions(channel=SOCIAL), _SOCIAL, CALENDAR_KEY),
    Policy("callback", Conditions(channel=frozenset({"phone"})), _CALLBACK, CALENDAR_KEY),
)
