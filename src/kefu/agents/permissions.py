"""Roles as sets of `object:action`. Pure; the one door asks `may`."""

from typing import Final

READ: Final = "conversation:read"
REPLY: Final = "conversation:reply"
NOTE: Final = "conversation:note"
ASSIGN: Final = "conversation:assign"
CLOSE: Final = "conversation:close"
AGENTS: Final = "agent:read"
MANAGE: Final = "agent:manage"
STATUS: Final = "status:read"
REPORTS: Final = "report:read"
OWN_READ: Final = "own:read"
OWN_WRITE: Final = "own:write"

_AGENT: Final = frozenset({READ, REPLY, NOTE, ASSIGN, CLOSE, AGENTS})

ROLES: Final[dict[str, frozenset[str]]] = {
    "agent": _AGENT,
    "supervisor": _AGENT | {STATUS, REPORTS},
    "admin": _AGENT | {STATUS, REPORTS, MANAGE},
    "reader": frozenset({READ, AGENTS}),
}


def may(held: frozenset[str], needed: str) -> bool:
    """Return whether a holder of these permissions may do the needed one."""
    return needed in held
