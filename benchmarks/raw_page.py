"""One page of so many bytes, answered by nothing but ASGI: the limit of every page."""

import argparse
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
import uvloop

from kefu.app.serve import listen

Send = Callable[[dict[str, Any]], Awaitable[None]]


def main() -> None:
    """Print the port and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int)
    body = b"x" * parser.parse_args().size
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]

    async def app(scope: Any, receive: Any, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    listening = listen("127.0.0.1", 0)
    logging.getLogger("uvicorn.access").disabled = True
    config = uvicorn.Config(app, log_config=None, http="httptools", lifespan="off")
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    uvloop.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
