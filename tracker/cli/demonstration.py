"""`tracker demo`: the real cases, one account per role, the verified parts cleared for the public."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from tracker import config
from tracker.cli.context import desk_context
from tracker.cli.setup import PORT, listen, prepare, run
from tracker.config import Settings
from tracker.db import PUBLIC, transaction
from tracker.errors import NotFound, UnsafeSetting
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import Role
from tracker.services import accounts, demonstration, publication
from tracker.web.account import hash_password, is_password

ACCOUNTS = "demo-accounts.json"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PEOPLE = {f"{role.value}@demo.example": role for role in Role}
ANOTHER = "another password than this program gave it"


@dataclass(frozen=True, slots=True)
class Filled:
    """The demo as it is now. `passwords` has the accounts whose password is the one that was given."""

    passwords: Mapping[str, str]
    #: What is said beside an account instead of a password.
    said: Mapping[str, str]
    shown: demonstration.Shown

    def lines(self) -> list[str]:
        """Return what to tell about accounts and cases."""
        told = ["  Sign in at the desk as"]
        told += [f"    {it:<24} {self.passwords.get(it) or self.said[it]}" for it in PEOPLE]
        if self.shown.others:
            told += [
                "",
                f"  Left as they were: {', '.join(self.shown.others)}. "
                "They were here before the demo, which has not made them public.",
            ]
        return told


def _known_passwords(file: Path) -> dict[str, str]:
    """Return the passwords that were given in this home; none where the file is gone or no such file."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(it): str(word) for it, word in known.items()} if isinstance(known, dict) else {}


def _keep_passwords(file: Path, passwords: Mapping[str, str]) -> None:
    part = Path(f"{file}.part")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as stream:
        json.dump(dict(passwords), stream, indent=1)
    part.rename(file)


def _actor(role: Role) -> Actor:
    """Return the demo account of a role as somebody who acts."""
    user = accounts.get_user(f"{role.value}@demo.example")
    return Actor(f"user:{user.id}", user.name, user.role, user.id)


def _missing() -> list[str]:
    """Return the addresses of the demo that have no account."""
    missing = []
    for address in PEOPLE:
        try:
            accounts.get_user(address)
        except NotFound:
            missing.append(address)
    return missing


def _said(passwords: Mapping[str, str]) -> dict[str, str]:
    """Return what is true of the accounts with which nobody can sign in by these passwords."""
    said = {}
    for address in PEOPLE:
        user = accounts.get_user(address)
        if not user.active:
            said[address] = "disabled"
        elif address not in passwords or not is_password(passwords[address], user.password):
            said[address] = ANOTHER
    return said


def fill(settings: Settings) -> Filled:
    """Fill a prepared home with the demo, leaving alone what is there: all of it, or nothing."""
    file = settings.secrets / ACCOUNTS
    with desk_context():
        passwords = _known_passwords(file)
        missing = _missing()
        for address in missing:
            word = "".join(secrets.choice(ALPHABET) for _ in range(10))
            passwords[address] = f"{PEOPLE[address].value}-{word}"
        # Hashing takes a moment on purpose, and nobody else should have to wait for it.
        hashed = {address: hash_password(passwords[address]) for address in missing}
        with transaction():
            for address in sorted(set(_missing()) & set(hashed), key=missing.index):
                accounts.add_user(
                    address,
                    name=f"Demo {PEOPLE[address].value}",
                    role=PEOPLE[address],
                    password_hash=hashed[address],
                    by=SHELL,
                )
            shown = demonstration.fill(
                settings.evidence,
                by=SHELL,
                proposed_by=_actor(Role.ADVOCATE),
                cleared_by=_actor(Role.EDITOR),
                lawyer=_actor(Role.LAWYER),
            )
            if missing:
                _keep_passwords(file, passwords)
        if shown.brought:
            with transaction(PUBLIC):
                publication.refresh(shown.brought)
        said = _said(passwords)
        return Filled({it: word for it, word in passwords.items() if it not in said}, said, shown)


@click.command()
@click.option("--serve", "serving", is_flag=True, help="Serve both sites afterwards.")
@click.option("--port", default=5000, show_default=True, type=PORT)
def demo(serving: bool, port: int) -> None:
    """Fill TRACKER_HOME with seven real cases and one account per role. Changes nothing that exists."""
    settings = config.read()
    if settings.production:
        raise UnsafeSetting(
            "TRACKER_ENV is production: the demo adds accounts whose passwords lie in a file. "
            "Use it with TRACKER_ENV=local and a TRACKER_HOME of its own."
        )
    if not serving:
        prepare(settings)
        filled = fill(settings)
        for line in ("", *filled.lines(), "", f"  All data lie in {settings.home}"):
            click.echo(line)
        click.echo("  Serve it with tracker serve\n")
        return
    # Before anything is written: who reads the addresses can go there.
    with listen("127.0.0.1", port, other="make demo PORT=") as held:
        prepare(settings)
        filled = fill(settings)
        here = f"http://127.0.0.1:{port}"
        first = filled.shown.first
        sites_told = [
            "",
            f"  Public site   {here}/",
            f"  First case    {here}/cases/{first}" if first else "  No case is public.",
            f"  Desk          {here}/desk/",
            "",
        ]
        told = [
            *sites_told,
            *filled.lines(),
            "",
            f"  All data lie in {settings.home}",
            "  Stop with Ctrl+C",
            "",
        ]
        run(settings, held=held, told=told)
