"""A case opened at the desk: nothing of another case changes unseen, nothing that was typed is left out."""

import re
from collections.abc import Callable

import pytest

from tests.reader import Reader
from tracker.db import transaction
from tracker.models import Case
from tracker.services import cases, cases_drafts, cases_list, controllers, journal
from tracker.services.accounts import get_user
from tracker.web.forms.cases import CaseForm

Desk = Callable[[str], Reader]
NEW = "/desk/cases/new"
DUBLIN = "Example Platforms Ireland Limited"
FIRST = "controllers-0-establishments-0-"


def typed(**values: object) -> dict[str, object]:
    """Return a form for a case against a company that nobody knows, with some of it changed."""
    return {
        "title": "Scoring without consent",
        "ngo": "noyb",
        "controllers-0-name": "Example Scoring SE",
        "controllers-0-presence": "unknown",
        "claims-0-provision": "6(1)(f)",
        "do": "open",
        **values,
    }


def beside(page: str, field: str) -> str:
    """Return what is said beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', page, re.S)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def sure(page: str) -> str:
    """Return the value of the tick that says that one has read what the page asks."""
    found = re.search(r'name="sure" value="([^"]+)"', page)
    assert found, "nothing was asked"
    return found[1]


def opened() -> int:
    """Return how many cases there are."""
    return cases_list.find_cases()[1]


class TestACaseAgainstACompanyOfTheRegister:
    def test_cannot_give_it_a_second_head_office(self, case: Case, desk: Desk):
        said = {"controllers-0-name": DUBLIN, f"{FIRST}place": "France", f"{FIRST}central": "yes"}
        page = desk("advocate").post(NEW, typed(**said), status=422).text
        assert "Ireland is the head office" in beside(page, f"{FIRST}central")
        assert opened() == 1 and len(controllers.named(DUBLIN, None).establishments) == 1

    def test_shows_what_becomes_of_other_cases_before_it_does_that(self, case: Case, desk: Desk):
        reader = desk("advocate")
        said = typed(**{"controllers-0-name": DUBLIN, f"{FIRST}place": "France", f"{FIRST}decides": "yes"})
        page = reader.post(NEW, said, status=422).text
        learned = f"The register learns of {DUBLIN}: France."
        touched = "C001: 3 routes are worked out anew; the answer is another in 3."
        assert learned in page and touched in page
        assert opened() == 1 and len(controllers.named(DUBLIN, None).establishments) == 1
        assert journal.history_of(case.id)[0].act == "filing.lodge", "nothing is stored by asking"
        reader.post(NEW, {**said, "sure": sure(page)})
        told = reader.get("/desk/cases/C002").text
        assert learned in told and touched in told
        line = reader.get("/desk/cases/C001").text
        assert "changed the routes of the case through the register" in line
        assert "C001, by what was said in C002" in line

    def test_tells_what_was_learned_where_no_answer_changes(self, case: Case, desk: Desk):
        reader = desk("advocate")
        said = {"controllers-0-name": DUBLIN, f"{FIRST}place": "IE", f"{FIRST}since": "2011-01-01"}
        reader.post(NEW, typed(**said))
        page = reader.get("/desk/cases/C002").text
        assert f"The register learns of {DUBLIN}: Ireland, since 1 January 2011." in page
        assert "C001: 3 routes are worked out anew; the answer stays the same." in page

    def test_is_not_sure_of_more_than_was_shown(self, case: Case, desk: Desk):
        reader = desk("advocate")
        said = typed(**{"controllers-0-name": DUBLIN, f"{FIRST}place": "France"})
        mark = sure(reader.post(NEW, said, status=422).text)
        reader.post(NEW, {**said, f"{FIRST}place": "Spain", "sure": mark}, status=422)
        assert opened() == 1


class TestACompanyThatIsNearlyOneOfTheRegister:
    @pytest.mark.parametrize(
        ("name", "seat"), [(DUBLIN, "FR"), ("Example Platforms Ireland Ltd.", ""), (DUBLIN.upper(), "CN")]
    )
    def test_is_not_added_before_somebody_has_seen_the_other(self, case: Case, desk: Desk, name, seat):
        reader = desk("advocate")
        said = typed(**{"controllers-0-name": name, "controllers-0-country": seat})
        page = reader.post(NEW, said, status=422).text
        assert f"{DUBLIN} (Ireland) is in the register." in page and opened() == 1
        reader.post(NEW, {**said, "sure": sure(page)})
        assert cases.get_case("C002").controllers[0].controller.name == name

    def test_can_be_the_one_of_the_register(self, case: Case, desk: Desk):
        reader = desk("advocate")
        said = typed(**{"controllers-0-name": "Example Platforms Ireland Ltd", "controllers-0-country": "FR"})
        page = reader.post(NEW, said, status=422).text
        use = re.search(r'name="do" value="(use-[^"]+)"', page)
        assert use
        chosen = reader.post(NEW, {**said, "do": use[1]}, status=200).text
        reader.post(NEW, {**reader.filled(chosen), "do": "open"})
        assert cases.get_case("C002").controllers[0].controller.name == DUBLIN

    @pytest.mark.parametrize("what", ["use-0-17", "use-9-1", "use-x", "use-", "use-0-" + "9" * 40])
    def test_cannot_be_one_that_is_not_there(self, case: Case, desk: Desk, what):
        reader = desk("advocate")
        answer = reader.call("POST", NEW, data={**typed(do=what), "csrf_token": reader.token(NEW)})
        assert answer.status_code in (200, 404)


class TestACaseThatIsThereAlready:
    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"title": "example: PERSONAL data to train AI"}, "has the same title"),
            (
                {"title": "Example: personal data to train an AI", "controllers-0-name": DUBLIN},
                "has nearly the same title",
            ),
            (
                {"title": "Quite another", "controllers-0-name": DUBLIN, "facts": "2024-05"},
                "is about the same controller since May 2024",
            ),
        ],
    )
    def test_is_named_and_can_be_opened_all_the_same(self, case: Case, desk: Desk, said, why):
        with transaction():
            it = cases.get_case("C001")
            it.facts_on, it.facts_precision = (day := cases.Day.parse("2024-05")).value, day.precision
        reader = desk("advocate")
        page = reader.post(NEW, typed(**said), status=422).text
        assert f"C001, “Example: personal data to train AI”, {why}." in page and opened() == 1
        reader.post(NEW, {**typed(**said), "sure": sure(page)})
        assert opened() == 2

    def test_is_not_seen_in_every_other_case_against_the_company(self, case: Case, desk: Desk):
        desk("advocate").post(NEW, typed(**{"controllers-0-name": DUBLIN}))
        assert opened() == 2

    def test_is_opened_once_by_a_form_that_is_sent_twice(self, desk: Desk):
        reader = desk("advocate")
        sent = {**reader.fields(NEW), **typed()}
        first, second = (reader.post(NEW, sent) for _ in range(2))
        assert first.location == second.location == "/desk/cases/C001" and opened() == 1
        assert "C001 was opened by this form already." in reader.get("/desk/cases/C001").text

    def test_is_opened_once_by_a_form_that_is_sent_again_before_the_first_is_through(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ):
        first, second = desk("advocate"), desk("advocate")
        sent = {**first.fields(NEW), **typed()}
        real = CaseForm.validate

        def overtaken(form: CaseForm) -> bool:
            monkeypatch.setattr(CaseForm, "validate", real)
            second.post(NEW, sent)
            return real(form)

        monkeypatch.setattr(CaseForm, "validate", overtaken)
        assert first.post(NEW, sent).location == "/desk/cases/C001" and opened() == 1
        assert "C001 was opened by this form already." in first.get("/desk/cases/C001").text


class TestARowOfTheForm:
    @pytest.mark.parametrize(
        ("said", "field", "words"),
        [
            ({"claims-2-conduct": "trains an AI"}, "claims-2-provision", "Name the provision"),
            ({"claims-1-measure": "a stop"}, "claims-1-provision", "Name the provision"),
            ({"complainants-1-residence": "FR"}, "complainants-1-pseudonym", "Give the person a pseudonym"),
            ({f"{FIRST}place": "Ireland, France"}, f"{FIRST}place", "One place stands in each row"),
            ({f"{FIRST}place": "EEA"}, f"{FIRST}place", "Name one country of the EEA"),
            ({f"{FIRST}place": "China"}, f"{FIRST}place", "China is not in the EEA"),
            ({f"{FIRST}since": "2020-01-01"}, f"{FIRST}place", "Name the country"),
            ({"controllers-1-country": "FR"}, "controllers-1-name", "Name the controller"),
            (
                {f"{FIRST}place": "IE", "controllers-0-presence": "none"},
                "controllers-0-presence",
                "An establishment is named above",
            ),
            (
                {"complainants-0-pseudonym": "A", "complainants-4-pseudonym": "a"},
                "complainants-1-pseudonym",
                "stands here twice",
            ),
        ],
    )
    def test_is_never_left_out_in_silence(self, desk: Desk, said, field, words):
        page = desk("advocate").post(NEW, typed(**said), status=422).text
        assert words in beside(page, field) and opened() == 0

    def test_is_told_in_one_round_with_all_others_in_the_order_of_the_page(self, desk: Desk):
        wrong = {
            "title": "",
            "controllers-0-affected": "Narnia",
            "claims-0-provision": "Art. 120",
            "claims-1-provision": "",
            "claims-2-provision": "six",
            "complainants-0-pseudonym": "",
            "complainants-1-residence": "FR",
        }
        page = desk("advocate").post(NEW, typed(**wrong), status=422).text
        summary = page.split('class="error_summary"')[1].split("</div>")[0]
        told = re.findall(r'href="#([^"]+)">([^<]*?): ', summary)
        assert [it[0] for it in told] == [
            "title",
            "controllers-0-affected",
            "claims-0-provision",
            "claims-2-provision",
            "complainants-1-pseudonym",
        ]
        assert "Claim 3: Provision: “six” is not understood" in summary
        for field in ("claims-0-provision", "claims-2-provision"):
            assert beside(page, field)
            assert 'aria-invalid="true"' in re.search(rf'<input[^>]*id="{field}"[^>]*>', page)[0]
        assert beside(page, "claims") == ""

    def test_is_heard_first_when_something_is_wrong(self, desk: Desk):
        page = desk("advocate").post(NEW, typed(title=""), status=422).text
        assert "<title>Error: Log a case" in page
        assert re.search(r'<div class="error_summary"[^>]* tabindex="-1" autofocus', page)

    @pytest.mark.parametrize(
        ("kind", "field", "most"),
        [("claims", "provision", 60), ("complainants", "pseudonym", 200), ("controllers", "name", 20)],
    )
    def test_is_refused_above_the_most_that_a_case_can_have(self, desk: Desk, kind, field, most):
        reader = desk("advocate")
        rows = {f"{kind}-{it}-{field}": f"{it % 90 + 1}" for it in range(most + 1)}
        page = reader.post(NEW, typed(**rows), status=422).text
        assert f"At most {most} {kind} are possible, not {most + 1}" in page
        assert f'name="{kind}-{most}-{field}"' in page, "what was typed is still there"
        page = reader.post(NEW, typed(**rows, do=f"more-{kind}"), status=200).text
        assert "There is no room for more" in page and f'name="{kind}-{most}-{field}"' in page

    @pytest.mark.parametrize(
        ("button", "field"),
        [
            ("more-claims", "claims-3-provision"),
            ("more-complainants", "complainants-2-pseudonym"),
            ("more-controllers", "controllers-1-name"),
            ("more-places-0", f"{FIRST[:-2]}2-place"),
        ],
    )
    def test_is_where_the_button_leads_that_adds_it(self, desk: Desk, button, field):
        reader = desk("advocate")
        page = reader.get(NEW).text
        at = re.search(rf'value="{button}" formaction="#([^"]+)"', page)
        assert at and field.startswith(at[1])
        page = reader.post(NEW, typed(do=button), status=200).text
        assert f'id="{at[1]}"' in page and f'name="{field}"' in page and "Not saved yet" not in page

    def test_survives_a_number_that_is_none(self, desk: Desk):
        odd = {"claims-²-provision": "6", "claims-99999999999-provision": "6", "do": "more-places-²"}
        desk("advocate").post(NEW, typed(**odd), status=200)


class TestThePlacesOfACompany:
    @pytest.mark.parametrize(
        ("written", "code"),
        [
            *(("Czech Republic", "CZ"), ("Holland", "NL"), ("EL", "GR"), ("the Netherlands", "NL")),
            *(("UK", "GB"), ("Bavaria", "DE-BY"), ("Bayern", "DE-BY"), ("Nordrhein-Westfalen", "DE-NW")),
            *(("North Rhine-Westphalia", "DE-NW"), ("thuringen", "DE-TH"), ("de-hh", "DE-HH")),
        ],
    )
    def test_are_understood_as_people_write_them(self, desk: Desk, written, code):
        desk("advocate").post(NEW, typed(**{f"{FIRST}place": written}))
        [it] = cases.get_case("C001").controllers[0].controller.establishments
        assert it.place == code

    def test_can_have_its_seat_anywhere_in_the_world(self, desk: Desk):
        reader = desk("advocate")
        for number, seat in enumerate(("CN", "JP", "CA", "IN", "IE"), 1):
            said = typed(title=f"Case against {seat} {number * 'x'}")
            reader.post(NEW, {**said, "controllers-0-name": seat, "controllers-0-country": seat})
            assert cases.get_case(f"C00{number}").controllers[0].controller.country == seat
        page = reader.get(NEW).text
        assert page.index(">Sweden<") < page.index(">Afghanistan<"), "those of the EEA stand first"


class TestPressingEnter:
    def test_saves_a_draft_and_nothing_else(self, desk: Desk):
        page = desk("advocate").get(NEW).text
        form = page.split('class="form"')[1]
        first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
        assert first and 'value="draft"' in first[0] and "hidden" in first[0]


class TestADraftOfACase:
    @pytest.fixture
    def reader(self, desk: Desk) -> Reader:
        """An advocate."""
        return desk("advocate")

    def drafts(self) -> list[str]:
        """Return the titles of the advocate's drafts."""
        return [it.title for it in cases_drafts.drafts_of(get_user("advocate@example.org").id)]

    @pytest.mark.parametrize("key", ["17", "99999999999999999999", "-1", "x", "²"])
    def test_that_is_gone_is_saved_anew(self, reader: Reader, key):
        reader.post(NEW, typed(do="draft", draft=key))
        assert self.drafts() == ["Scoring without consent"]

    @pytest.mark.parametrize("key", ["17", "99999999999999999999"])
    def test_that_is_gone_is_no_reason_not_to_open_the_case(self, reader: Reader, key):
        reader.post(NEW, typed(draft=key))
        assert opened() == 1

    def test_keeps_the_language_in_which_it_is_written(self, reader: Reader):
        address = reader.post(NEW, typed(do="draft", language="it")).location
        assert reader.fields(address)["language"] == "it"
        reader.post(NEW, {**reader.fields(address), "do": "open"}, status=303)
        assert cases.get_case("C001").language == "it"

    def test_that_says_no_language_is_in_english(self, reader: Reader):
        reader.post(NEW, typed(), status=303)
        assert cases.get_case("C001").language == "en"

    def test_keeps_a_text_whole_however_long_it_is(self, reader: Reader):
        long = "word " * 40_000
        address = reader.post(NEW, typed(do="draft", summary=long)).location
        assert reader.fields(address)["summary"].strip() == long.strip()

    def test_is_called_by_what_can_be_seen(self, reader: Reader):
        reader.post(NEW, typed(do="draft", title="A\u202e\x00b\tc" + "d" * 400))
        [title] = self.drafts()
        assert title.startswith("A\ufffdb cddd") and len(title) <= 200

    def test_is_thrown_away_only_after_asking(self, reader: Reader):
        address = reader.post(NEW, typed(do="draft")).location
        drop = f"/desk/drafts/{address.rsplit('=', 1)[1]}/drop"
        page = reader.post(drop, {}, form=NEW, status=200).text
        assert "Throw away “Scoring without consent”" in page and self.drafts()
        reader.post(drop, {"do": "drop"}, form=NEW)
        assert not self.drafts()
        reader.post(drop, {"do": "drop"}, form=NEW)

    def test_stands_before_the_form(self, reader: Reader):
        reader.post(NEW, typed(do="draft"))
        page = reader.get(NEW).text
        assert page.index("Your drafts") < page.index('name="title"')

    def test_is_opened_as_one_case_though_it_was_drafted_many_times(self, reader: Reader):
        address = reader.post(NEW, typed(do="draft")).location
        reader.post(NEW, {**reader.fields(address), "do": "open"})
        address = reader.post(NEW, typed(do="draft", title="Quite another")).location
        reader.post(NEW, {**reader.fields(address), "do": "open"})
        assert opened() == 2


