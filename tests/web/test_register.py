"""The register of controllers at the desk: searched, shown for any day, changed, undone."""

from collections.abc import Callable

import pytest

from tests.builders import ANN, DUBLIN, a_case, lodged
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import transaction
from tracker.models import Case
from tracker.services import cases, controllers
from tracker.services import controllers_amending as amending
from tracker.services import controllers_history as history
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController

Desk = Callable[[str], Reader]
LIST = "/desk/controllers"
NEW = f"{LIST}/new"
PLACE = "establishments-0-"


@pytest.fixture
def page(case: Case) -> str:
    """The address of the company of C001, which is said to be in Dublin; C001 says that it decides there."""
    return f"{LIST}/{cases.get_case('C001').controllers[0].controller_id}"


def key(page: str) -> int:
    return int(page.rsplit("/", 1)[1])


def said(page: str):
    """Return what the register says."""
    return amending.said_of(amending.get_register(key(page)))


def add(*names: str, country: str = "DE") -> None:
    with transaction():
        for it in names:
            controllers.add_controller(NewController(it, country=country), by=ANN)


class TestTheListOfControllers:
    def test_says_how_to_begin_while_it_is_empty(self, desk: Desk):
        assert "No controller yet." in desk("reader").get(LIST).text

    def test_belongs_to_the_navigation(self, desk: Desk):
        page = desk("reader").get(f"{LIST}?text=x").text
        assert '<a href="/desk/controllers" aria-current="page">Controllers</a>' in page

    def test_is_nothing_for_an_admin_who_may_not_see_cases(self, desk: Desk):
        desk("admin").get(LIST, 404)
        assert "Controllers" not in desk("admin").get("/desk/").text

    def test_finds_by_name_without_case_and_accents_and_says_how_to_find_more(self, desk: Desk):
        add("Société d'Exemple", "Other GmbH")
        reader = desk("reader")
        found = words_of(reader.get(f"{LIST}?text=SOCIETE exemple").text)
        assert "Société d'Exemple" in found and "Other GmbH" not in found and "1 controller" in found
        assert "No controller matches." in reader.get(f"{LIST}?text=nobody").text

    def test_finds_by_seat_and_by_what_is_known(self, page: str, desk: Desk):
        add("Other GmbH")
        reader = desk("reader")
        for query, there, not_there in (
            ("country=DE", "Other GmbH", DUBLIN.name),
            ("only=cases", DUBLIN.name, "Other GmbH"),
            ("only=establishments", DUBLIN.name, "Other GmbH"),
        ):
            shown = words_of(reader.get(f"{LIST}?{query}").text)
            assert there in shown and not_there not in shown, query

    def test_turns_pages_and_forgives_a_page_that_is_not_there(self, desk: Desk):
        add(*(f"Company {it:03}" for it in range(120)))
        reader = desk("reader")
        second = reader.get(f"{LIST}?text=company&page=2").text
        assert "120 controllers, page 2 of 3" in second and "Company 050" in second
        assert "text=company&amp;page=3" in second and "text=company&amp;page=1" in second
        for odd in ("page=99", "page=-1", "page=x", "text=%00", "country=%00&only=x", "text=%25_"):
            reader.get(f"{LIST}?{odd}")

    def test_costs_as_many_statements_for_many_as_for_few(self, desk: Desk, statements):
        add("A", "B")
        reader = desk("reader")
        reader.get(LIST)
        statements.clear()
        reader.get(LIST)
        few = len(statements)
        add(*(f"Company {it}" for it in range(40)))
        statements.clear()
        reader.get(LIST)
        assert len(statements) == few


