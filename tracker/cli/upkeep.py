"""`tracker verify`, `tracker backup`, `tracker restore`: keeping the file safe."""

import sys
from pathlib import Path

import click

from tracker import config
from tracker.cli.context import desk_context
from tracker.services import backups, upkeep


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@click.command("verify")
@click.option("--tidy", is_flag=True, help="First remove temporary files older than an hour.")
def verify_command(tidy: bool) -> None:
    """Hash every kept file again; name what is missing, damaged or left over (exit status 1 then).

    Missing and damaged files come back when the same file is kept again, or from a backup. A leftover file
    belongs to no exhibit: keep it again, or remove it by hand.
    """
    with desk_context() as app:
        folder = app.config["TRACKER"].evidence
        if tidy:
            click.echo(f"{_count(upkeep.tidy(folder), 'temporary file')} removed")
        report = upkeep.verify(folder)
    for kind, problem in report.problems():
        concerned = ", ".join(problem.exhibits)
        click.echo("\t".join(filter(None, (kind, problem.name, problem.reason, concerned))))
    click.echo(
        f"{_count(report.checked, 'file')} hashed: {len(report.missing):,} missing, "
        f"{len(report.damaged):,} damaged, {len(report.leftover):,} left over"
    )
    if any(report.problems()):
        sys.exit(1)


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Also copy the keys: the backup then opens every session.")
def backup_command(folder: Path, with_secrets: bool) -> None:
    """Copy both stores and all evidence into a new FOLDER while the program runs, and check the copy.

    Exit status 1 when evidence was missing or damaged already: the backup is there, and names it.
    """
    made = backups.backup(config.read(), folder, secrets=with_secrets)
    _tell(made, f"Backed up into {folder}")
    if not made.secrets:
        click.echo("The keys are not in it: after a restore everybody has to sign in again.")
    if made.faults:
        sys.exit(1)


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
def restore_command(folder: Path) -> None:
    """Bring the backup in FOLDER back into an empty TRACKER_HOME, and check what came."""
    settings = config.read()
    back = backups.restore(settings, folder)
    _tell(back.manifest, f"Restored into {settings.home}, as it was at {back.manifest.made_at}")
    if back.new_key:
        click.echo("A new key for sessions was made: everybody has to sign in again.")
    click.echo("Now run 'tracker init', then 'tracker publish --rebuild', then 'tracker verify'.")


def _tell(manifest: backups.Manifest, what: str) -> None:
    """Write what is in a backup, and on stderr what was wrong with the evidence when it was made.

    That all was checked is only said of a backup in which nothing is wrong.
    """
    evidence = sum(it.startswith("private/evidence/") for it in manifest.files)
    rows = {store: sum(tables.values()) for store, tables in manifest.rows.items()}
    wrong = len(manifest.faults)
    result = (
        f"{_count(wrong, 'file')} of evidence missing or damaged"
        if wrong
        else "every count and hash was checked"
    )
    click.echo(
        f"{what}: {_count(rows['private'], 'private row')}, {_count(rows['public'], 'public row')}, "
        f"{_count(evidence, 'file')} of evidence; {result}."
    )
    for fault in manifest.faults:
        click.echo(fault, err=True)
