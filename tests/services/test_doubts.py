"""Who is expected to take a step, and what is said when it was somebody else."""

import pytest

from tests.builders import a_case, lodged
from tracker.db import db, transaction
from tracker.models import Update
from tracker.reference.authorities import authorities
from tracker.services import cases, updates_steps


@pytest.fixture
def filings(app):
    """Two filings, in Vienna and in Paris, of a case in which the Irish authority leads."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil")
    return cases.get_case("C001").filings


def doubt(filings, step: str, actor: str) -> str | None:
    """Return what is said when the actor takes the step."""
    return updates_steps.doubt_about(
        filings, Update(kind=step, actor_slug=actor if actor in authorities() else None)
    )


class TestAStep:
    @pytest.mark.parametrize(
        ("step", "actor"),
        [
            ("acknowledged", "at-dsb"),
            ("lead_confirmed", "ie-dpc"),
            ("investigation", "ie-dpc"),
            ("binding_decision", "eu-edpb"),
            ("information", "nl-ap"),
            ("withdrawn", "noyb"),
            ("acknowledged", "a letter from Vienna"),
        ],
    )
    def test_by_whom_it_is_expected_of_raises_no_doubt(self, filings, step, actor):
        assert doubt(filings[:1], step, actor) is None

    @pytest.mark.parametrize(
        ("step", "actor", "words"),
        [
            (
                "lead_confirmed",
                "at-dsb",
                "the lead authority or the Board (the EDPB or the Irish DPC on C001-01), and the Austrian",
            ),
            (
                "acknowledged",
                "ie-dpc",
                "the authority lodged with (the Austrian DSB on C001-01), and the Irish DPC",
            ),
            ("binding_decision", "ie-dpc", "the Board (the EDPB on C001-01)"),
            ("withdrawn", "ie-dpc", "a step of the organisation that complains, and the Irish DPC"),
        ],
    )
    def test_by_another_authority_is_recorded_and_questioned(self, filings, step, actor, words):
        assert words in (doubt(filings[:1], step, actor) or "")

    def test_on_many_filings_is_questioned_only_where_it_does_not_fit(self, filings):
        said = doubt(filings, "acknowledged", "at-dsb") or ""
        assert "the French CNIL on C001-02" in said and "C001-01" not in said

    def test_raises_no_doubt_where_it_is_not_known_who_leads(self, filings):
        for it in filings:
            it.routes = []
        with db.session.no_autoflush:
            assert doubt(filings, "lead_confirmed", "nl-ap") is None
