"""Hints over NATS: one message a batch and process."""

import logging
from collections.abc import Sequence
from typing import Final

import msgspec

from kefu.core.ids import new_token
from kefu.core.settings import SettingRefused
from kefu.realtime.bus import DECODE, ENCODE, Hint, Listener

try:
    import nats
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.errors import Error as NatsError
except ModuleNotFoundError as error:  # pragma: no cover - depends on the installation
    raise SettingRefused(
        name="KEFU_BUS_URL", reason="NATS needs: pip install 'kefu[nats]'"
    ) from error

SUBJECT: Final = "kefu.hints"
log = logging.getLogger("kefu.bus")


class NatsBus:
    """A bus over one NATS subject. Reconnects for ever; meanwhile hints are lost, not events."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._me = new_token()
        self._client: Client | None = None

    @property
    def healthy(self) -> bool:
        """Whether the connection stands."""
        return self._client is not None and self._client.is_connected

    async def start(self, listener: Listener) -> None:
        """Connect and pass others' hints on. Raises SettingRefused if no server answers."""

        async def on_message(message: Msg) -> None:
            try:
                sender, hints = DECODE.decode(message.data)
            except msgspec.DecodeError:
                log.warning("a hint could not be read")
                return
            if sender != self._me:
                await listener(hints)

        try:
            self._client = await nats.connect(
                self._url,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=1,
                connect_timeout=5,
                error_cb=_noted,
            )
        except (NatsError, OSError, ValueError) as error:
            raise SettingRefused(name="KEFU_BUS_URL", reason="no NATS server answers") from error
        await self._client.subscribe(SUBJECT, cb=on_message)

    async def publish(self, hints: Sequence[Hint]) -> None:
        """Tell the others. A hint that cannot be sent is dropped: sequences heal it."""
        if not self.healthy or self._client is None:
            return
        try:
            await self._client.publish(SUBJECT, ENCODE.encode((self._me, hints)))
        except NatsError:
            log.warning("hints could not be sent")

    async def stop(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.close()


async def _noted(error: Exception) -> None:
    log.warning("bus: %s", type(error).__name__)
