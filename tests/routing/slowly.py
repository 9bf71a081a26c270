"""Routing said plainly, without regard to time: what the real one is compared with."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from kefu.routing.choose import Server, Waiting


def may_have(server: Server, customer: Waiting, present: Sequence[Server]) -> bool:
    """Return whether an agent, busy or not, may have a customer."""
    spoken = any(
        customer.language in other.languages and customer.team in other.teams for other in present
    )
    return (
        customer.team in server.teams
        and (not spoken or customer.language in server.languages)
        and takes(server, customer.topic)
        and str(server.id) not in customer.barred
    )


def takes(server: Server, topic: str | None) -> bool:
    """Return whether a topic is one of the agent's, or within one."""
    if topic is None or not server.topics:
        return True
    return any(f"{topic}.".startswith(f"{each}.") for each in server.topics)


def chosen(waiting: Sequence[Waiting], servers: Sequence[Server]) -> list[tuple[UUID, UUID]]:
    """Return who gets whom: each in turn looks at everybody."""
    now = {server.id: server for server in servers}
    pairs = []
    for customer in sorted(waiting, key=lambda each: (each.place_at, each.id)):
        free = [
            server
            for server in now.values()
            if server.load < server.capacity and may_have(server, customer, servers)
        ]
        if free:
            best = min(free, key=lambda s: (s.load / s.capacity, s.free_since, s.id))
            now[best.id] = replace(best, load=best.load + 1)
            pairs.append((customer.id, best.id))
    return pairs
