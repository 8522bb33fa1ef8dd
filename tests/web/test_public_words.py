"""What the public site says, and what it leaves open: leads, names, totals."""

from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import url_for
from werkzeug.routing import BuildError

from tests.builders import a_case, lodged
from tests.publishing import clear, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.app import create_public_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.models import Publication, Reference
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Answer
from tracker.services import cases, demonstration, publication
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.web.public import site_link


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
        assert "All 2 are presumed to be led by DPC · Ireland" in case
        assert "Presumed to be led by the Irish DPC: who decides is not known." in case
        assert "presumed lead DPC · Ireland" in case
        assert "With the Irish DPC (presumed to lead), passed on by the Dutch AP" in filing
        assert "Presumed lead DPC · Ireland" in filing
        assert "2 led from here (2 of them presumed)" in authority
        assert "C001-01 AP · Netherlands presumed lead" in authority

    def test_is_called_so_also_where_it_was_cleared_by_an_older_program(self, presumed: Reader):
        with transaction():
            (cleared,) = db.session.scalars(sa.select(Publication))
            content = deepcopy(cleared.content)
            for filing in content["filings"]:
                del filing["lead_presumed"], filing["lead_short"]
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

    @pytest.mark.parametrize("address", ["/", "/cases", "/cases/C001", "/filings/C001-01"])
    def test_names_nobody(self, unnamed: Reader, address):
        text = words_of(unnamed.get(address).text)
        assert "noyb" in text and "Example Platforms" not in text

    @pytest.mark.parametrize("address", ["/", "/cases"])
    def test_makes_no_words_about_it_in_lists(self, unnamed: Reader, address):
        text = words_of(unnamed.get(address).text)
        assert "noyb against" not in text and "Against" not in text.replace("Against any", "")

    @pytest.mark.parametrize(
        ("prefix", "against", "nobody"),
        [
            ("", "noyb against ", "an organisation whose legal name is not given here"),
            ("/de", "noyb gegen ", "eine Organisation, deren rechtlicher Name hier nicht genannt ist"),
            ("/fr", "noyb contre ", "une organisation dont le nom légal n’est pas indiqué ici"),
        ],
    )
    def test_says_so_on_its_own_pages(self, unnamed: Reader, prefix, against, nobody):
        assert f"{against}{nobody}" in words_of(unnamed.get(f"{prefix}/cases/C001").text)
        assert nobody in words_of(unnamed.get(f"{prefix}/filings/C001-01").text)


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


class TestTheEndOfAPage:
    def test_names_the_address_to_cite(self, public, visitor: Reader):
        for address in ("/cases/C001", "/filings/C001-01"):
            text = words_of(visitor.get(address).text)
            assert f", http://localhost{address}" in text.replace("http://127.0.0.1", "http://localhost")

    def test_names_the_site_as_the_settings_do(self, public, settings: Settings):
        site = create_public_app(replace(settings, base_url="https://complaints.example.org"))
        text = words_of(site.test_client().get("/cases/C001").text)
        assert "https://complaints.example.org/cases/C001" in text

    @pytest.mark.parametrize("address", ["/", "/cases", "/cases/C001", "/authorities/ie-dpc"])
    def test_says_where_to_tell_an_error(self, public, settings: Settings, address):
        site = create_public_app(replace(settings, contact="mailto:errors@example.org"))
        page = site.test_client().get(address).text
        assert '<a href="mailto:errors@example.org">Tell us</a>' in page

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("/cases/C001", "Write to noyb and quote C001"),
            ("/cases", "Write to the organisation that brought the case and quote the number of the case."),
        ],
    )
    def test_says_how_without_that_setting(self, public, visitor: Reader, address, words):
        assert words in words_of(visitor.get(address).text)


class TestAnAddressWithNothing:
    def test_leads_to_the_first_page_and_to_the_list(self, public, visitor: Reader):
        page = visitor.get("/cases/C999", 404).text
        assert '<a href="/">' in page and '<a href="/cases">the list of all cases</a>' in page


class TestANumberThatWasNotCleared:
    def test_looks_like_one_that_nobody_gave(self, public, visitor: Reader):
        with transaction():
            filing = cases.get_case("C001").filings[1]
            db.session.add(Reference(filing_id=filing.id, position=1, owner="authority", value="D-55"))
        clear("C001", filings=["C001-01", "C001-02", "C001-03"], references=["C001-01"], updates=[1])
        text = words_of(visitor.get("/cases/C001").text)
        assert text.count("not shown here") == 2 and "D-55" not in text


class TestNewsFromBeforeTheLodging:
    def test_are_not_the_last_of_the_case(self, on_a_day, app, visitor: Reader):
        with transaction():
            demonstration.import_cases(by=SHELL)
        clear("C086")
        # The last entry that is public is of a month that ended before the day of lodging.
        assert "Last:" not in words_of(visitor.get("/cases/C086").text)
        clear("C081")
        assert "Last:" in words_of(visitor.get("/cases/C081").text)


class TestTheSourceOfAnAuthority:
    def test_is_named_in_words(self, public, visitor: Reader):
        text = words_of(visitor.get("/authorities/ie-dpc").text)
        assert "Source the open directory of datenanfragen.de (CC0 1.0)" in text and ".json" not in text


class TestALink:
    def test_is_the_one_that_the_rules_of_the_site_give(self, public_app):
        ways = public_app.extensions["public_ways"]
        assert {"case", "filing", "authority", "controller", "project", "cases", "start"} <= set(ways)
        assert "<" not in "".join(f"{it.before}{it.after}" for it in ways.values())
        for mount in ("", "/de", "/a/register", "/a b"):
            with public_app.test_request_context("/", environ_overrides={"SCRIPT_NAME": mount}):
                for endpoint, way in ways.items():
                    for value in ("C081", "ie-dpc", "a/b", "ü?", "C081 "):
                        given = dict.fromkeys(way.names, value)
                        try:
                            wanted = url_for(f"public.{endpoint}", **given)
                        except BuildError:
                            continue
                        assert site_link(endpoint, **given, empty="") == wanted
                assert (
                    site_link("cases", project="minds", text=None)
                    == f"{url_for('public.cases')}?project=minds"
                )
