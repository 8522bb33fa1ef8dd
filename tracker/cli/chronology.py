"""`tracker chronology`: the chronology of a filing as a PDF, or as a page to be edited."""

import hashlib
from datetime import date
from pathlib import Path

import click

from tracker import clock
from tracker.cli.context import FullDay, desk_context
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import chronology, chronology_pdf, filings
from tracker.web.chronology_document import document


@click.command("chronology")
@click.argument("number")
@click.option("--html", "as_html", is_flag=True, help="Write a page for a word processor instead of a PDF.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; an existing one stays.")
@click.option("--as-of", type=FullDay(), help="Tell what was up to this day (default: today).")
@click.option(
    "--language",
    type=click.Choice(chronology.LANGUAGES),
    default=chronology.LANGUAGES[0],
    help="Language of what the program says.",
)
def chronology_command(
    number: str, as_html: bool, output: Path | None, as_of: date | None, language: str
) -> None:
    """Write the chronology of the filing NUMBER, which proves to a court what was done and what was not.

    All of it goes in that usually does; what to leave out is chosen at the desk. The journal keeps the
    SHA-256 of the file.
    """
    today = clock.today()
    ending = "html" if as_html else "pdf"
    with desk_context():
        filing = filings.get_filing(number.upper())
        if as_of is not None:
            chronology.refuse_day(filing, as_of, today=today)
        choice = chronology.Choice(language=language)
        it = chronology.chronology_of(filing, as_of=as_of or today, choice=choice)
        page = document(it)
        content = page.encode() if as_html else chronology_pdf.pdf_of(page)
        target = output or Path(f"{it.number}-chronology-{it.as_of.isoformat()}.{ending}")
        sha256 = hashlib.sha256(content).hexdigest()
        with transaction():
            chronology.note_made(
                it, form=ending, sha256=sha256, size=len(content), by=SHELL, case_id=filing.case_id
            )
            # What is in the journal was written: a file that cannot be made takes the line with it.
            with target.open("xb") as stream:
                stream.write(content)
    click.echo(f"{target}\t{sha256}")
