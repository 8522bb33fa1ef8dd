"""`tracker cases`, `tracker lodge`, `tracker authorities`: daily work at the terminal."""

from datetime import date

import click

from tracker.cli.context import FullDay, desk_context
from tracker.db import PUBLIC, transaction
from tracker.reference.authorities import label
from tracker.rules import numbers
from tracker.rules.access import SHELL
from tracker.rules.text import shown
from tracker.services import authorities, cases, cases_list, filings, publication


@click.command("cases")
@click.argument("text", default="")
def cases_command(text: str) -> None:
    """List cases: number, day of lodging, filings, title."""
    with desk_context():
        page = 1
        while True:
            found, total = cases_list.find_cases(text, page=page, size=500)
            for it in found:
                lodged = it.lodged.iso or ("day not known" if it.filings else "not lodged")
                click.echo(f"{it.number}\t{lodged}\t{it.filings}\t{it.title}")
            if page * 500 >= total:
                break
            page += 1
    if not total:
        click.echo(f"No case fits {shown(text)}." if text else "There is no case yet.", err=True)


@click.command()
@click.argument("number")
@click.option(
    "--to",
    "targets",
    multiple=True,
    required=True,
    metavar="AUTHORITY[=COMPLAINANT]",
    help="Slug of an authority, with a pseudonym of the case where one is named; repeat for more.",
)
@click.option("--on", "lodged_on", type=FullDay(), required=True, help="Day of lodging.")
@click.option("--language", help="Language of the complaint, such as de.")
@click.option("--dry-run", is_flag=True, help="Show what would be made, store nothing.")
def lodge(
    number: str, targets: tuple[str, ...], lodged_on: date, language: str | None, dry_run: bool
) -> None:
    """Lodge a case with any number of authorities in one act: all filings, or none."""
    wanted = []
    for target in targets:
        slug, _, person = target.partition("=")
        wanted.append(filings.Wanted(slug, person or None, language))
    with desk_context(), transaction(write=not dry_run):
        case = cases.get_case(numbers.read_case(number))
        planned = filings.plan_lodging(case, wanted, lodged_on=lodged_on)
        if not dry_run:
            filings.lodge_planned(case, planned, lodged_on=lodged_on, by=SHELL)
        for it in planned:
            click.echo(f"{it.number}\t{label(it.authority.slug)}")
            for route in it.routes:
                click.echo(f"\t{route.sentence}")
                for what, remedy in route.warnings:
                    click.echo(f"\twarning: {what} {remedy}")


@click.group("authorities")
def authorities_command() -> None:
    """List the directory of authorities, or bring it in line with the packaged file."""


@authorities_command.command("list")
@click.argument("text", default="")
def list_authorities(text: str) -> None:
    """List authorities: slug, name, country."""
    with desk_context():
        found = authorities.find_authorities(text)
    for it in found:
        click.echo(f"{it.slug}\t{label(it.slug)}\t{it.name_en}")
    if not found:
        click.echo(f"No authority fits {shown(text)}.", err=True)


@authorities_command.command()
def sync() -> None:
    """Bring the directory in line with the packaged file; add, change and retire, never delete."""
    with desk_context():
        with transaction():
            report = authorities.sync(by=SHELL)
        with transaction(PUBLIC):
            publication.publish_directory()
    for words, slugs in (("added", report.added), ("changed", report.changed), ("retired", report.retired)):
        click.echo(f"{len(slugs)} {words}" + (f": {', '.join(slugs)}" if 0 < len(slugs) < 10 else ""))
