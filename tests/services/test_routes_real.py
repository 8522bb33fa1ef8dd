"""The real cases: who leads by the rules is what the sources say, or the difference is explained."""

import pytest

from tracker.db import transaction
from tracker.models import Filing
from tracker.reference.authorities import in_words
from tracker.reference.names import country_name
from tracker.rules.access import SHELL
from tracker.rules.routing import said
from tracker.services import cases, demonstration, imports, routing

#: Filing, controller -> why the source may name another lead than the rules.
DIFFERENCES = {("C083-13", "Google LLC"): "other_controller"}


@pytest.fixture
def real(app) -> list[Filing]:
    """Every filing of the seven packaged cases."""
    with transaction():
        report = imports.import_file(demonstration.FILE, demonstration.FILE.name, by=SHELL)
    return [filing for number in report.numbers for filing in cases.get_case(number).filings]


class TestARealCase:
    def test_shows_the_lead_that_its_source_states_or_an_explained_difference(self, real):
        assert len(real) == 52
        found, compared = {}, 0
        for filing in real:
            runs = routing.current(filing)
            leads = {run.lead for run in runs.values() if run.lead}
            for controller in filing.controllers:
                facts, route = routing.read(runs[controller.id])
                it = said.difference(filing.lead_said, route, facts, in_words, country_name, others=leads)
                compared += filing.lead_said is not None
                assert (it is None) == (filing.lead_said in (None, route.lead))
                if it is not None:
                    assert it.why.endswith(".") and it.what.startswith("The source names ")
                    found[filing.number, controller.name] = it.code
        assert compared == 26
        assert found == DIFFERENCES