class TestThePageOfAController:
    def test_shows_what_is_known_with_the_filings_against_it(self, page: str, desk: Desk):
        shown = words_of(desk("reader").get(page).text)
        assert "Head office in the EEA yes no evidence recorded" in shown
        assert "C001-01 DSB · Austria DPC · Ireland" in shown and "the first statement" in shown
        assert "Change what is said" not in shown, "a reader changes nothing"

    def test_is_linked_from_its_case(self, page: str, desk: Desk):
        assert f'href="{page}"' in desk("reader").get("/desk/cases/C001").text

    def test_says_where_a_case_has_its_own_answer(self, page: str, desk: Desk):
        shown = words_of(desk("advocate").get(page).text)
        assert "What the register says does not change them there: C001: decides in Ireland: yes" in shown
        assert "C001: decides in Ireland: yes" in words_of(desk("advocate").get(f"{page}/edit").text)

    def test_shows_who_was_there_on_a_day(self, page: str, desk: Desk):
        reader = desk("advocate")
        reader.post(
            f"{page}/edit", {**reader.fields(f"{page}/edit"), f"{PLACE}since": "2019-05-01", "do": "save"}
        )
        assert "Ireland, since 1 May 2019" in words_of(reader.get(f"{page}?as_of=2019-05-01").text)
        before = words_of(reader.get(f"{page}?as_of=2019-04-30").text)
        assert "None of those that are known was there on that day." in before

    def test_shows_what_it_said_once_for_a_day_too(self, page: str, desk: Desk):
        reader = desk("advocate")
        typed = {f"{PLACE}until": "2020-01-01", "do": "save"}
        reader.post(f"{page}/edit", {**reader.fields(f"{page}/edit"), **typed})
        now = words_of(reader.get(f"{page}?as_of=2024-06-06").text)
        once = words_of(reader.get(f"{page}?as_of=2024-06-06&revision=1").text)
        assert "was there on that day" in now and "Ireland, first day not known" in once
        assert "This is what the register said after change 1" in once
        assert "Save this statement again" in once and "Change what is said" not in once

    @pytest.mark.parametrize("day", ["2021-13-01", "2021", "yesterday", "%00x", "0000-00-00", "9" * 60])
    def test_says_what_is_wrong_with_a_day(self, page: str, desk: Desk, day):
        assert "Error: " in words_of(desk("reader").get(f"{page}?as_of={day}", 422).text)

    @pytest.mark.parametrize("query", ["revision=99", "revision=0", "revision=x", "revision=" + "9" * 30])
    def test_knows_no_change_that_was_not(self, page: str, desk: Desk, query):
        desk("reader").get(f"{page}?{query}", 404)
        desk("advocate").get(f"{page}/edit?{query}", 404)

    def test_that_is_not_there_is_not_found(self, desk: Desk):
        for address in (f"{LIST}/17", f"{LIST}/17/edit", f"{LIST}/{'9' * 18}"):
            desk("advocate").get(address, 404)

    def test_costs_as_many_statements_for_many_filings_as_for_few(self, page: str, desk: Desk, statements):
        def cost() -> int:
            statements.clear()
            reader.get(page)
            return len(statements)

        reader = desk("reader")
        reader.get(page)
        few = cost()
        with transaction():
            lodged(cases.get_case("C001"), "es-aepd", "it-garante", "pl-uodo", "se-imy")
            for it in range(5):
                case = a_case(title=f"Case {it}", respondents=(Respondent(known=key(page)),))
                lodged(case, "at-dsb", "fr-cnil")
        assert cost() == few

    def test_shows_old_changes_only_where_somebody_asks(self, page: str, desk: Desk):
        for number in range(25):
            now = said(page)
            with transaction():
                places = tuple(amending.SaidPlace(it) for it in now.establishments)
                statement = amending.replace(now, note=str(number))
                amending.amend_controller(
                    key(page), amending.Said(statement, places), seen=now.mark(), by=ANN
                )
        shown = desk("reader").get(page).text
        assert 'id="change-26"' in shown and 'id="change-6"' not in shown
        assert 'id="change-1"' in desk("reader").get(f"{page}?history=all").text

    def test_makes_no_link_of_what_a_file_brought_as_an_address(self, page: str, desk: Desk):
        with transaction():
            amending.get_register(key(page)).website = "javascript:alert(1)"
        assert "javascript:" not in "".join(
            part.split('"')[0] for part in desk("reader").get(page).text.split('href="')[1:]
        )


