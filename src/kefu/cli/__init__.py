"""The command `kefu`: run a desk, look after it."""

import sys
from typing import ClassVar

import click
from sqlalchemy.exc import SQLAlchemyError

from kefu import __version__
from kefu.core.errors import KefuError


class Commands(click.Group):
    """Loads a command's module when it is called, so that each starts quickly."""

    _KNOWN: ClassVar = {
        "agent": "kefu.cli.keep",
        "demo": "kefu.cli.demo.command",
        "doctor": "kefu.cli.doctor",
        "guard": "kefu.cli.guard",
        "inbox": "kefu.cli.keep",
        "init": "kefu.cli.keep",
        "intake": "kefu.cli.intake",
        "migrate": "kefu.cli.keep",
        "serve": "kefu.cli.serve",
        "sla": "kefu.cli.sla",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(self._KNOWN)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, its module loaded."""
        if cmd_name not in self._KNOWN:
            return None
        module = __import__(self._KNOWN[cmd_name], fromlist=[cmd_name])
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kefu")
def group() -> None:
    """kefu (客服): the support desk of an exchange."""


def main() -> None:
    """Run the command; an error of ours is one clear line."""
    try:
        group(prog_name="kefu")
    except KefuError as error:
        reason = str(error)
        click.echo(f"kefu: {reason}", err=True)
        sys.exit(1)
    except SQLAlchemyError as error:  # its text may quote values: the type must do
        click.echo(f"kefu: the database refused: {type(error).__name__}", err=True)
        sys.exit(1)
