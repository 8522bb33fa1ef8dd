"""Files of controllers: read strictly, taken in at once, nobody twice, nothing overwritten."""

import csv
import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANN, a_case
from tracker.db import db, transaction
from tracker.errors import BadFile
from tracker.models import Controller, ControllerKey, ControllerRevision, Establishment
from tracker.reference import controllers_file
from tracker.reference.controllers_file import COLUMNS
from tracker.rules.vocabulary import Answer
from tracker.services import controllers, controllers_import, imports
from tracker.services import controllers_amending as amending
from tracker.services import controllers_finding as finding
from tracker.services import controllers_history as history
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController
from tracker.services.controllers_alike import alike, bare_address, bare_name, bare_website
from tracker.services.controllers_import import LEAVE_OUT, Plan

NAME = "controllers.csv"
ROW = {
    "slug": "example",
    "name": "Example SE",
    "address": "Street 1\n10115 Berlin\nGermany",
    "country": "DE",
    "eea": "yes",
    "web": "https://www.example.de/",
    "categories": "commerce;ads",
    "runs": "Shop; Other Shop",
    "relevant_countries": "de;at",
    "quality": "verified",
}


def a_file(*rows: dict[str, str]) -> bytes:
    """Return a file with these rows; what a row does not say is as in ROW."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows({**ROW, **it} for it in rows)
    return out.getvalue().encode()


def take_in(content: bytes, choices: dict[str, int] | None = None) -> Plan:
    """Take a file in and return what it brought."""
    with transaction():
        planned = controllers_import.plan(content, NAME, choices)
        controllers_import.take_in(planned, by=ANN)
        return planned


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def only() -> Controller:
    """Return the one controller of the register."""
    return amending.get_register(db.session.scalars(sa.select(Controller.id)).one())


class TestTheWholePackagedFile:
    @pytest.fixture
    def taken(self, app) -> Plan:
        """The register with all of it."""
        return take_in(controllers_file.packaged())

    def test_has_3069_rows_and_each_is_in_the_register(self, taken: Plan):
        assert taken.rows == 3069 == count(ControllerKey)
        assert len(taken.new) + taken.further == 3069 and count(Controller) == len(taken.new)
        assert count(ControllerRevision) == count(Controller), "each has begun its history"

    def test_creates_nothing_twice(self, taken: Plan):
        again = take_in(controllers_file.packaged())
        assert (again.new, again.known, again.unchanged) == ((), (), 3069) and not again.brings
        assert count(ControllerKey) == 3069 and count(ControllerRevision) == count(Controller)
        assert len(imports.imports()) == 1, "a file that brings nothing is no import"

    def test_has_each_name_and_seat_once(self, taken: Plan):
        several = sa.select(Controller.folded).group_by(Controller.folded, Controller.country)
        assert not db.session.scalars(several.having(sa.func.count() > 1)).all()

    def test_makes_nobody_decide_anywhere(self, taken: Plan):
        assert count(Establishment) == 0
        known = db.session.scalars(sa.select(Controller.establishments_known).distinct()).all()
        assert known == [Answer.UNKNOWN], "a seat in the EEA does not say that anything is decided there"

    def test_is_found_by_brand_website_and_name_in_any_writing(self, taken: Plan):
        for text in ("YOUTUBE", "Waze google", "google llc", "www.GOOGLE.com"):
            assert "Google LLC" in {it.name for it in finding.find_controllers(text)[0]}, text
        assert finding.find_controllers("nothing at all of that kind") == ([], 0)

    def test_keeps_addresses_of_several_lines(self, taken: Plan):
        found = controllers.named("Meta Platforms Ireland Limited", "IE")
        assert found.address == "4 Grand Canal Square\nGrand Canal Harbour\nDublin 2\nIreland"

    def test_names_the_line_on_which_a_row_begins(self, taken: Plan):
        lines = controllers_file.packaged().decode().split("\n")
        for it in (taken.new[0], taken.new[1500], taken.new[-1]):
            assert lines[it.rows[0].line - 1].startswith(f"{it.rows[0].slug},")

    def test_takes_one_statement_per_table(self, app, statements):
        take_in(a_file({}))
        few = len(statements)
        statements.clear()
        take_in(controllers_file.packaged())
        assert len(statements) <= few + 2


class TestARow:
    def test_becomes_a_controller_with_its_history(self, app):
        take_in(a_file({}))
        it = only()
        assert (it.name, it.country, it.address, it.website) == (
            "Example SE", "DE", ROW["address"], "https://www.example.de/",
        )  # fmt: skip
        assert (it.brands, it.categories) == (["Shop", "Other Shop"], ["commerce", "ads"])
        [first] = history.history_of(it.id)
        assert first.said == amending.said_of(it)
        assert (first.actor, first.why) == ("user:1", "Taken in from controllers.csv.")
        assert finding.slugs_of(it.id) == {"example": {k: v for k, v in ROW.items()}}

    def test_is_listed_among_the_files_that_were_taken_in(self, app):
        take_in(a_file({}))
        [taken] = imports.imports()
        assert (taken.name, dict(taken.brought)) == (NAME, {"controller": 1})
        assert [(it.kind, it.key, it.number) for it in imports.imported_items(1)] == [
            ("controller", "example", "Example SE")
        ]

    def test_of_a_known_name_and_seat_fills_in_what_is_not_known(self, app):
        with transaction():
            key = controllers.add_controller(NewController("EXAMPLE se", country="DE"), by=ANN).id
        planned = take_in(a_file({}))
        assert planned.new == () and planned.filled == 1 and count(Controller) == 1
        it = only()
        assert (it.id, it.name, it.website) == (key, "EXAMPLE se", ROW["web"])
        assert [each.why for each in history.history_of(key)] == ["Taken in from controllers.csv.", None]
        assert dict(imports.imports()[0].brought) == {"known controller": 1}

    def test_never_overwrites_and_says_so(self, app):
        take_in(a_file({}))
        planned = take_in(a_file({"web": "https://other.example", "address": "Elsewhere", "runs": "Shop"}))
        assert planned.told == (
            "line 2: website: “https://other.example” is not taken over: Example SE has "
            "“https://www.example.de/”",
            "line 2: address: “Elsewhere” is not taken over: Example SE has “Street 1, 10115 Berlin, "
            "Germany”",
        )
        assert only().website == ROW["web"] and len(history.history_of(only().id)) == 1
        assert (
            take_in(a_file({"web": "https://other.example", "address": "Elsewhere", "runs": "Shop"})).brings
            is False
        )

    def test_does_not_bring_back_what_was_taken_out_at_the_desk(self, app):
        take_in(a_file({}))
        now = amending.said_of(only())
        with transaction():
            without = amending.Said(replace(now, website=None, brands=()))
            amending.amend_controller(only().id, without, seen=now.mark(), by=ANN)
        assert not take_in(a_file({})).brings and only().website is None

    def test_adds_the_brands_that_are_new(self, app):
        take_in(a_file({}))
        take_in(a_file({"runs": "SHOP; Third Shop"}))
        assert only().brands == ["Shop", "Other Shop", "Third Shop"]

    def test_of_the_same_name_and_seat_as_another_row_is_the_same_controller(self, app):
        planned = take_in(a_file({}, {"slug": "second", "runs": "More"}))
        assert (len(planned.new), planned.further, count(ControllerKey)) == (1, 1, 2)
        assert only().brands == ["Shop", "Other Shop", "More"]

    def test_of_the_same_name_elsewhere_is_another_controller(self, app):
        take_in(a_file({}, {"slug": "second", "country": "FR"}))
        assert count(Controller) == 2

    def test_is_who_it_was_though_it_was_renamed_here(self, app):
        take_in(a_file({}))
        now = amending.said_of(only())
        with transaction():
            renamed = amending.Said(replace(now, name="Renamed SE"))
            amending.amend_controller(only().id, renamed, seen=now.mark(), by=ANN)
        planned = take_in(a_file({"quality": "tested"}))
        assert count(Controller) == 1 and only().name == "Renamed SE"
        assert planned.told == ("line 2: name: “Example SE” is not taken over: it is Renamed SE here",)

    def test_tells_the_seat_of_one_of_which_nobody_knew_it(self, app):
        with transaction():
            controllers.add_controller(NewController("Example SE"), by=ANN)
        take_in(a_file({}))
        assert only().country == "DE"

    def test_leaves_the_routes_of_a_known_controller_as_they_are(self, app):
        with transaction():
            case = a_case(respondents=(Respondent(new=NewController("Example SE", "DE")),))
        take_in(a_file({}))
        assert (
            count(Controller) == 1 and case.controllers[0].controller.establishments_known is Answer.UNKNOWN
        )


class TestAnImport:
    def test_that_is_only_planned_stores_nothing(self, app):
        with transaction(write=False):
            assert len(controllers_import.plan(a_file({}), NAME).new) == 1
        assert count(Controller) == count(ControllerKey) == 0

    def test_can_leave_a_row_out(self, app):
        planned = take_in(a_file({}, {"slug": "b", "name": "B"}), {"b": LEAVE_OUT})
        assert (len(planned.new), planned.left_out) == (1, 1) and only().name == "Example SE"

    def test_can_be_told_that_a_row_is_somebody_of_the_register(self, app):
        with transaction():
            key = controllers.add_controller(NewController("Example AG", country="DE"), by=ANN).id
        take_in(a_file({}), {"example": key})
        assert only().name == "Example AG" and only().brands == ["Shop", "Other Shop"]
        assert not take_in(a_file({})).brings, "and stays so without being told again"

    def test_refuses_a_choice_that_cannot_be(self, app):
        with pytest.raises(BadFile) as refused:
            take_in(a_file({}), {"nobody": LEAVE_OUT, "example": 17})
        assert refused.value.faults == (
            "controllers.csv: “example” cannot be controller 17: the register has no such one.",
            "controllers.csv: “nobody” is no slug of the file.",
        )

    def test_has_another_mark_once_the_register_has_changed(self, app):
        with transaction(write=False):
            before = controllers_import.plan(a_file({}), NAME).mark
            assert controllers_import.plan(a_file({}), NAME, {"example": LEAVE_OUT}).mark == before
        with transaction():
            controllers.add_controller(NewController("Example SE", country="DE"), by=ANN)
        with transaction(write=False):
            assert controllers_import.plan(a_file({}), NAME).mark != before


class TestWhoIsLikelyTheSame:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Meta Platforms Ireland Ltd.", "META Platforms Ireland, Limited"),
            ("Sephora S.A.S.", "Séphora SAS"),
            ("Example GmbH & Co. KG", "Example"),
            ("H & M Hennes & Mauritz GBC AB", "H&M Hennes & Mauritz GBC"),
            ("PayPal (Europe) S.à r.l. et Cie, S.C.A.", "Paypal Europe"),
            ("Beispiel e. V.", "Beispiel e.V."),
        ],
    )
    def test_has_one_name_without_its_legal_form(self, one, other):
        assert bare_name(one) == bare_name(other) != ""

    def test_has_not_one_name_because_nothing_but_a_legal_form_is_left(self):
        assert bare_name("AG") == "ag" and bare_name("Co. KG") != bare_name("SE")

    @pytest.mark.parametrize("text", ["http://example.de", "https://WWW.example.de/", "www.example.de"])
    def test_has_one_website_however_it_is_written(self, text):
        assert bare_website(text) == "example.de"

    def test_has_one_address_however_it_is_set(self):
        assert bare_address("Große Str. 1\nBerlin") == bare_address("GROSSE STR 1, Berlin")
        assert bare_address(None) == bare_website(None) == ""

    @given(st.text())
    def test_can_be_asked_of_any_text(self, text):
        assert all(isinstance(it(text), str) for it in (bare_name, bare_website, bare_address))

    def test_is_told_against_the_register_and_inside_the_file(self, app):
        with transaction():
            controllers.add_controller(NewController("Example AG", country="DE"), by=ANN)
        rows = (
            {},
            {"slug": "b", "name": "B GmbH"},
            {"slug": "c", "name": "C", "web": "", "address": "Elsewhere"},
        )
        with transaction(write=False):
            found = controllers_import.plan(a_file(*rows), NAME).alike
        told = [(it.grounds, [(each.name, each.lines) for each in it.those]) for it in found]
        assert told == [
            (("website", "address"), [("Example SE", (2,)), ("B GmbH", (5,))]),
            (("name",), [("Example AG", ()), ("Example SE", (2,))]),
        ]

    def test_is_not_told_of_those_that_are_in_the_register_already(self, app):
        rows = ({}, {"slug": "b", "name": "B GmbH"})
        take_in(a_file(*rows))
        with transaction(write=False):
            assert controllers_import.plan(a_file(*rows), NAME).alike == ()
        assert alike(()) == []


class TestABadFile:
    def faults(self, content: bytes) -> tuple[str, ...]:
        with pytest.raises(BadFile) as refused:
            take_in(content)
        assert count(Controller) == count(ControllerKey) == 0, "nothing is half written"
        return refused.value.faults

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "is empty"),
            (b"\n\n", "is empty"),
            (a_file(), "has no row below its head"),
            (b"a,b\n1,2\n", "missing: slug, name, address"),
            (a_file({}).replace(b",", b";"), "in this file semicolons set them apart: save it with commas"),
            (a_file({}).replace(b"quality", b"slug"), "missing: quality"),
            (a_file({}).replace(b"quality", b"quality,quality", 1), "stands there twice"),
            (a_file({}).decode().encode("utf-16"), "line 1: holds a NUL byte"),
            (a_file({}, {"name": "a\0b"}), "line 5: holds a NUL byte"),
            (a_file({"name": "Köln AG"}).decode().encode("latin-1"), "line 2: is not written in UTF-8"),
            (a_file({}, {"slug": "b", "address": "x"}).replace(b",x,", b',"x"y,'), "line 5: row: cannot"),
            (a_file({}) + b'b,"B,x\n' * 3, "line 5: row: cannot be read from here on"),
            (b"x" * 10_000_000, "has 9.5 MiB; at most 8 MiB are read"),
            (bytes(range(1, 256)) * 20_000, "line 2: is not written in UTF-8"),
            (b'"' + b"x" * 2_000_000, "line 1: row: cannot be read from here on"),
            (a_file({}) + b"a,b,c\n", "line 5: row: has 3 fields, not 10"),
        ],
    )
    def test_is_refused_with_one_clear_message(self, app, content, words):
        faults = self.faults(content)
        assert len(faults) == 1 and words in faults[0] and faults[0].startswith("controllers.csv: ")

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"slug": ""}, "slug: is missing"),
            ({"slug": "A b"}, "slug: “A b” has to be of small letters"),
            ({"name": " "}, "name: is missing"),
            ({"name": "x" * 301}, "name: The text has 301 characters"),
            ({"name": "two\nlines"}, "name: This has to stand on one line"),
            ({"country": "UK", "eea": "no"}, "country: “UK” is no country that is known here: write GB"),
            ({"country": "XX"}, "country: “XX” is no country that is known here: write it as ISO 3166"),
            ({"eea": "no"}, "eea: “no” has to be yes: Germany is in the EEA"),
            ({"country": "CH"}, "eea: “yes” has to be no: Switzerland is not in the EEA"),
            ({"web": "javascript:alert(1)"}, "web: “javascript:alert(1)” is no web address"),
            ({"web": "JavaScript://x.de/%0aalert(1)"}, "is no web address"),
            ({"web": "data:text/html,x"}, "is no web address"),
            ({"web": "https://user:pw@example.de"}, "is no web address"),
            ({"web": "https://exa mple.de"}, "is no web address"),
            ({"web": "https://[example.de"}, "is no web address"),
            ({"relevant_countries": "de;xx"}, "relevant_countries: “xx” is neither “all” nor a country"),
            ({"quality": "<b>"}, "quality: “<b>” has to be one word"),
            ({"address": "a\x07b"}, "address: Character 2 of the text, U+0007, cannot be kept"),
        ],
    )
    def test_tells_the_line_and_the_column_of_a_bad_value(self, app, values, words):
        faults = self.faults(a_file({"slug": "first"}, values))
        assert len(faults) == 1
        assert faults[0].startswith("controllers.csv: line 5: ") and words in faults[0]

    def test_tells_of_two_rows_with_one_slug_where_the_first_stands(self, app):
        assert self.faults(a_file({}, {"name": "B"})) == (
            "controllers.csv: line 5: slug: “example” stands on line 2 already",
        )

    def test_tells_all_faults_at_once_but_no_more_than_somebody_reads(self, app):
        assert len(self.faults(a_file({"country": "XX"}, {"slug": "", "name": ""}))) == 3
        faults = self.faults(a_file(*({"slug": "", "name": str(it)} for it in range(500))))
        assert len(faults) == 201 and faults[-1] == "controllers.csv: 300 more faults are not listed."

    @pytest.mark.parametrize(
        ("web", "read"),
        [
            ("httsp://www.asos.com", "https://www.asos.com"),
            ("www.example.de", "https://www.example.de"),
            ("HTTP://example.de:8080/x", "http://example.de:8080/x"),
        ],
    )
    def test_is_not_one_whose_web_address_was_mistyped(self, app, web, read):
        planned = take_in(a_file({"web": web}))
        assert only().website == read
        assert planned.told == (f"line 2: web: “{web}” is read as {read}",)

    def test_is_not_one_with_the_mark_of_a_spreadsheet_or_other_line_ends(self, app):
        take_in(b"\xef\xbb\xbf" + a_file({}).replace(b"\n", b"\r\n"))
        assert only().address == ROW["address"]

    @given(st.binary(max_size=300))
    def test_never_ends_in_anything_but_a_refusal(self, content):
        with pytest.raises(BadFile):
            controllers_file.read(content, NAME)

    @given(st.lists(st.text(max_size=20), min_size=10, max_size=10))
    def test_never_holds_a_row_that_ends_in_anything_but_a_refusal(self, values):
        out = io.StringIO()
        csv.writer(out).writerows([COLUMNS, values])
        try:
            controllers_file.read(out.getvalue().encode("utf-8", "surrogatepass"), NAME)
        except BadFile as refused:
            assert refused.faults
