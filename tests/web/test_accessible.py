"""Every page of the desk against axe-core, light, dark, wide, narrow; the others: test_public_seen.py."""

import pytest

from tests.plugins.browser import axe
from tracker.reference import controllers_file

#: With other legal forms than the demo has, so that much is new and likely the same.
PACKAGED = controllers_file.packaged()

DESK = [
    "/desk/",
    "/desk/cases",
    "/desk/cases?text=nothing-at-all",
    "/desk/cases/new",
    "/desk/cases/C081",
    "/desk/cases/C081/amend",
    "/desk/cases/C081/texts",
    "/desk/cases/C081/controllers",
    "/desk/cases/C081/lodge",
    "/desk/cases/C081/where",
    "/desk/cases/C081/updates/new",
    "/desk/cases/C081/updates/new?filing=C081-01",
    "/desk/cases/C081/updates/new?corrects=3",
    "/desk/cases/C081/evidence/new",
    "/desk/cases/C081/evidence/1",
    "/desk/cases/C081/publication",
    "/desk/filings/C081-07",
    "/desk/filings/C081-07/route",
    "/desk/filings/C081-07/chronology",
    "/desk/routes",
    "/desk/cases/C081/routes",
    "/desk/cases/C081/lead-acts/new?filing=C081-07",
    "/desk/authorities",
    "/desk/authorities/ie-dpc",
    "/desk/publications",
    "/desk/filings/C081-07/silence",
    "/desk/cases/C081/updates/8/mark?filing=C081-07",
    "/desk/reminders",
    "/desk/reminders/new",
    "/desk/reminders/new?case=C081&tick=all",
    "/desk/reminders/new?case=C999",
    "/desk/today/answer",
    "/desk/today/classify",
    "/desk/docket",
    "/desk/docket?state=late",
    "/desk/docket?person=nobody&side=own",
    "/desk/filings/C081-07/deadlines/G15",
    "/desk/filings/C081-03/deadlines/FR-IMPLICIT",
    "/desk/filings/C081-01/deadlines/G15/extend",
    "/desk/filings/C081-01/deadlines/begin",
    "/desk/assign?case=C081",
    "/desk/controllers",
    "/desk/controllers?text=nothing-at-all",
    "/desk/controllers?text=zalando",
    "/desk/controllers/new",
    "/desk/controllers/import",
    "/desk/account",
    "/desk/decisions",
    "/desk/decisions?text=nothing-at-all",
    "/desk/decisions/12",
    "/desk/decisions/12/correct",
    "/desk/decisions/15",
    "/desk/cases/C083/decisions/new",
    "/desk/cases/C082/findings",
    "/desk/cases/C083/findings?only=differing",
    "/desk/cases/C082/proceedings/new",
    "/desk/proceedings",
    "/desk/proceedings/1",
    "/desk/proceedings/1/amend",
    "/desk/proceedings/1/decisions/new",
    "/desk/hearings",
    "/desk/hearings/1",
    "/desk/hearings/1/change",
    "/desk/hearings/new?case=C082",
    "/desk/no-such-page",
]
WINDOWS = [
    pytest.param({"width": 1280}, id="wide"),
    pytest.param({"width": 360, "dark": True}, id="phone-dark"),
    pytest.param({"width": 1280, "zoom": 2, "dark": True}, id="twice-as-large"),
]


def faults(page, addresses: list[str]) -> list[str]:
    """Return what is wrong with the pages: findings of axe-core, and pages wider than the window."""
    found = []
    for address in addresses:
        page.goto(address)
        found += [f"{address}: {it}" for it in axe(page)]
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            found.append(f"{address}: {overflow} px too wide")
    return found


