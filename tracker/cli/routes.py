"""`tracker route` and `tracker reroute`: who leads and why, for facts in a file, and again in the store."""

import json
from pathlib import Path

import click

from tracker.cli.context import desk_context
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import routing_anew, routing_files


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
def route(file: Path, as_json: bool) -> None:
    """Route every item of FILE, a YAML or JSON list of id and facts (docs/routing.md). Stores nothing."""
    answers = routing_files.route_file(file, file.name)
    if as_json:
        click.echo(json.dumps([routing_files.as_values(it) for it in answers], ensure_ascii=False, indent=2))
        return
    for place, answer in enumerate(answers):
        if place:
            click.echo()
        for line in routing_files.as_text(answer):
            click.echo(line)


@click.command("reroute")
@click.option("--dry-run", is_flag=True, help="Show what would come of it, store nothing.")
def reroute(dry_run: bool) -> None:
    """Work out again the routes of open filings: by the rules, the directory and the day of today.

    Where another lead or reason comes of it, the filing waits at the desk until somebody confirms it. Filings
    that have ended keep their routes.
    """
    with desk_context(), transaction(write=not dry_run):
        done = routing_anew.reroute(dry_run=dry_run, by=SHELL)
    for it in done:
        waits = f"{it.waiting} of its filings to be looked at" if it.waiting else "same leads, same reasons"
        click.echo(f"{it.number}\t{it.routes} {'route' if it.routes == 1 else 'routes'}\t{waits}")
    if not done:
        click.echo("Every route of an open filing is as the rules of this program find it today.", err=True)
    elif dry_run:
        click.echo("Nothing is stored.", err=True)
