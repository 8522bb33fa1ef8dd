"""`tracker deadlines`: when periods end and why, and which chapters of the Procedural Regulation apply."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from tracker.services import deadline_applicable, deadline_files


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--applicable", is_flag=True, help="Say which chapters of Regulation (EU) 2025/2518 apply instead."
)
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
def deadlines(file: Path, applicable: bool, as_json: bool) -> None:
    """Count every period of FILE, a YAML or JSON list of id, event, place and period or rule.

    Stores nothing and needs no home; docs/deadlines.md says what may stand in FILE. With --applicable each
    item is a complaint: id, lodged, referred, cross_border, local.
    """
    if applicable:
        chapters = deadline_applicable.applicable_file(file, file.name)
        _say(
            as_json,
            (deadline_applicable.as_values(it) for it in chapters),
            (deadline_applicable.as_text(it) for it in chapters),
        )
        return
    ends = deadline_files.count_file(file, file.name)
    _say(
        as_json,
        (deadline_files.as_values(it) for it in ends),
        (deadline_files.as_text(it) for it in ends),
    )


def _say(as_json: bool, values: Iterable[dict[str, Any]], texts: Iterable[Iterator[str]]) -> None:
    if as_json:
        click.echo(json.dumps(list(values), ensure_ascii=False, indent=2))
        return
    for place, lines in enumerate(texts):
        if place:
            click.echo()
        for line in lines:
            click.echo(line)
