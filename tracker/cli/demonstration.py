"""`tracker demo`: the real cases, one account per role, the verified parts cleared for the public."""

import json
import os
import secrets
from pathlib import Path

import click

from tracker import config
from tracker.cli.context import desk_context
from tracker.cli.setup import prepare, run
from tracker.config import Settings
from tracker.db import PUBLIC, transaction
from tracker.errors import NotFound, UnsafeSetting
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import Role
from tracker.services import accounts, demonstration, publication
from tracker.web.account import hash_password

ACCOUNTS = "demo-accounts.json"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def _passwords(settings: Settings) -> dict[str, str]:
    """Return address -> password of the demo accounts, made once per home and kept beside the keys."""
    file = settings.secrets / ACCOUNTS
    if file.exists():
        known: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return known
    made = {
        f"{role.value}@demo.example": f"{role.value}-{''.join(secrets.choice(ALPHABET) for _ in range(10))}"
        for role in Role
    }
    part = Path(f"{file}.part")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as stream:
        json.dump(made, stream, indent=1)
    part.rename(file)
    return made


def _actor(role: Role) -> Actor:
    """Return the demo account of a role as somebody who acts."""
    user = accounts.get_user(f"{role.value}@demo.example")
    return Actor(f"user:{user.id}", user.name, user.role, user.id)


def fill(settings: Settings) -> dict[str, str]:
    """Fill a prepared home with the demo, leaving alone what is there. Return address -> password."""
    passwords = _passwords(settings)
    with desk_context():
        for role in Role:
            address = f"{role.value}@demo.example"
            try:
                accounts.get_user(address)
            except NotFound:
                hashed = hash_password(passwords[address])
                with transaction():
                    accounts.add_user(
                        address, name=f"Demo {role.value}", role=role, password_hash=hashed, by=SHELL
                    )
        with transaction():
            fresh = demonstration.import_cases(by=SHELL)
        if fresh:
            with transaction():
                demonstration.keep_source_notes(fresh, settings.evidence, by=SHELL)
            with transaction():
                demonstration.clear_verified(
                    fresh, proposed_by=_actor(Role.ADVOCATE), cleared_by=_actor(Role.EDITOR)
                )
            with transaction(PUBLIC):
                publication.refresh(fresh)
    return passwords


@click.command()
@click.option("--serve", "serving", is_flag=True, help="Serve both sites afterwards.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535))
def demo(serving: bool, port: int) -> None:
    """Fill TRACKER_HOME with seven real cases and one account per role. Changes nothing that exists."""
    settings = config.read()
    if settings.production:
        raise UnsafeSetting(
            "TRACKER_ENV is production: the demo adds accounts whose passwords lie in a file. "
            "Use it with TRACKER_ENV=local and a TRACKER_HOME of its own."
        )
    prepare(settings)
    passwords = fill(settings)
    accounts_told = ["  Sign in at the desk as"]
    accounts_told += [f"    {address:<24} {password}" for address, password in passwords.items()]
    data_told = ["", f"  All data lie in {settings.home}"]
    if not serving:
        for line in ("", *accounts_told, *data_told, "  Serve it with tracker serve", ""):
            click.echo(line)
        return
    here = f"http://127.0.0.1:{port}"
    sites_told = [
        "",
        f"  Public site   {here}/",
        f"  First case    {here}/cases/C081",
        f"  Desk          {here}/desk/",
        "",
    ]
    told = [*sites_told, *accounts_told, *data_told, "  Stop with Ctrl+C", ""]
    run(settings, host="127.0.0.1", port=port, told=told)