@pytest.mark.parametrize("window", WINDOWS)
class TestNobodyIsShutOut:
    def test_of_the_desk(self, signed_in, window):
        assert faults(signed_in("advocate", **window), DESK) == []

    def test_of_a_proposal_and_its_preview(self, signed_in, window):
        advocate, page = signed_in("advocate"), signed_in("editor", **window)
        desk = "/desk/cases/C084/publication"
        advocate.goto(desk)
        advocate.locator("input[name=filings]:checked").first.uncheck()
        advocate.get_by_role("button", name="Propose").click()
        previews = [f"{desk}/preview{language}/cases/C084" for language in ("", "/de", "/fr")]
        try:
            assert faults(page, [desk, *previews, "/desk/publications"]) == []
        finally:
            page.goto(desk)
            page.get_by_role("button", name="Decline").click()

    def test_of_a_controller_of_the_register(self, signed_in, window):
        page = signed_in("advocate", **window)
        page.goto("/desk/controllers?text=meta+platforms+ireland+limited&only=cases")
        address = page.locator("tbody a").first.get_attribute("href")
        shown = [address, f"{address}?as_of=2021-03-01", f"{address}?as_of=2021", f"{address}?revision=1"]
        assert faults(page, [*shown, f"{address}/edit", f"{address}/edit?revision=1"]) == []

    def test_of_what_a_file_of_controllers_would_bring(self, signed_in, window):
        page = signed_in("advocate", **window)
        for name, content in (("bad.csv", b"a,b"), ("those.csv", PACKAGED.replace(b" GmbH", b" UG"))):
            page.goto("/desk/controllers/import")
            page.locator("input[type=file]").set_input_files(
                {"name": name, "mimeType": "text/csv", "buffer": content}
            )
            page.locator("form.form button.submit").click()
            page.wait_for_load_state()
            assert [f"{it}" for it in axe(page)] == []
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    def test_of_reminders_and_of_their_letters(self, signed_in, window):
        page = signed_in("lawyer", **window)
        page.goto("/desk/reminders/new?case=C081&tick=all")
        page.get_by_role("button", name="Write the letters").click()
        page.wait_for_url("**/reminders/1")
        page.locator("summary").first.click()
        assert [f"{it}" for it in axe(page)] == []
        page.get_by_role("button", name="Record 10 as sent").click()
        page.wait_for_load_state()
        assert [f"{it}" for it in axe(page)] == []
        addresses = ["/desk/reminders/1", "/desk/reminders/1/letters", "/desk/reminders/letters/de", "/desk/"]
        assert faults(page, addresses) == []

    def test_of_signing_in_and_of_people(self, demo, open_page, signed_in, window):
        assert faults(open_page(demo[0], **window), ["/desk/sign-in"]) == []
        assert faults(signed_in("admin", **window), ["/desk/people", "/desk/people/mail"]) == []

    def test_of_what_recording_a_decision_would_do(self, signed_in, window):
        page = signed_in("advocate", **window)
        page.goto("/desk/cases/C081/decisions/new?filing=C081-01&filing=C081-07")
        for name, value in (
            ("type", "final"),
            ("results-0-result", "upheld"),
            ("results-1-result", "rejected"),
        ):
            page.locator(f"[name={name}]").select_option(value)
        for name, value in (
            ("decided_by", "DPC · Ireland"),
            ("decided", "2025-06-02"),
            ("summary", "It holds."),
        ):
            page.locator(f"[name={name}]").fill(value)
        for ecli in ("no ecli", ""):
            page.locator("[name=ecli]").fill(ecli)
            page.get_by_role("button", name="Look at what it would do").last.click()
            page.wait_for_load_state()
            assert [f"{it}" for it in axe(page)] == []
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert page.get_by_role("button", name="Record the decision").is_visible()

    def test_of_overriding_a_route(self, signed_in, window):
        assert faults(signed_in("lawyer", **window), ["/desk/filings/C081-07/route/override"]) == []

    def test_of_a_form_that_unfolds_because_something_in_it_was_refused(self, signed_in, window):
        page = signed_in("advocate", **window)
        page.goto("/desk/cases/C081/controllers")
        page.locator("summary").first.click()
        page.locator("[name=respondents-0-public_level]").select_option("land")
        page.get_by_role("button", name="Save the controllers").click()
        assert page.locator("#respondents-0-public_level").is_visible()
        assert [f"{it}" for it in axe(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    def test_of_a_form_whose_session_ended(self, signed_in, window):
        page = signed_in("advocate", **window)
        page.goto("/desk/cases/C081/amend")
        page.locator("[name=title]").fill("Another title")
        page.locator("[name=summary]").fill("A summary in many words. " * 20)
        page.context.clear_cookies()
        page.locator("form.form button.submit").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Your session ended"
        assert [f"{it}" for it in axe(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    def test_of_a_page_of_today_with_a_draft(self, signed_in, window):
        page = signed_in("advocate", **window)
        page.goto("/desk/cases/new")
        page.locator("[name=title]").fill("A draft that waits")
        page.get_by_role("button", name="Save as draft").last.click()
        assert faults(page, ["/desk/"]) == []
        assert page.get_by_role("heading", name="Your drafts").is_visible()

    def test_of_a_form_with_errors(self, signed_in, window):
        page = signed_in("advocate", **window)
        page.goto("/desk/cases/new")
        page.get_by_role("button", name="Open the case").click()
        assert [f"{it}" for it in axe(page)] == []
        assert page.evaluate("document.activeElement.className") == "error_summary"


class TestGoingFromFieldToFieldByKey:
    def test_shows_each_above_the_buttons_that_stay_in_sight(self, signed_in):
        """WCAG 2.4.11: what has the focus is not covered, not for the time of an animation either."""
        page = signed_in("advocate", width=1280, height=720)
        page.emulate_media(reduced_motion="no-preference")
        page.goto("/desk/cases/new")
        page.locator("[name=title]").focus()
        covered = """() => {
            const field = document.activeElement, bar = document.querySelector(".form_end");
            const { top, bottom } = field.getBoundingClientRect();  // of a large box the first lines count
            const under = Math.min(bottom, top + 60) > bar.getBoundingClientRect().top;
            return under && !bar.contains(field) ? field.name : "";
        }"""
        # The page is scrolled with the frame that shows the focus.
        frames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        found = []
        for _ in range(20):
            page.evaluate(frames)
            found.append(page.evaluate(covered))
            page.keyboard.press("Tab")
        assert [it for it in found if it] == []
