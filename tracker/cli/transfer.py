"""`tracker import`, `tracker export`, `tracker imports`: cases from and to files (docs/import.md)."""

import os
from pathlib import Path

import click

from tracker.cli.context import desk_context
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import exports, imports


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(imports.counted(number, what) for what, number in counted.items())


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the file and say what it would bring; store nothing.")
def import_command(file: Path, dry_run: bool) -> None:
    """Take in a file of cases (YAML or JSON): all of it, or nothing.

    The same file a second time changes nothing. What is here already with other content is refused.
    Nothing becomes public.
    """
    with desk_context():
        # Reading takes long and needs no store: others write meanwhile.
        opened = imports.open_file(file, file.name)
        with transaction(write=not dry_run):
            report = imports.import_file(opened, file.name, by=SHELL, dry_run=dry_run)
    for line in report.lines:
        click.echo(line)
    brought = {
        "case": report.cases,
        "controller": report.controllers,
        "filing": report.filings,
        "event": report.updates,
    }
    further = {
        "known controller": report.added,
        "complainant": report.complainants,
        "source of a controller": report.sources,
        "proceeding": report.proceedings,
        "decision": report.decisions,
        "hearing": report.hearings,
    }
    brought |= {what: number for what, number in further.items() if number}
    begin = "Would bring" if dry_run else "Brought"
    click.echo(f"{begin} {_counts(brought)}; {_counts({'item': report.unchanged})} here already.")


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "numbers", multiple=True, metavar="NUMBER", help="One case; repeat for more.")
def export_command(file: Path, numbers: tuple[str, ...]) -> None:
    """Write cases to FILE (.yaml or .json) in the schema that the import reads.

    The file holds what staff see, not only what is public: it can be read by its owner only.
    """
    with desk_context(), transaction(write=False):
        data = exports.export_cases(numbers or None)
        text = exports.as_text(data, file.name)
    part = file.with_name(f"{file.name}.part")
    try:
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as out:
            out.write(text)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    cases = len(data["campaigns"])
    click.echo(f"{cases:,} case{'' if cases == 1 else 's'} written to {file}")


@click.command("imports")
@click.argument("number", metavar="[ID]", type=click.IntRange(1, 1_000_000_000), required=False)
def imports_command(number: int | None) -> None:
    """List the files that were taken in; with ID what one of them brought."""
    with desk_context():
        if number is not None:
            for item in imports.imported_items(number):
                click.echo(f"{item.kind}\t{item.key}\t{item.number}")
            return
        for it in imports.imports():
            always = ("case", "controller", "filing", "event")
            brought = _counts(
                {kind: it.brought[kind] for kind in (*always, *sorted({*it.brought} - {*always}))}
            )
            click.echo(f"{it.number}\t{it.at:%Y-%m-%d %H:%M} UTC\t{it.name}\t{brought}\t{it.actor}")
