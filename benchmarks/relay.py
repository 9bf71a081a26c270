"""A bare picows server: what one socket says goes to all the others. The limit of fan-out."""

import json

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server


class Relay(WSListener):
    """One of the sockets; the first frame of a socket is its hello and is answered."""

    everyone: set[WSTransport] = set()  # noqa: RUF012 - one server a process

    def __init__(self) -> None:
        self._greeted = False

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer the hello, pass on all else."""
        data = frame.get_payload_as_bytes()
        if not self._greeted:
            self._greeted = True
            if data != b"speaker":
                self.everyone.add(transport)
            transport.send(WSMsgType.TEXT, b'{"type":"welcome"}')
            return
        for other in self.everyone:
            other.send(WSMsgType.TEXT, data)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Forget the socket."""
        self.everyone.discard(transport)


async def serve() -> None:
    """Listen on a free port, print it, and serve until the process is ended."""

    def listener(request: WSUpgradeRequest) -> Relay:
        return Relay()

    server = await ws_create_server(listener, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
