"""What the public site says, and what it leaves open: leads, names, totals."""

from copy import deepcopy
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import PUBLIC, db, transaction
from tracker.models import Publication
from tracker.rules.vocabulary import Answer
from tracker.services import cases, publication
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment


class TestALeadThatTheRulesOnlyPresume:
    @pytest.fixture
    def presumed(self, on_a_day, app, visitor: Reader) -> Reader:
        """C001 against a company of which only the head office in Dublin is known for certain."""
        seats = (
            NewEstablishment("IE", central=Answer.YES),
            NewEstablishment("FR", central=Answer.NO),
        )
        company = NewController(name="Example Limited", country="IE", establishments=seats)
        with transaction():
            made = a_case(respondents=(Respondent(new=company, affected=("EEA",)),))
            lodged(made, "nl-ap", "at-dsb")
            told("C001-01", "forwarded", date(2024, 9, 2), "nl-ap", public="It went to Dublin.")
        clear("C001")
        return visitor

    def test_is_called_so_on_every_page(self, presumed: Reader):
        case, filing, authority = (
            words_of(presumed.get(it).text)
            for it in ("/cases/C001", "/filings/C001-01", "/authorities/ie-dpc")
        )
        assert "presumed DPC · Ireland" in case and "presumed lead DPC · Ireland" in case
        assert "With the Irish DPC (presumed to lead), passed on by the Dutch AP" in filing
        assert "Presumed lead DPC · Ireland" in filing
        assert "2 led from here (as presumed lead)" in authority
        assert "C001-01 AP · Netherlands presumed lead" in authority

    def test_is_called_so_also_where_it_was_cleared_by_an_older_program(self, presumed: Reader):
        with transaction():
            (cleared,) = db.session.scalars(sa.select(Publication))
            content = deepcopy(cleared.content)
            for filing in content["filings"]:
                del filing["lead_presumed"]
            cleared.content = content
        with transaction(PUBLIC):
            publication.rebuild()
        assert "Presumed lead DPC · Ireland" in words_of(presumed.get("/filings/C001-01").text)

    def test_is_not_doubted_where_it_is_certain(self, public, visitor: Reader):
        for address in ("/cases/C001", "/filings/C001-01", "/authorities/ie-dpc"):
            assert "presumed" not in visitor.get(address).text


class TestACaseWhoseCompanyIsNotNamed:
    @pytest.fixture
    def unnamed(self, on_a_day, app, visitor: Reader) -> Reader:
        """C001 against a company that no source confirms, cleared without its name."""
        with transaction():
            lodged(a_case(), "nl-ap")
            cases.get_case("C001").controllers[0].controller.verified = False
        clear("C001", filings=["C001-01"], updates=[1], only_verified=True)
        return visitor

    @pytest.mark.parametrize("address", ["/", "/cases", "/cases/C001"])
    def test_says_so_wherever_the_parties_stand(self, unnamed: Reader, address):
        assert "noyb against a company that is not named here" in words_of(unnamed.get(address).text)

    def test_says_so_on_the_page_of_a_filing(self, unnamed: Reader):
        assert "Against a company that is not named here" in words_of(unnamed.get("/filings/C001-01").text)


class TestTheStartPage:
    def test_writes_the_organisation_as_it_writes_itself(self, on_a_day, app, visitor: Reader):
        with transaction():
            lodged(a_case(), "nl-ap")
        clear("C001")
        text = words_of(visitor.get("/").text)
        assert "noyb: complaint lodged" in text and "Noyb" not in text

    def test_does_not_call_an_authority_concerned_that_only_has_a_filing(self, public, visitor: Reader):
        text = words_of(visitor.get("/").text)
        assert "authorities with filings 3" in text and "concerned" not in text


class TestACaseWithOneFiling:
    def test_tells_in_the_list_for_how_long_it_has_been_pending(self, on_a_day, app, visitor: Reader):
        with transaction():
            lodged(a_case(), "nl-ap")
        clear("C001")
        for address in ("/", "/cases"):
            assert "Lodged, pending for 2 years and 5 months" in words_of(visitor.get(address).text)
