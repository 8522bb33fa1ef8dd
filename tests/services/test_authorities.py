"""The directory in the store: synced again and again, never shorter, searched, asked for its filings."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DUBLIN, a_case, lodged
from tracker.db import db, transaction
from tracker.errors import NotFound
from tracker.models import Authority, Entry, Filing, Route
from tracker.reference.authorities import authorities as packaged
from tracker.rules.access import SHELL
from tracker.services import authorities, cases, filings
from tracker.services.authorities import Synced
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted

NOTHING = Synced((), (), ())


def sync(rows: object = None) -> Synced:
    """Sync and return the report."""
    with transaction():
        return authorities.sync(rows, by=SHELL)


def stored() -> dict[str, dict[str, object]]:
    """Return the directory as it is stored."""
    table = Authority.__table__
    return {row.slug: dict(row._mapping) for row in db.session.execute(sa.select(table))}


def lines() -> int:
    """Return how many lines of the journal tell of a sync."""
    found = sa.select(sa.func.count()).select_from(Entry).where(Entry.act == "authority.sync")
    return db.session.scalar(found) or 0


class TestASync:
    def test_adds_every_authority_of_the_file_to_an_empty_store(self, app):
        with transaction():
            db.session.execute(sa.delete(Authority))
        report = sync()
        assert set(report.added) == set(packaged()) == set(stored())
        assert report.changed == report.retired == () and len(report.added) == 65

    def test_changes_nothing_the_second_time_and_says_nothing(self, app):
        before, told = stored(), lines()
        assert sync() == NOTHING
        assert (stored(), lines()) == (before, told)

    def test_brings_a_row_in_line_that_changed(self, app):
        changed = replace(packaged()["ie-dpc"], email="new@dataprotection.ie", source_date=date(2026, 1, 1))
        told = lines()
        assert sync({**packaged(), "ie-dpc": changed}) == Synced((), ("ie-dpc",), ())
        row = stored()["ie-dpc"]
        assert (row["email"], row["source_date"]) == ("new@dataprotection.ie", date(2026, 1, 1))
        assert lines() == told + 1
        assert sync() == Synced((), ("ie-dpc",), ()), "and back"

    def test_writes_every_column_of_the_file(self, app):
        row = stored()["at-dsb"]
        facts = packaged()["at-dsb"]
        assert row == {name: getattr(facts, name, False) for name in row}

    def test_marks_as_retired_what_left_the_file_and_deletes_nothing(self, app):
        with transaction():
            lodged(a_case(), "nl-ap")
        without = {slug: it for slug, it in packaged().items() if slug != "nl-ap"}
        assert sync(without) == Synced((), (), ("nl-ap",))
        assert len(stored()) == 65 and stored()["nl-ap"]["retired"] is True
        assert filings.get_filing("C001-01").authority.slug == "nl-ap", "an old filing keeps its authority"
        assert sync(without) == NOTHING

    def test_takes_back_what_returned_to_the_file(self, app):
        sync({slug: it for slug, it in packaged().items() if slug != "nl-ap"})
        assert sync() == Synced((), ("nl-ap",), ())
        assert stored()["nl-ap"]["retired"] is False

    def test_is_all_or_nothing(self, app):
        before = stored()
        with pytest.raises(RuntimeError), transaction():
            authorities.sync({}, by=SHELL)
            raise RuntimeError("the machine stops here")
        assert stored() == before


class TestTheDirectory:
    def test_names_an_authority_by_its_slug(self, app):
        assert authorities.get_authority("ie-dpc").country == "IE"
        for slug in ("ie", "IE-DPC", "", "xx-nowhere", "%"):
            with pytest.raises(NotFound):
                authorities.get_authority(slug)

    def test_runs_by_country_and_within_germany_with_the_federal_one_first(self, app):
        found = authorities.find_authorities()
        assert len(found) == 65
        assert found[0].slug == "at-dsb" and found[-1].slug == "gb-ico"
        german = [it.scope for it in found if it.country == "DE"]
        lands = [it.region for it in found if it.scope == "land"]
        assert german[-17:] == ["land"] * 17 and lands == sorted(lands)

    @pytest.mark.parametrize(
        ("text", "slugs"),
        [
            ("cnil", {"fr-cnil"}),
            ("ireland", {"ie-dpc"}),
            ("OSTERREICHISCHE", {"at-dsb"}),
            ("datatilsynet", {"dk-datatilsynet", "no-datatilsynet"}),
            ("cnpd", {"lu-cnpd", "pt-cnpd"}),
            ("hessen", {"de-he-hbdi"}),
            ("dpc ireland", {"ie-dpc"}),
            ("Ireland  DPC", {"ie-dpc"}),
            ("комисия", {"bg-cpdp"}),
            ("nowhere at all", set()),
            ("%", set()),
        ],
    )
    def test_finds_authorities_by_name_and_place(self, app, text, slugs):
        assert {it.slug for it in authorities.find_authorities(text)} == slugs

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            ({"country": "NO"}, 1),
            ({"country": "ES"}, 4),
            ({"scope": "land"}, 17),
            ({"country": "DE", "scope": "federal"}, 1),
            ({"country": "FR", "scope": "land"}, 0),
            ({"country": "XX"}, 0),
        ],
    )
    def test_is_narrowed_by_country_and_kind(self, app, filters, count):
        assert len(authorities.find_authorities(**filters)) == count


class TestTheFilingsOfAnAuthority:
    @pytest.fixture
    def lodgings(self, app):
        """C001 led from Dublin; C002 without a lead, so that each authority handles its own."""
        none = Respondent(
            new=NewController("Example Inc.", country="US", establishments=()), affected=("EEA",)
        )
        with transaction():
            lodged(a_case(), "at-dsb", "ie-dpc", "no-datatilsynet")
            lodged(a_case(title="Nobody leads", respondents=(none,)), "at-dsb", "fr-cnil")

    def roles(self, slug: str) -> dict[str, tuple[str, ...]]:
        """Return the roles of an authority by the number of the filing."""
        return {it.filing.number: it.roles for it in authorities.filings_of(slug)[0]}

    def test_are_all_in_which_it_has_a_role_with_that_role(self, lodgings):
        assert self.roles("ie-dpc") == {
            "C001-01": ("lead",),
            "C001-02": ("lodged with", "lead"),
            "C001-03": ("lead",),
        }
        assert self.roles("no-datatilsynet") == {"C001-03": ("lodged with",)}
        assert self.roles("nl-ap") == {}

    def test_say_it_once_where_it_handles_what_was_lodged_with_it(self, lodgings):
        assert self.roles("at-dsb") == {"C001-01": ("lodged with",), "C002-01": ("lodged with",)}

    def test_tell_where_it_handles_what_was_lodged_elsewhere(self, app):
        land = NewController("Example GmbH", country="DE", establishments=(NewEstablishment("DE-BE"),))
        with transaction():
            lodged(a_case(respondents=(Respondent(new=land, affected=("DE",)),)), "de-by-baylda")
        assert self.roles("de-be-blnbdi") == {"C001-01": ("handling",)}
        assert self.roles("de-by-baylda") == {"C001-01": ("lodged with",)}

    def test_say_where_it_only_may_lead(self, app):
        unsure = replace(DUBLIN, establishments=(NewEstablishment("IE"), NewEstablishment("FR")))
        with transaction():
            lodged(a_case(respondents=(Respondent(new=unsure, affected=("EEA",)),)), "at-dsb")
            (route,) = db.session.scalars(sa.select(Route)).all()
            route.lead, route.reason = "ie-dpc", "UNDETERMINED_PRESUMED_CA"
        assert self.roles("ie-dpc") == {"C001-01": ("presumed lead",)}

    def test_tell_where_the_source_says_that_it_handles_the_complaint(self, lodgings):
        with transaction():
            db.session.execute(
                sa.update(Filing).where(Filing.number == "C001-01").values(handling_said="nl-ap")
            )
        assert self.roles("nl-ap") == {"C001-01": ("handling",)}

    def test_forget_a_lead_that_is_no_longer_the_answer(self, lodgings):
        with transaction():
            db.session.execute(sa.text("UPDATE routes SET current = 0"))
        assert self.roles("ie-dpc") == {"C001-02": ("lodged with",)}

    def test_name_a_filing_once_also_when_it_leads_for_two_controllers(self, app):
        twin = replace(DUBLIN, name="Example Twin Limited")
        with transaction():
            both = (Respondent(new=DUBLIN, affected=("EEA",)), Respondent(new=twin, affected=("EEA",)))
            lodged(a_case(respondents=both), "at-dsb")
        assert self.roles("ie-dpc") == {"C001-01": ("lead",)}
        assert authorities.counts().lead == {"ie-dpc": 1}

    def test_stand_in_the_order_of_their_numbers(self, app):
        with transaction():
            case = a_case()
            db.session.execute(sa.update(type(case)).values(number="C1000"))
        with transaction():
            made = lodged(cases.get_case("C1000"), "at-dsb")[0]
            lodged(a_case(respondents=(Respondent(new=NewController("X")),), number="C2"), "at-dsb")
            wanted = [Wanted("at-dsb", it) for it in ("A", "B")]
            filings.lodge_complaint(cases.get_case("C1000"), wanted, lodged_on=made.lodged_on, by=ANN)
            for old, new in (("C1000-02", "C1000-100"), ("C1000-03", "C1000-20")):
                db.session.execute(sa.update(Filing).where(Filing.number == old).values(number=new))
        assert list(self.roles("at-dsb")) == ["C002-01", "C1000-01", "C1000-20", "C1000-100"]

    def test_cost_as_many_statements_however_many_there_are(self, lodgings, statements):
        counts = []
        for slug in ("no-datatilsynet", "ie-dpc"):
            db.session.expunge_all()
            statements.clear()
            assert [it.filing.case.title for it in authorities.filings_of(slug)[0]]
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 3

    def test_come_in_pages(self, lodgings):
        pages = [authorities.filings_of("ie-dpc", page=page, size=2) for page in (1, 2, 3)]
        assert [[it.filing.number for it in found] for found, _ in pages] == [
            ["C001-01", "C001-02"],
            ["C001-03"],
            [],
        ]
        assert {total for _, total in pages} == {3}

    def test_are_counted(self, lodgings):
        told = authorities.counts()
        assert told.lodged == {"at-dsb": 2, "ie-dpc": 1, "no-datatilsynet": 1, "fr-cnil": 1}
        assert told.lead == {"ie-dpc": 3}
