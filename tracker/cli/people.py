"""`tracker user`: people who work at the desk."""

import sys

import click

from tracker.cli.context import desk_context
from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts
from tracker.web.account import hash_password

ROLES = click.Choice([it.value for it in Role])


@click.group()
def user() -> None:
    """Add people, disable them, give them a role or a password."""


def _ask_password() -> str:
    """Return the password that somebody types twice without seeing it, or the line that a script sends."""
    if sys.stdin is None or not sys.stdin.isatty():
        typed = "" if sys.stdin is None or sys.stdin.closed else sys.stdin.readline().rstrip("\n")
        if not typed:
            raise RuleBroken("There is no terminal to ask at: send it on standard input.", field="password")
        return typed
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@user.command()
@click.argument("email")
@click.option("--name", default="", help="Name; default: the address.")
@click.option("--role", type=ROLES, default="reader", show_default=True)
@click.option("--password", help="Asked for when not given, or read from standard input.")
def add(email: str, name: str, role: str, password: str | None) -> None:
    """Add a person who may sign in."""
    with desk_context():
        accounts.check_new_address(email)  # before anybody thinks of a password
        hashed = hash_password(_ask_password() if password is None else password)
        with transaction():
            accounts.add_user(email, name=name, role=Role(role), password_hash=hashed, by=SHELL)
    click.echo(f"{email} can sign in as {role}.")


FORCE = click.option(
    "--force", is_flag=True, help="Also the last admin: nobody manages people at the desk then."
)


@user.command()
@click.argument("email")
@FORCE
def disable(email: str, force: bool) -> None:
    """Let a person no longer sign in; open sessions end at once."""
    with desk_context(), transaction():
        accounts.set_active(accounts.get_user(email), False, by=SHELL, forced=force)
    click.echo(f"{email} can no longer sign in.")


@user.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let a person sign in again."""
    with desk_context(), transaction():
        accounts.set_active(accounts.get_user(email), True, by=SHELL)
    click.echo(f"{email} can sign in again.")


@user.command()
@click.argument("email")
@click.option("--password", help="Asked for when not given, or read from standard input.")
def password(email: str, password: str | None) -> None:
    """Give a person another password; open sessions end at once."""
    with desk_context():
        accounts.get_user(email)
        hashed = hash_password(_ask_password() if password is None else password)
        with transaction():
            accounts.set_password(accounts.get_user(email), hashed, by=SHELL)
    click.echo(f"{email} has another password.")


@user.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@FORCE
def role(email: str, role: str, force: bool) -> None:
    """Give a person another role; open sessions end at once."""
    with desk_context(), transaction():
        accounts.set_role(accounts.get_user(email), Role(role), by=SHELL, forced=force)
    click.echo(f"{email} is {role} now.")


@user.command("list")
def list_people() -> None:
    """List everybody."""
    with desk_context():
        for it in accounts.people():
            click.echo(f"{it.email}\t{it.role.value}\t{'active' if it.active else 'disabled'}\t{it.name}")
