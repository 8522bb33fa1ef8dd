"""Your account: what a person is told, and the address of their calendar, on a page without a script."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.reader import Reader
from tracker.db import db, transaction
from tracker.rules.telling import DAYS, Choices
from tracker.services import accounts, calendar_feed, mail_choices, outbox
from tracker.services.outbox import Answer

Desk = Callable[[str], Reader]
PAGE = "/desk/account"


def choices(role: str = "lawyer") -> Choices:
    db.session.rollback()
    return mail_choices.of(accounts.get_user(f"{role}@example.org"), days=DAYS)


def secret_in(page: str) -> str:
    found = re.search(r"http://localhost/calendar/([\w-]{43})\.ics", page)
    assert found, "no address on the page"
    return found[1]


class TestThePage:
    def test_is_one_click_from_every_page(self, desk: Desk) -> None:
        assert f'<a href="{PAGE}"><strong>The reader</strong></a>' in desk("reader").get("/desk/cases").text

    def test_shows_what_the_role_suggests_until_somebody_chooses(self, desk: Desk) -> None:
        assert desk("lawyer").fields(PAGE).items() >= {"mail": "y", "days": "14, 7, 3, 1"}.items()
        assert "mail" not in desk("reader").fields(PAGE)

    def test_says_that_no_mail_goes_out(self, desk: Desk) -> None:
        assert "No mail goes out from this installation yet" in desk("lawyer").get(PAGE).text

    def test_has_nothing_to_choose_for_whoever_reads_no_filings(self, desk: Desk) -> None:
        admin = desk("admin")
        page = admin.get(PAGE).text
        assert "nothing to tell you" in page and 'class="form"' not in page
        for address in (PAGE, f"{PAGE}/calendar"):
            admin.post(address, {"do": "make", "days": "7"}, form="/desk/people", status=404)
        assert calendar_feed.owners() == set()


class TestAChoice:
    def test_is_kept(self, desk: Desk) -> None:
        lawyer = desk("lawyer")
        lawyer.post(PAGE, {"days": "1 and 30", "everything": "all"})
        assert choices() == Choices(mail=False, days=(30, 1), everything=True)
        assert lawyer.fields(PAGE)["days"] == "30, 1" and "mail" not in lawyer.fields(PAGE)
        lawyer.post(PAGE, {"mail": "y", "days": "7", "everything": "mine"})
        assert choices() == Choices(mail=True, days=(7,))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("soon", "Write whole numbers with commas between them: 14, 7, 3, 1."),
            ("0", "Each number lies between 1 and 366."),
            ("1,2,3,4,5,6,7,8,9", "At most 8 numbers are possible."),
            ("", "Give at least one number."),
        ],
    )
    def test_that_makes_no_sense_is_refused_and_stays_in_the_form(
        self, desk: Desk, typed: str, words: str
    ) -> None:
        page = desk("lawyer").post(PAGE, {"days": typed, "everything": "mine"}, status=422).text
        assert words in page and f'value="{typed}"' in page
        assert choices() == Choices(mail=True)

    def test_is_that_of_one_person(self, desk: Desk) -> None:
        desk("lawyer").post(PAGE, {"days": "2", "everything": "all"})
        assert choices("advocate") == Choices(mail=True)


class TestTheAddressOfACalendar:
    def test_is_shown_once(self, app: Flask, desk: Desk) -> None:
        lawyer = desk("lawyer")
        answer = lawyer.post(f"{PAGE}/calendar", {"do": "make"}, form=PAGE, status=200)
        secret = secret_in(answer.text)
        assert "Whoever has the address reads this calendar without signing in" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert lawyer.call("GET", f"/calendar/{secret}.ics").status_code == 200
        page = lawyer.get(PAGE).text
        assert secret not in page and "cannot be shown again" in page

    def test_ends_when_another_one_is_made(self, desk: Desk) -> None:
        lawyer = desk("lawyer")
        first, second = (
            secret_in(lawyer.post(f"{PAGE}/calendar", {"do": "make"}, form=PAGE, status=200).text)
            for _ in range(2)
        )
        assert lawyer.call("GET", f"/calendar/{first}.ics").status_code == 404
        assert lawyer.call("GET", f"/calendar/{second}.ics").status_code == 200

    def test_ends_when_its_owner_says_so(self, desk: Desk) -> None:
        lawyer = desk("lawyer")
        secret = secret_in(lawyer.post(f"{PAGE}/calendar", {"do": "make"}, form=PAGE, status=200).text)
        lawyer.post(f"{PAGE}/calendar", {"do": "end"}, form=PAGE)
        assert lawyer.call("GET", f"/calendar/{secret}.ics").status_code == 404
        page = lawyer.get(PAGE).text
        assert "The address has ended." in page and "There is no address yet." in page

    def test_warns_of_what_ending_does(self, desk: Desk) -> None:
        lawyer = desk("lawyer")
        lawyer.post(f"{PAGE}/calendar", {"do": "make"}, form=PAGE, status=200)
        assert "Either ends the address that there is, at once." in lawyer.get(PAGE).text

    def test_can_be_ended_by_an_admin_who_never_sees_it(self, desk: Desk) -> None:
        lawyer, admin = desk("lawyer"), desk("admin")
        secret = secret_in(lawyer.post(f"{PAGE}/calendar", {"do": "make"}, form=PAGE, status=200).text)
        page = admin.get("/desk/people").text
        assert page.count("End the address of the calendar") == 1 and secret not in page
        key = accounts.get_user("lawyer@example.org").id
        admin.post(f"/desk/people/{key}", {"do": "calendar"}, form="/desk/people")
        assert "has no address of a calendar any more" in admin.get("/desk/people").text
        assert lawyer.call("GET", f"/calendar/{secret}.ics").status_code == 404


class TestTheLastMailToAPerson:
    def settle(self, answer: Answer | None) -> None:
        with transaction():
            user = accounts.get_user("lawyer@example.org")
            texts = {"subject": "1 deadline", "body": "b", "site": "https://desk.example.org"}
            outbox.write(user, kind="daily", key="a", **texts)
        if answer is not None:
            with transaction():
                letter = outbox.claim()
            assert letter is not None
            with transaction():
                outbox.settle(letter, answer)

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (None, "Waits to be sent."),
            (Answer(), "Sent on "),
            (Answer("refused (450)"), "Tried once: refused (450). Next try on "),
            (Answer("refused (550)", again=False), ": refused (550)."),
        ],
    )
    def test_is_told_with_how_far_it_came(self, desk: Desk, answer: Answer | None, words: str) -> None:
        lawyer = desk("lawyer")
        assert "The last mail to you" not in lawyer.get(PAGE).text
        self.settle(answer)
        assert "The last mail to you, “1 deadline”: " in lawyer.get(PAGE).text
        assert words in lawyer.get(PAGE).text
        assert "The last mail to you" not in desk("advocate").get(PAGE).text


class TestTheAdmin:
    def test_sees_how_the_outbox_stands_and_not_what_is_in_it(self, desk: Desk) -> None:
        with transaction():
            user = accounts.get_user("lawyer@example.org")
            texts = {
                "subject": "1 deadline: 1 of ours due today",
                "body": "C081-07 SECRET",
                "site": "https://x.org",
            }
            outbox.write(user, kind="daily", key="a", **texts)
        page = desk("admin").get("/desk/people/mail").text
        assert "1 deadline: 1 of ours due today" in page and "The lawyer" in page
        assert "C081-07" not in page and "lawyer@example.org" not in page
        assert "Mail is off: TRACKER_SMTP_URL, TRACKER_MAIL_FROM and TRACKER_DESK_URL are not set." in page
        assert "The command tracker work has never run here" in page

    def test_tries_again_what_was_given_up(self, desk: Desk) -> None:
        admin = desk("admin")
        TestTheLastMailToAPerson().settle(Answer("the recipient was refused (550)", again=False))
        page = admin.get("/desk/people/mail").text
        assert "the recipient was refused (550)" in page and "Try all of these again" in page
        admin.post("/desk/people/mail", {"do": "again"})
        page = admin.get("/desk/people/mail").text
        assert "1 message will be tried again." in page and "Nothing was given up." in page
        with transaction():
            assert outbox.claim() is not None

    def test_finds_it_from_the_people(self, desk: Desk) -> None:
        assert 'href="/desk/people/mail"' in desk("admin").get("/desk/people").text

    def test_asks_the_store_as_often_for_many_messages(self, app: Flask, desk: Desk, statements) -> None:
        admin = desk("admin")
        counted = []
        for start in (0, 10):
            with transaction():
                user = accounts.get_user("lawyer@example.org")
                for it in range(start, start + 10):
                    texts = {"subject": "s", "body": "b", "site": "https://x.org"}
                    outbox.write(user, kind="daily", key=str(it), **texts)
            del statements[:]
            admin.get("/desk/people/mail")
            counted.append(len(statements))
        assert counted[0] == counted[1]
