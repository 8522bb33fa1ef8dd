"""What commands share: the settings, an app context on both stores, a day of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click
from flask import Flask

from tracker import config
from tracker.app import create_app
from tracker.errors import RuleBroken
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision


@contextmanager
def desk_context() -> Iterator[Flask]:
    """Give an app context of the desk on the stores of TRACKER_HOME.

    Raises UnsafeSetting when the home is not prepared.
    """
    app = create_app(config.read())
    with app.app_context():
        yield app


class FullDay(click.ParamType):
    """A full day such as 2024-06-06."""

    name = "DAY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; wrong usage (exit status 2) for anything else."""
        if isinstance(value, date):
            return value
        try:
            day = Day.parse(str(value))
        except RuleBroken as refusal:
            self.fail(str(refusal), param, ctx)
        if day.precision is not Precision.DAY or day.value is None:
            self.fail(f"'{value}' is not a full day: write 2024-06-06", param, ctx)
        return day.value
