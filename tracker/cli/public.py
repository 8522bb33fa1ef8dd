"""`tracker publish` and `tracker withdraw`."""

import click

from tracker.cli.context import desk_context
from tracker.db import PUBLIC, transaction
from tracker.errors import RuleBroken
from tracker.rules import numbers
from tracker.rules.access import SHELL
from tracker.services import cases, publication

#: What a rebuilt public store has in its tables: one of it, and several.
COUNTED = {
    "filings": ("filing", "filings"),
    "updates": ("entry", "entries"),
    "decisions": ("decision", "decisions"),
    "deadlines": ("deadline", "deadlines"),
    "hearings": ("hearing", "hearings"),
    "parties": ("controller", "controllers"),
}


@click.command()
@click.argument("number", required=False)
@click.option("--rebuild", is_flag=True, help="Write the whole public store anew from what is cleared.")
@click.option("--note", default="", help="Why; kept in the journal.")
@click.option("--looked-at", multiple=True, metavar="MARK", help="The mark of a warning that you looked at.")
def publish(number: str | None, rebuild: bool, note: str, looked_at: tuple[str, ...]) -> None:
    """Clear a case for the public as it stands now, or rebuild the public store.

    What is public of the case already stays so; what changes is printed. Warnings refuse nothing for good:
    they are printed with their marks, and the case becomes public once --looked-at names each of them. A
    rebuilt store has the same rows; one that is broken off leaves the store as it was.
    """
    if bool(number) == rebuild:
        raise click.UsageError("Name a case, or say --rebuild.")
    with desk_context():
        if rebuild:
            with transaction(PUBLIC):
                count = publication.rebuild()
                counted = publication.counted()
            click.echo("1 case is public." if count == 1 else f"{count} cases are public.")
            for part, (one, several) in COUNTED.items():
                click.echo(f"{counted[part]:>6} {one if counted[part] == 1 else several}")
            return
        try:
            with transaction():
                case = cases.get_case(numbers.read_case(number or ""))
                changes = publication.publish_alone(case, note=note, by=SHELL, looked_at=looked_at)
                cleared = case.number
        except publication.Unanswered as refusal:
            for it in refusal.warned:
                click.echo(f"{it.mark}  {it.text}", err=True)
            raise RuleBroken(f"{refusal} Run it again with --looked-at and the mark before each.") from None
        with publication.copying(f"{cleared} is cleared in the file."), transaction(PUBLIC):
            publication.refresh([cleared])
    click.echo(f"{cleared} is public. {changes}.")


@click.command()
@click.argument("number")
@click.option("--note", default="", help="Why; kept in the journal.")
def withdraw(number: str, note: str) -> None:
    """Take a case back from the public site, at once (its address answers 410).

    Where the public copy could not be changed, the next command or start of the desk tries that again.
    """
    with desk_context():
        with transaction():
            case = cases.get_case(numbers.read_case(number))
            publication.withdraw(case, note=note, by=SHELL)
            gone = case.number
        with publication.copying(f"{gone} is withdrawn in the file."), transaction(PUBLIC):
            publication.refresh([gone])
    click.echo(f"{gone} is withdrawn.")
