"""`kefu init` and `kefu migrate`: make and keep the database."""

import secrets
import sys

import click
from sqlalchemy import Connection

from kefu.actions import setup
from kefu.core.clock import now
from kefu.core.settings import from_environment
from kefu.storage.db import Database
from kefu.storage.migrate import migrate as bring_up


@click.command()
def migrate() -> None:
    """Bring the database of KEFU_DATABASE_URL to this version's schema."""
    database = Database(from_environment().database_url)
    bring_up(database.engine)
    database.close()
    click.echo("The schema is current.")


@click.command()
@click.option("--admin", metavar="EMAIL", help="Make an administrator with this address.")
@click.option("--name", default="kefu", show_default=True, help="The desk's name.")
@click.option("--origin", multiple=True, help="A site that may carry the widget (repeatable).")
def init(admin: str | None, name: str, origin: tuple[str, ...]) -> None:
    """Make the schema and an empty desk; safe to repeat."""
    database = Database(from_environment().database_url)
    bring_up(database.engine)
    password = _password() if admin else ""

    def prepare(tx: Connection) -> tuple[str, bool]:
        key = setup.chat_inbox(tx, name={"en": name}, origins=list(origin), at=now())
        made = bool(admin) and setup.administrator(tx, admin or "", password, at=now())
        return key, made

    key, made = database.write_now(prepare)
    database.close()
    click.echo(f"Inbox key: {key}")
    if made:
        click.echo(f"Administrator {admin}, password: {password}")


def _password() -> str:
    """Return a password: typed where somebody can type, else a random one."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return secrets.token_urlsafe(15)