class TestChangingAController:
    def test_keeps_everything_that_was_typed(self, desk: Desk):
        reader = desk("lawyer")
        typed = {
            "name": "Société d'Exemple",
            "country": "FR",
            "website": "https://www.exemple.fr",
            "address": "1 rue\n75001 Paris",
            "group": "Exemple",
            "parent": "Example Holding, Inc.",
            "brands": "Exemple\nZélé\nexemple",
            "categories": "finance; ads, finance",
            "targets_eea": "yes",
            "decided_outside_eea": "no",
            f"{PLACE}place": "Ireland",
            f"{PLACE}since": "2019-01-01",
            f"{PLACE}central": "yes",
            f"{PLACE}decides": "unknown",
            f"{PLACE}implements": "no",
            f"{PLACE}main_processing": "yes",
            f"{PLACE}evidence_central": "the commercial register",
            "representatives-0-place": "Berlin",
            "representatives-0-name": "Rep GmbH",
            "representatives-0-evidence": "its policy",
            "presence": "unknown",
            "note": "n",
            "why": "a letter",
            "do": "save",
        }
        address = reader.post(NEW, typed).location
        now = said(address)
        assert (now.name, now.country, now.brands) == ("Société d'Exemple", "FR", ("Exemple", "Zélé"))
        assert now.categories == ("finance", "ads") and now.parent_name == "Example Holding, Inc."
        [place], [representative] = now.establishments, now.representatives
        assert (place.place, place.implements.value, place.evidence) == (
            "IE", "no", {"central": "the commercial register"},
        )  # fmt: skip
        assert (representative.place, representative.name) == ("DE-BE", "Rep GmbH")
        assert history.history_of(key(address))[0].why == "a letter"
        form = reader.fields(f"{address}/edit")
        for name, value in typed.items():
            if name not in {"do", "why", "brands", "categories", f"{PLACE}place", "representatives-0-place"}:
                assert form[name] == value, name
        reader.post(f"{address}/edit", {**form, "do": "save"})
        assert "Nothing was changed" in reader.get(address).text and said(address) == now

    def test_to_decide_no_more_from_a_day_on_reroutes_and_can_be_undone(self, desk: Desk):
        with transaction():
            case = a_case(respondents=(Respondent(new=DUBLIN, affected=("EEA",)),))
            lodged(case, "at-dsb", "fr-cnil")
            page = f"{LIST}/{case.controllers[0].controller_id}"
        reader = desk("advocate")
        edit = f"{page}/edit"
        yes = {f"{PLACE}decides": "yes", f"{PLACE}implements": "yes", "do": "save"}
        reader.post(edit, {**reader.fields(edit), **yes})

        def told() -> list[tuple[str, list[str]]]:
            filings = cases.get_case("C001").filings
            return [(it.reason, it.result["warnings"]) for each in filings for it in each.routes]

        before = told()
        no = {f"{PLACE}decides": "no", f"{PLACE}begins": "2024-01-01", "do": "save"}
        reader.post(edit, {**reader.fields(edit), **no})
        shown = words_of(reader.get(page).text)
        assert "is another for 2 filings: C001-01, C001-02." in shown and told() != before
        assert "Ireland, until 31 December 2023; first day not known" in shown
        assert "Ireland, since 1 January 2024" in shown
        again = reader.fields(f"{edit}?revision=2")
        reader.post(edit, {**again, "do": "save"})
        assert told() == before and len(said(page).establishments) == 1

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"name": " "}, "Name the legal entity."),
            ({"website": "javascript:alert(1)"}, "“javascript:alert(1)” is no web address"),
            ({"website": "https://[x"}, "is no web address"),
            ({"country": "XX"}, "Choose one of the list."),
            ({f"{PLACE}place": "Narnia"}, "Narnia"),
            ({f"{PLACE}place": "US"}, "United States is not in the EEA"),
            ({f"{PLACE}until": "x"}, "x"),
            ({f"{PLACE}decides": "no", f"{PLACE}begins": "2099-01-01"}, "has not come yet"),
            ({"presence": "none"}, "An establishment is named above"),
            ({"establishments-1-evidence_place": "a letter"}, "Name the country of this establishment."),
            ({"representatives-0-name": "Rep"}, "Name the country of this representative."),
            ({"representatives-0-place": "US"}, "Art 27 asks for a representative in the EEA"),
            ({"brands": "\n".join(map(str, range(500)))}, "At most 400 brands"),
            ({"address": "x" * 1001}, "1,001 characters"),
        ],
    )
    def test_says_beside_the_field_what_cannot_be_and_keeps_what_was_typed(
        self, page: str, desk: Desk, values, words
    ):
        reader, before = desk("advocate"), said(page)
        typed = {**reader.fields(f"{page}/edit"), "note": "Typed.", **values, "do": "save"}
        answer = reader.post(f"{page}/edit", typed, status=422).text
        assert words in words_of(answer), words_of(answer)[:900]
        assert "Typed." in answer and said(page) == before

    def test_asks_for_more_rows_without_a_script(self, page: str, desk: Desk):
        reader = desk("advocate")
        for what, name in (
            ("establishments", "establishments-2-place"),
            ("representatives", "representatives-1-place"),
        ):
            typed = {**reader.fields(f"{page}/edit"), "note": "Typed.", "do": f"more-{what}"}
            answer = reader.post(f"{page}/edit", typed, status=200).text
            assert f'name="{name}"' in answer and "Typed." in answer
        reader.post(f"{page}/edit", {**reader.fields(f"{page}/edit"), "do": "more-nothing"}, status=200)

    def test_takes_out_what_was_entered_by_mistake(self, page: str, desk: Desk):
        reader = desk("advocate")
        typed = {**reader.fields(f"{page}/edit"), f"{PLACE}mistake": "y", "presence": "none", "do": "save"}
        reader.post(f"{page}/edit", typed)
        assert said(page).establishments == () and said(page).establishments_known.value == "no"

    def test_names_the_parent_of_the_register(self, page: str, desk: Desk):
        add("Holding", country="US")
        reader = desk("advocate")
        reader.post(f"{page}/edit", {**reader.fields(f"{page}/edit"), "parent": "HOLDING", "do": "save"})
        parent = controllers.named("Holding", "US").id
        assert f'href="{LIST}/{parent}"' in reader.get(page).text
        assert DUBLIN.name in reader.get(f"{LIST}/{parent}").text


