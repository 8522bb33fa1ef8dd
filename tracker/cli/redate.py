"""`tracker redate`: every deadline computed anew."""

import click

from tracker.cli.context import desk_context
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import deadlines


@click.command("redate")
@click.option("--dry-run", is_flag=True, help="Show what would come of it, store nothing.")
def redate(dry_run: bool) -> None:
    """Compute the deadlines of every filing anew, by the rules, periods and calendars of this program.

    A deadline whose day becomes another one keeps the earlier day and the reason in its history.
    """
    with desk_context(), transaction(write=not dry_run):
        done = deadlines.redate(by=SHELL, dry_run=dry_run)
    click.echo(f"{done.new} new, {done.moved} with another day, {done.gone} that do not run any more")
    if dry_run:
        click.echo("Nothing is stored.", err=True)