class TestAddingACompanyToACase:
    CONTROLLERS = "/desk/cases/C001/controllers"

    def test_asks_first_where_the_register_has_one_of_nearly_that_name(self, case: Case, desk: Desk):
        reader = desk("advocate")
        said = {
            **reader.fields(self.CONTROLLERS),
            "added-0-name": "Example Platforms Ireland Ltd",
            "do": "save",
        }
        page = reader.post(self.CONTROLLERS, {**said, "added-0-presence": "unknown"}, status=422).text
        assert f"{DUBLIN} (Ireland) is in the register." in page
        assert len(cases.get_case("C001").controllers) == 1
        reader.post(self.CONTROLLERS, {**said, "sure": sure(page)})
        assert len(cases.get_case("C001").controllers) == 2

    def test_tells_what_the_register_learned_and_whom_that_touched(self, case: Case, desk: Desk):
        reader = desk("advocate")
        reader.post(NEW, typed())
        said = {"added-0-name": DUBLIN, "added-0-presence": "unknown"}
        place = {"added-0-establishments-0-place": "Spain", "do": "save"}
        reader.post(
            "/desk/cases/C002/controllers", {**reader.fields("/desk/cases/C002/controllers"), **said, **place}
        )
        page = reader.get("/desk/cases/C002").text
        assert f"The register learns of {DUBLIN}: Spain." in page
        assert "C001: 3 routes are worked out anew" in page
