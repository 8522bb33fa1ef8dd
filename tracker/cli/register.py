"""`tracker controllers`: the register at the terminal, and files taken into it."""

from pathlib import Path

import click

from tracker.cli.context import desk_context
from tracker.db import transaction
from tracker.errors import BadFile
from tracker.reference.controllers_file import MOST_BYTES
from tracker.reference.names import country_name
from tracker.rules.access import SHELL
from tracker.rules.text import shown
from tracker.services import controllers_finding, controllers_import
from tracker.services.controllers_alike import Alike
from tracker.services.controllers_import import LEAVE_OUT, Plan
from tracker.services.imports import counted

PAGE = 500


@click.group("controllers")
def controllers_command() -> None:
    """List the register of controllers, or take a file of many into it."""


@controllers_command.command("list")
@click.argument("text", default="")
def list_controllers(text: str) -> None:
    """List controllers whose name, brand, website or group has TEXT: key, name, seat, cases."""
    with desk_context():
        page, total = 1, PAGE
        while (page - 1) * PAGE < total:
            found, total = controllers_finding.find_controllers(text, page=page, size=PAGE)
            for it in found:
                seat = country_name(it.country) if it.country else "not known"
                click.echo(f"{it.id}\t{it.name}\t{seat}\t{it.cases}")
            page += 1
    if not total:
        click.echo(f"No controller fits {shown(text)}." if text else "There is no controller yet.", err=True)


@controllers_command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the file and say what it would bring; store nothing.")
@click.option("--same", "same", multiple=True, metavar="SLUG=KEY", help="This row is that controller.")
@click.option("--leave-out", "out", multiple=True, metavar="SLUG", help="Leave this row out.")
def import_controllers(file: Path, dry_run: bool, same: tuple[str, ...], out: tuple[str, ...]) -> None:
    """Take a file of controllers (CSV) into the register: all of it, or nothing.

    The same file a second time changes nothing. What the register knows already stays as it is.
    """
    choices = _choices(same, out)
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)  # what is larger is refused by its size
    with desk_context(), transaction(write=not dry_run):
        planned = controllers_import.plan(content, file.name, choices)
        if not dry_run:
            controllers_import.take_in(planned, by=SHELL)
    for it in planned.told:
        click.echo(f"{file.name}: {it}")
    if dry_run:
        for group in planned.alike:
            click.echo(_words(group))
    elif planned.alike:
        groups = counted(len(planned.alike), "group")
        click.echo(f"Likely the same: {groups} of controllers, which --dry-run lists.")
    click.echo(_counts(planned, dry_run))


def _choices(same: tuple[str, ...], out: tuple[str, ...]) -> dict[str, int]:
    choices = dict.fromkeys(out, LEAVE_OUT)
    for it in same:
        slug, _, key = it.partition("=")
        if not (key.isascii() and key.isdigit() and 0 < int(key[:20]) < 2**63):
            raise BadFile([f"--same {shown(it)}: write SLUG=KEY, with a key of tracker controllers list."])
        choices[slug] = int(key)
    return choices


def _words(it: Alike) -> str:
    """Return in one line who is likely the same: "likely the same by name: line 12 A; in the register B"."""
    those = [
        f"line {', '.join(map(str, each.lines))} {each.name}"
        if each.lines
        else f"{each.name} (in the register, {each.id})"
        for each in it.those
    ]
    return f"likely the same by {' and '.join(it.grounds)}: {'; '.join(those)}"


def _counts(it: Plan, dry_run: bool) -> str:
    begin = "Would bring" if dry_run else "Brought"
    further = f" (and {counted(it.further, 'more row')} of them)" if it.further else ""
    out = f", {it.left_out:,} left out" if it.left_out else ""
    return (
        f"{begin} {counted(len(it.new), 'controller')}{further}; {it.filled:,} of the register completed, "
        f"{counted(it.unchanged, 'row')} here already{out}."
    )
