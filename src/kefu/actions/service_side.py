"""The administrators' side of the one door: what is owed and when, and who serves whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from kefu.actions import holidays, service_levels, skills
from kefu.actions.door import Door, require
from kefu.actions.hand_over import TeamUnknown
from kefu.actions.route import route
from kefu.actions.service_levels import Saving, ServiceLevels
from kefu.actions.skills import Skills
from kefu.agents import permissions as may
from kefu.core.floor_views import PersonView, TeamName
from kefu.core.records import Agent
from kefu.core.text import SafeText
from kefu.fetch import Fetcher
from kefu.reads import floor as floors
from kefu.routing import store as routing
from kefu.sla.policies import Policy


class ServiceSide(Door):
    """Calendars, policies, teams and skills."""

    async def service_levels(self, agent: Agent) -> ServiceLevels:
        """Return calendars and policies."""
        return await self._see(agent, may.SERVICE, service_levels.service_levels)

    async def save_calendar(
        self,
        agent: Agent,
        key: str,
        name: Mapping[str, SafeText],
        definition: dict[str, Any],
        saving: Saving,
    ) -> None:
        """Store a calendar. Raises as `service_levels.save_calendar`."""
        require(agent, may.SERVICE)
        at = self._clock()
        await self.database.write(
            service_levels.save_calendar, key, name, definition, saving, at=at
        )
        self._wake()

    async def drop_calendar(self, agent: Agent, key: str) -> None:
        """Forget a calendar. Raises CalendarUnknown, CalendarUsed."""
        require(agent, may.SERVICE)
        await self.database.write(service_levels.drop_calendar, key)

    async def save_policy(self, agent: Agent, policy: Policy, saving: Saving) -> None:
        """Store a policy. Raises as `service_levels.save_policy`."""
        require(agent, may.SERVICE)
        at = self._clock()
        await self.database.write(service_levels.save_policy, policy, saving, at=at)
        self._wake()

    async def drop_policy(self, agent: Agent, key: str) -> None:
        """Forget a policy. Raises PolicyUnknown, PoliciesLackFallback."""
        require(agent, may.SERVICE)
        await self.database.write(service_levels.drop_policy, key)

    async def country_days(
        self, agent: Agent, country: str, region: str | None, around: int
    ) -> tuple[dict[date, str], frozenset[date]]:
        """Return a country's holidays near a year, and weekend days worked in exchange.

        Raises CountryUnknown.
        """
        require(agent, may.SERVICE)
        return await self.database.aside(holidays.of_country, country, region, around)

    async def feed_days(self, agent: Agent, url: str, around: int) -> dict[date, str]:
        """Return the whole days of an iCal feed near a year.

        Raises FetchRefused, FetchFailed, FeedUnreadable.
        """
        require(agent, may.SERVICE)
        async with Fetcher(allow=self.settings.inside) as fetcher:
            content = await holidays.fetched(fetcher, url)
        return await self.database.aside(holidays.of_feed, content, around)

    async def staff(self, agent: Agent) -> tuple[tuple[TeamName, ...], tuple[PersonView, ...]]:
        """Return the teams, and everybody who may be given work."""
        require(agent, may.SERVICE)
        return await self.database.read(floors.staff, at=self._clock())

    async def set_skills(self, agent: Agent, agent_id: UUID, wanted: Skills) -> None:
        """Set what an agent is given from now on. Raises as `skills.set_skills`."""
        require(agent, may.SERVICE)
        await self.database.write(skills.set_skills, agent_id, wanted)
        await self.tell(await self.database.write(route, at=self._clock()))

    async def rename_team(self, agent: Agent, key: str, name: Mapping[str, SafeText]) -> None:
        """Set what a team is called, by language. Raises TeamUnknown."""
        require(agent, may.SERVICE)
        texts = {lang: text.value for lang, text in name.items()}
        if not await self.database.write(routing.rename, key, texts):
            raise TeamUnknown
