"""`tracker decisions`: what was decided, with the fields of GDPRhub."""

import click

from tracker.cli.context import desk_context
from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.reference.authorities import authorities, label
from tracker.rules.decisions import RESULTS, TYPES
from tracker.rules.text import shown
from tracker.services import decisions, decisions_gdprhub


@click.command("decisions")
@click.option("--json", "form", flag_value="json", help="Write JSON with the fields of GDPRhub.")
@click.option("--csv", "form", flag_value="csv", help="Write a table with the fields of GDPRhub.")
@click.option("--authority", default="", metavar="SLUG", help="Only those of one authority.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Only those of one year.")
def decisions_command(form: str | None, authority: str, year: int | None) -> None:
    """List the decisions in force, the newest first.

    They hold what staff see, not only what is public.
    """
    if authority and authority not in authorities():
        raise RuleBroken(f"There is no authority {shown(authority)} (tracker authorities list).")
    with desk_context(), transaction(write=False):
        read, _ = decisions.find(authority=authority, year=year)
        if form == "json":
            click.echo(decisions_gdprhub.as_json(read), nl=False)
        elif form == "csv":
            click.echo(decisions_gdprhub.as_csv(read), nl=False)
        else:
            for it in (each.it for each in read if each.in_force):
                who = label(it.decided_by_slug) if it.decided_by_slug else it.decided_by
                kind = TYPES[it.type] if it.type else "Decision"
                said = ", ".join(f"{each.filing.number} {RESULTS[each.result]}" for each in it.filings)
                fines = ", ".join(each.money.words for each in it.fines)
                parts = (str(it.number), it.decided.iso or "", who, kind, it.reference or "", said, fines)
                click.echo("\t".join(parts))
