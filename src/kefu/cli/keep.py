"""`kefu init`, `migrate`, `inbox` and `agent`: make and keep a desk from the command line."""

import secrets
import sys
from pathlib import Path

import click
from sqlalchemy import Connection

from kefu.actions import setup, skills
from kefu.actions.inboxes import sealed
from kefu.actions.visit import origin_of
from kefu.agents.permissions import ROLES
from kefu.core.clock import now
from kefu.core.errors import KefuError
from kefu.core.i18n import LANGUAGES
from kefu.core.records import FRONT, TEAMS
from kefu.core.settings import Settings, from_environment
from kefu.customers.exchange import Exchange
from kefu.customers.tokens import IdentityKey
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
        key = setup.chat_inbox(tx, name={"en": name}, origins=_origins(origin), at=now())
        made = bool(admin) and setup.administrator(tx, admin or "", password, at=now())
        return key, made

    key, made = database.write_now(prepare)
    database.close()
    click.echo(f"Inbox key: {key}")
    if made:
        click.echo(f"Administrator {admin}, password: {password}")


@click.command()
@click.option("--key", help="Which inbox; the first if left out.")
@click.option("--name", help="Its name in the language of --lang.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--origin", multiple=True, help="A site that may carry the widget; replaces all.")
@click.option(
    "--identity-key",
    metavar="KID:ALG:FILE",
    multiple=True,
    help="A key of identity tokens, HS256 or EdDSA; replaces all.",
)
@click.option("--exchange", metavar="URL", help="The exchange's back end; '' for none.")
@click.option("--exchange-secret", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def inbox(
    key: str | None,
    name: str | None,
    lang: str,
    origin: tuple[str, ...],
    identity_key: tuple[str, ...],
    exchange: str | None,
    exchange_secret: Path | None,
) -> None:
    """Change an inbox: name, sites, keys of identity tokens, the exchange's back end."""
    settings = from_environment()
    wanted = setup.InboxChange(
        name={lang: name} if name else None,
        origins=_origins(origin) or None,
        identity_keys=_keys(settings, identity_key),
        exchange=_exchange(settings, exchange, exchange_secret),
    )
    database = Database(settings.database_url)
    changed = database.write_now(setup.change_inbox, key, wanted)
    database.close()
    click.echo(f"Inbox {changed} is changed; running desks see it within ten seconds.")


def _origins(given: tuple[str, ...]) -> list[str]:
    """Return sites as browsers name them. Raises BadParameter for what is none."""
    named = [(site, origin_of(site)) for site in given]
    for site, origin in named:
        if origin is None:
            raise click.BadParameter(f"{site}: must be like https://www.example.com")
    return [origin for _, origin in named if origin]


def _keys(settings: Settings, given: tuple[str, ...]) -> bytes | None:
    if not given:
        return None
    keys = []
    for entry in given:
        kid, _, rest = entry.partition(":")
        alg, _, path = rest.partition(":")
        if alg not in ("HS256", "EdDSA") or not Path(path).is_file():
            raise click.BadParameter(f"{entry}: must be KID:HS256:FILE or KID:EdDSA:FILE")
        material = Path(path).read_bytes().strip()
        try:
            keys.append(IdentityKey(kid, "HS256" if alg == "HS256" else "EdDSA", material))
        except ValueError as error:
            raise click.BadParameter(f"{kid}: {error}") from error
    return sealed(settings.secret_key, keys)


def _exchange(settings: Settings, url: str | None, secret: Path | None) -> bytes | None:
    if url is None:
        return None
    if not url:
        return b""
    if secret is None:
        raise click.UsageError("--exchange needs --exchange-secret")
    try:
        return sealed(settings.secret_key, Exchange(url, secret.read_bytes().strip()))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group()
def agent() -> None:
    """Agents: add one, or take leave of one."""


@agent.command("add")
@click.argument("email")
@click.option("--alias", required=True, help="The name customers see.")
@click.option("--role", type=click.Choice(sorted(ROLES)), default="agent", show_default=True)
@click.option(
    "--lang",
    "--language",
    "languages",
    metavar="TAG",
    multiple=True,
    required=True,
    help="A language they answer in, as zh-Hans or en (repeatable).",
)
@click.option("--team", "teams", type=click.Choice(TEAMS), multiple=True, default=(FRONT,))
@click.option("--topic", "topics", multiple=True, help="What they are given; all if left out.")
@click.option(
    "--capacity",
    type=click.IntRange(0, skills.MOST_AT_ONCE),
    default=4,
    show_default=True,
    help="Chats at once; 0 for one who takes them by hand.",
)
def add_agent(
    email: str,
    alias: str,
    role: str,
    languages: tuple[str, ...],
    teams: tuple[str, ...],
    topics: tuple[str, ...],
    capacity: int,
) -> None:
    """Add an agent; prints the badge and, unless typed, a password."""
    try:
        skills.check(skills.Skills(teams, topics, languages, capacity))
    except KefuError as error:
        raise click.BadParameter(error.code) from error
    database = Database(from_environment().database_url)
    password = _password()
    badge = setup.new_badge()

    def add(tx: Connection) -> None:
        setup.agent(
            tx,
            email=email,
            password=password,
            alias=alias,
            badge=badge,
            languages=languages,
            role=role,
            at=now(),
            teams=teams,
            topics=topics,
            capacity=capacity,
        )

    database.write_now(add)
    database.close()
    click.echo(f"{alias} has badge {badge}, password: {password}")


@agent.command("leave")
@click.argument("email")
def leave(email: str) -> None:
    """Take leave of an agent: no sign-in, no session, no open socket from now on."""
    database = Database(from_environment().database_url)
    left = database.write_now(setup.leave, email, at=now())
    database.close()
    if not left:
        raise click.ClickException(f"there is no agent {email}")
    click.echo(f"{email} has left; open sockets end within half a minute.")


def _password() -> str:
    """Return a password: typed where somebody can type, else a random one."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return secrets.token_urlsafe(15)
