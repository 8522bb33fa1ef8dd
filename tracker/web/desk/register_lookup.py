"""A controller looked up in the register from the row of a form, on submit: it works without a script."""

from tracker.reference.names import country_name
from tracker.services import controllers_finding
from tracker.web.forms.rows import Rows

#: Controllers that are offered for one row; who finds too many writes more of the name.
MOST = 10


def looked_up(rows: Rows, at: str) -> dict[int, list[dict[str, str]]]:
    """Return for the row that is counted by `at` what the register has under the name typed there.

    Each has its words, and the value of the button that takes it over. Nothing for a row that is empty or not
    there.
    """
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 4 else len(rows)
    if number >= len(rows) or not rows[number].form.name.data:
        return {}
    # Who takes one over counts the rows in which anything was typed: see forms.cases.use.
    filled = [place for place, it in enumerate(rows) if it.form.said].index(number)
    found, total = controllers_finding.find_controllers(rows[number].form.name.data, size=MOST)
    offered = [{"words": _words(it), "name": it.name, "use": f"use-{filled}-{it.id}"} for it in found]
    if total > MOST:
        offered[-1]["words"] += f". {total - MOST:,} more fit: write more of the name."
    return {number: offered}


def _words(it: controllers_finding.Listed) -> str:
    seat = country_name(it.country) if it.country else "seat not known"
    brands = f", runs {', '.join(it.brands[:3])}" if it.brands else ""
    return f"{it.name} ({seat}){brands}"
