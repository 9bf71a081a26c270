"""`kefu serve`: the desk of this machine."""

import click
import uvloop

from kefu.app.logs import configure
from kefu.app.memory import keep_little
from kefu.app.process import Process
from kefu.app.serve import listen
from kefu.app.serve import serve as run
from kefu.core.settings import from_environment


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="KEFU_PORT", help="Port.")
def serve(host: str, port: int) -> None:
    """Serve the desk; settings come from the environment (KEFU_DATABASE_URL, ...)."""
    configure()
    keep_little()
    try:
        listening = listen(host, port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from error
    click.echo(f"kefu listens on http://{host}:{listening.getsockname()[1]}")
    uvloop.run(run(Process(from_environment()), listening))
