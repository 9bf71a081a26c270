"""Roles as sets of `object:action`. Pure; the one door asks `may`."""

from typing import Final

READ: Final = "conversation:read"
REPLY: Final = "conversation:reply"
NOTE: Final = "conversation:note"
ASSIGN: Final = "conversation:assign"
CLOSE: Final = "conversation:close"
ESCALATE: Final = "conversation:escalate"
AGENTS: Final = "agent:read"
MANAGE: Final = "agent:manage"
STATUS: Final = "status:read"
ALERTS: Final = "alert:read"
FLOOR: Final = "floor:read"
SERVICE: Final = "service:manage"
OWN_READ: Final = "own:read"
OWN_WRITE: Final = "own:write"

_AGENT: Final = frozenset({READ, REPLY, NOTE, ASSIGN, CLOSE, ESCALATE, AGENTS})
_SUPERVISOR: Final = _AGENT | {STATUS, ALERTS, FLOOR}

ROLES: Final[dict[str, frozenset[str]]] = {
    "agent": _AGENT,
    "supervisor": _SUPERVISOR,
    "admin": _SUPERVISOR | {MANAGE, SERVICE},
    "reader": frozenset({READ, AGENTS}),
}


def may(held: frozenset[str], needed: str) -> bool:
    """Return whether a holder of these permissions may do the needed one."""
    return needed in held
