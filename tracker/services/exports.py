"""Cases as a file: the schema that the import reads, so that nothing is lost on the way there and back.

Not in it: evidence, publications, routes, deadlines, people, letters of reminders and the journal. They
belong to the installation; routes, stages and deadlines are computed again where the file is taken in.
"""

import json
from collections.abc import Sequence
from typing import Any

import yaml

from tracker.errors import NotFound, RuleBroken
from tracker.models import Case
from tracker.rules import numbers as case_numbers
from tracker.services.import_decisions_said import beside_out
from tracker.services.import_records import held_cases
from tracker.services.import_said import campaign_out, controller_keys

Out = dict[str, Any]


def export_cases(numbers: Sequence[str] | None = None) -> Out:
    """Return the cases with these numbers, or all, in the schema of the import, as they were opened.

    Raises RuleBroken for what is no number, NotFound for a case that does not exist.
    """
    wanted = None if numbers is None else list(dict.fromkeys(case_numbers.read_case(it) for it in numbers))
    held = held_cases(None if wanted is None else (Case.number, wanted))
    if wanted is not None:
        for number in wanted:
            if not any(it.case.number == number for it in held):
                raise NotFound(f"There is no case {number}.")
    keys = controller_keys(held)
    campaigns = [campaign_out(it, keys) for it in held]
    return {"schema_version": 1, "campaigns": campaigns, **beside_out(held, keys)}


def as_text(data: Out, name: str) -> str:
    """Return an export as YAML or JSON, by the ending of the file's name. Raises RuleBroken for another."""
    ending = name.lower().rpartition(".")[2]
    if ending == "json":
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if ending in ("yaml", "yml"):
        text: str = yaml.dump(
            data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110
        )
        return text
    raise RuleBroken("The name of the file must end in .yaml or .json.", field="file")


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # chosen when loaded
    """Writes out what stands in two places, instead of referring from one to the other."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return True: no value is an alias."""
        return True
