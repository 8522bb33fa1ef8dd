"""`tracker route`: who leads and why, for facts in a file. Needs no store."""

import json
from pathlib import Path

import click

from tracker.services import routing_files


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