class TestTwoPeopleAtOneController:
    def test_see_both_texts_and_lose_nothing(self, page: str, desk: Desk):
        reader = desk("advocate")
        edit = f"{page}/edit"
        shown = {**reader.fields(edit), "do": "save"}
        theirs = {
            "group": "Theirs",
            "note": "Theirs",
            f"{PLACE}since": "2011-01-01",
            "establishments-1-place": "NL",
        }
        reader.post(edit, {**shown, **theirs})
        mine = {"group": "Mine", f"{PLACE}evidence_central": "my letter", "establishments-1-place": "Spain"}
        answer = reader.post(edit, {**shown, **mine}, status=409).text
        assert "Saved by somebody else" in answer and "Theirs" in answer
        filled = reader.filled(answer)
        assert (filled["group"], filled["note"]) == ("Mine", "Theirs")
        reader.post(edit, {**filled, "do": "save"})
        now = said(page)
        assert (now.group, now.note) == ("Mine", "Theirs")
        found = {it.place: it for it in now.establishments}
        assert sorted(found) == ["ES", "IE", "NL"]
        assert found["IE"].since.year == 2011 and found["IE"].evidence == {"central": "my letter"}

    @pytest.mark.parametrize("before", ["", "x", "[]", "[" * 100_000, '{"establishments": 7}'])
    def test_keep_what_was_typed_where_nobody_knows_what_was_shown(self, page: str, desk: Desk, before):
        reader = desk("advocate")
        edit = f"{page}/edit"
        shown = {**reader.fields(edit), "do": "save"}
        reader.post(edit, {**shown, "group": "Theirs"})
        answer = reader.post(edit, {**shown, "group": "Mine", "before": before}, status=409).text
        assert reader.filled(answer)["group"] == "Mine"


class TestLookingUpAController:
    FORM = "/desk/cases/new"
    TYPED = {"controllers-0-name": "example platforms", "title": "Typed."}

    def test_finds_it_in_the_register_and_takes_it_over(self, page: str, desk: Desk):
        reader = desk("advocate")
        answer = reader.post(self.FORM, {**self.TYPED, "do": "find-0"}, status=200).text
        assert f"{DUBLIN.name} (Ireland)" in words_of(answer) and "Typed." in answer
        use = f"use-0-{key(page)}"
        assert f'value="{use}"' in answer
        chosen = reader.post(self.FORM, {**reader.filled(answer), "do": use}, status=200).text
        assert reader.filled(chosen)["controllers-0-name"] == DUBLIN.name

    def test_says_so_where_there_is_none(self, page: str, desk: Desk):
        answer = desk("advocate").post(
            self.FORM, {"controllers-0-name": "Nobody", "do": "find-0"}, status=200
        )
        assert "The register has nothing of that name." in answer.text

    def test_works_on_the_page_of_controllers_of_a_case(self, page: str, desk: Desk):
        add("Other GmbH")
        reader = desk("advocate")
        address = "/desk/cases/C001/controllers"
        typed = {**reader.fields(address), "added-0-name": "other", "do": "more-added"}
        typed |= {"do": "find-0"}
        answer = reader.post(address, typed, status=200).text
        assert "Other GmbH (Germany)" in words_of(answer)

    @pytest.mark.parametrize("what", ["find-", "find-9", "find-x", "find-" + "9" * 40, "find-0"])
    def test_forgives_a_row_that_is_empty_or_not_there(self, desk: Desk, what):
        desk("advocate").post(self.FORM, {"do": what}, status=200)

    def test_is_asked_for_where_a_brand_is_typed(self, page: str, desk: Desk):
        reader = desk("advocate")
        reader.post(f"{page}/edit", {**reader.fields(f"{page}/edit"), "brands": "Zélé", "do": "save"})
        typed = {
            "title": "T",
            "ngo": "noyb",
            "controllers-0-name": "ZELE",
            "claims-0-provision": "13",
            "do": "open",
        }
        answer = reader.post(self.FORM, typed, status=422).text
        assert f"{DUBLIN.name} (Ireland) is in the register." in answer
