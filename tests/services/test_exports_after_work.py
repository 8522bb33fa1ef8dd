"""Whatever was done at the desk: what comes out goes in elsewhere, and comes out there as it was."""

import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DUBLIN, a_case, lodged
from tests.campaigns import a_campaign, a_filing, an_event, real_cases, take_in, take_in_text
from tracker.db import db, transaction
from tracker.errors import BadFile, RuleBroken
from tracker.models import Case, Update
from tracker.reference.authorities import authorities
from tracker.rules.days import Day
from tracker.rules.further_facts import PUBLIC_TASKS, FurtherFacts
from tracker.rules.happened import Act
from tracker.rules.processing import Processing
from tracker.rules.routing.facts import ROLES, SUBJECTS
from tracker.rules.vocabulary import Answer, Medium, Outcome, Precision
from tracker.services import (
    cases,
    cases_amending,
    cases_controllers,
    exports,
    filings,
    import_records,
    silence_marks,
    updates,
    updates_deadlines,
    updates_steps,
)
from tracker.services.cases import Respondent
from tracker.services.cases_amending import Amended, SaidClaim, SaidComplainant
from tracker.services.cases_controllers import SaidPlace
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.deadlines import of_filings
from tracker.services.updates import Letter, NewUpdate
from tracker.services.updates_deadlines import NewAct

pytestmark = pytest.mark.usefixtures("app")

SLUGS = [slug for slug, it in authorities().items() if it.scope != "board"]
ACTORS = [*SLUGS[:8], "ie-high-court", "noyb", "Ελληνική αρχή", "NO", "12"]
WORDS = ["It moved.", "«Ünïcode»\n\nSecond paragraph: 'quoted' # no comment", "NO", "- a list\n- of two"]
NAMES = ["Acme Ltd", "Ελληνική Εταιρεία", "Българска фирма", "株式会社", "Acme, Ltd.", "null"]


def stands():
    """Return where every filing stands, with the steps that led there, by its id in the export."""
    found = {}
    for held in import_records.held_cases():
        steps = defaultdict(list)
        for update in held.updates:
            for each in update.filings:
                steps[each.filing_id].append((update.number, each.step, each.outcome))
        for it in held.case.filings:
            here = (it.stage, it.since_on, it.since_precision, it.outcome, it.entered_by, steps[it.id])
            found[held.filing_keys[it.id]] = here
    return found


class AtTheDesk:
    """Somebody who does at random what can be done; what is refused is not done."""

    def __init__(self, seed):
        self.dice = random.Random(seed)  # noqa: S311 - a test that can be run again

    def work(self, times, acts=None):
        acts = acts or [
            *(self.lodge, self.lodge, self.update, self.update, self.correct, self.amend, self.controllers),
            *(self.deadline, self.deadline, self.mark, self.mark),
        ]
        done = 0
        for _ in range(times):
            number = self.dice.choice(list(db.session.scalars(sa.select(Case.number).order_by(Case.number))))
            with suppress(RuleBroken), transaction():
                self.dice.choice(acts)(cases.get_case(number))
                db.session.flush()
                done += 1
        return done

    def day(self):
        return date(2024, 9, 1) + timedelta(days=self.dice.randint(0, 500))

    def roughly(self):
        day = self.day()
        return Day(day, self.dice.choice([*Precision, Precision.DAY, Precision.DAY]))

    def some(self, things):
        return self.dice.sample(list(things), self.dice.randint(1, min(3, len(things))))

    def lodge(self, case):
        person = self.dice.choice([None, *[it.pseudonym for it in case.complainants]])
        wanted = [filings.Wanted(it, person, self.dice.choice([None, "de"])) for it in self.some(SLUGS)]
        filings.lodge_complaint(case, wanted, lodged_on=self.day(), by=ANN)

    def update(self, case, corrects=None, without=None):
        chosen = self.some(case.filings)
        offer = updates_steps.offer(chosen, without=without)
        noted = self.dice.random() < 0.2
        possible = offer.out_of_order if noted else offer.now
        if not possible:
            raise RuleBroken("Nothing is possible here.")
        step = self.dice.choice(possible)
        new = NewUpdate(
            step.code,
            self.roughly(),
            self.dice.choice(ACTORS),
            self.dice.choice(WORDS),
            public_words=self.dice.choice([None, "In public."]),
            reference=self.dice.choice([None, "24/1", "yes"]),
            outcome=self.dice.choice([None, *Outcome]),
            letter=Letter(self.dice.choice([None, *Medium]), "DPC", self.day(), None, "fr"),
            source=self.dice.choice([None, "https://example.org/a"]),
            irregular=self.dice.choice(WORDS) if noted else None,
        )
        updates.record_update(chosen, new, seen={}, by=ANN, corrects=corrects)

    def correct(self, case):
        entries = db.session.scalars(sa.select(Update).where(Update.case_id == case.id)).all()
        entry = self.dice.choice(list(entries))
        self.update(case, entry.number, updates.get_update(case.id, entry.number))

    def deadline(self, case):
        """Say something of a deadline that runs, for one or more filings, or begin one."""
        row = self.dice.choice(
            [it for rows in of_filings([it.id for it in case.filings]).values() for it in rows]
        )
        said = self.dice.choice(list(Act))
        begun = said is Act.BEGIN
        new = NewAct(
            said,
            self.dice.choice(["OWN-OTHER", "G17"]) if begun else row.period,
            None if begun else row.start_number,
            self.dice.choice([None, self.day()]),
            self.dice.choice([None, "+2m"]),
        )
        entry = NewUpdate("note", self.roughly(), self.dice.choice(ACTORS), self.dice.choice(WORDS))
        chosen = [it for it in case.filings if it.id == row.filing_id or self.dice.random() < 0.2]
        updates_deadlines.record(chosen, new, entry, seen={}, by=ANN)

    def mark(self, case):
        """Say of an entry that it has nothing new, or which entry it answers, or take both back."""
        entries = list(db.session.scalars(sa.select(Update).where(Update.case_id == case.id)))
        answers = self.dice.choice([None, self.dice.choice(entries).number])
        empty = self.dice.random() < 0.7
        silence_marks.mark(self.dice.choice(entries), empty=empty, answers=answers, by=ANN)

    def amend(self, case):
        claims = (SaidClaim("6(1)(f)", self.dice.choice([None, "It trains."])), SaidClaim("12"))
        places = [None, "NO", "DE-BY"]
        people = tuple(
            SaidComplainant(it, self.dice.choice(places), workplace=self.dice.choice(places))
            for it in ("Ω", "yes")
        )
        here = {it.pseudonym for it in case.complainants}
        said = Amended(
            title=f"{case.title} again"[:400],
            summary=self.dice.choice(["", *WORDS]),
            project=self.dice.choice(["", "Νέο έργο", "on"]),
            infringement_place=self.dice.choice(places),
            facts=Day.parse(self.dice.choice([None, "2017", "2018-01"])),
            requested=("fine", "a\nb"),
            claims=claims,
            complainants=tuple(it for it in people if it.pseudonym not in here),
        )
        cases_amending.amend_case(case, said, seen=case.version, by=ANN)

    def controllers(self, case):
        said = [self.other(cases_controllers.said_of(it)) for it in case.controllers]
        new = NewController(
            self.dice.choice(NAMES),
            self.dice.choice([None, "GB", "IE", "US"]),
            self.dice.choice([None, (), (NewEstablishment("IE", central=Answer.YES),)]),
        )
        added = self.dice.choice([[], [Respondent(new=new, affected=self.dice.choice([None, ("FR",)]))]])
        cases_controllers.amend_controllers(case, said, added, seen=cases_controllers.seen_in(case), by=ANN)

    def other(self, said):
        answers = list(Answer)
        places = tuple(
            replace(it, decides=self.dice.choice(answers), main_processing=self.dice.choice(answers))
            for it in said.places
        )
        if self.dice.random() < 0.3:
            since = self.dice.choice([None, date(2020, 1, 1)])
            places += (SaidPlace("FR", since=since, decides=self.dice.choice(answers)),)
        return replace(
            said,
            places=places,
            affected=self.dice.choice([said.affected, None, ("EEA",), ("FR", "DE-BY")]),
            decided_outside_eea=self.dice.choice(answers),
            targets_eea=self.dice.choice(answers),
            further=self.further(answers),
        )

    def further(self, answers):
        subject, ended = self.dice.choice(SUBJECTS), self.dice.choice([None, date(2018, 6, 1)])
        public = subject in PUBLIC_TASKS
        return FurtherFacts(
            issues=self.dice.choice([("gdpr",), ("gdpr",), ("eprivacy",)]),
            subject=subject,
            public_level=self.dice.choice([None, "land"]) if public else None,
            obligation_of=self.dice.choice([None, "NO", "DE-BY"]) if public else None,
            media_art85=self.dice.choice(answers),
            church_art91=self.dice.choice(answers),
            role=self.dice.choice(ROLES),
            local_only=self.dice.choice([None, "NO"]),
            infringement_ended=ended,
            infringement_may_have_ended=not ended and self.dice.random() < 0.3,
            de_telecom=self.dice.choice(answers),
        )


@pytest.mark.parametrize("seed", range(3))
def test_the_demonstration_goes_elsewhere_and_comes_back_after_any_work(seed, elsewhere):
    take_in(*real_cases()["campaigns"])
    with transaction():
        lodged(a_case(respondents=(Respondent(new=DUBLIN, processing=Processing()),)), "at-dsb", "fr-cnil")
    assert AtTheDesk(seed).work(80) > 20
    data, here = exports.export_cases(), stands()
    text = exports.as_text(data, "out.yaml")
    assert take_in_text(text).numbers == ()
    with elsewhere():
        take_in_text(text)
        assert exports.export_cases() == data
        assert stands() == here


class TestADecision:
    """Which step it was follows from who leads, as far as that was known when it came in."""

    FINE = {"amount": 100, "currency": "EUR"}

    def campaign(self, *slugs):
        filings_here = [a_filing(f"acme-2024-{slug[:2]}", slug) for slug in slugs]
        event = an_event("decision", "acme-2024-ie", actor="ie-dpc", fine=self.FINE)
        return a_campaign(internal_ref="C050", filings=filings_here, events=[event])

    def affect(self, places):
        with transaction():
            case = cases.get_case("C050")
            said = [replace(cases_controllers.said_of(it), affected=places) for it in case.controllers]
            seen = cases_controllers.seen_in(case)
            cases_controllers.amend_controllers(case, said, seen=seen, by=ANN)

    def check(self, campaign, elsewhere, step):
        """Compare an export taken in elsewhere with what is here; the first file is still known here."""
        data, here = exports.export_cases(), stands()
        (event,) = data["campaigns"][0]["events"]
        assert event.get("step") == step
        assert take_in(campaign).numbers == take_in(*data["campaigns"]).numbers == ()
        with elsewhere():
            take_in(*data["campaigns"])
            assert stands() == here
            assert exports.export_cases() == data

    def test_stays_what_it_was_when_the_one_stop_shop_becomes_certain(self, elsewhere):
        campaign = self.campaign("ie-dpc")
        take_in(campaign)
        self.affect(("EEA",))
        assert stands()["acme-2024-ie"][0] == "decided"
        self.check(campaign, elsewhere, "decided")

    def test_stays_what_it_was_when_the_one_stop_shop_becomes_doubtful(self, elsewhere):
        campaign = self.campaign("ie-dpc", "fr-cnil")
        take_in(campaign)
        self.affect(None)
        self.check(campaign, elsewhere, "final_upheld")

    def test_stays_what_it_was_when_another_file_brings_more_filings(self, elsewhere):
        take_in(self.campaign("ie-dpc"))
        more = self.campaign("ie-dpc", "fr-cnil")
        take_in(more)
        self.check(more, elsewhere, "decided")

    def test_says_nothing_of_its_step_where_it_follows(self, elsewhere):
        campaign = self.campaign("ie-dpc", "fr-cnil")
        take_in(campaign)
        self.check(campaign, elsewhere, None)

    def test_may_be_another_step_for_each_filing(self, elsewhere):
        campaign = self.campaign("ie-dpc", "fr-cnil")
        steps = {"acme-2024-ie": "decided", "acme-2024-fr": "final_upheld"}
        campaign["events"][0] |= {"filings": [*steps], "step": steps}
        take_in(campaign)
        here = stands()
        assert [here[it][0] for it in steps] == ["decided", "final_upheld"]
        self.check(campaign, elsewhere, steps)

    @pytest.mark.parametrize(
        ("key", "said", "line"),
        [
            ("step", "nothing", "step: there is no step 'nothing'"),
            ("step", {"acme-2024-ie": "nothing"}, "step: there is no step 'nothing'"),
            (
                "outcome",
                {"acme-2024-fr": "won"},
                "outcome: must name each filing of the event and no other, or be one for all",
            ),
            (
                "outcome",
                "great",
                "outcome: must be one of pending, won, partly_won, lost, withdrawn, settled, not_recorded, "
                "or one for each filing by its id, not 'great'",
            ),
        ],
    )
    def test_that_says_a_step_or_outcome_badly_is_refused(self, key, said, line):
        campaign = self.campaign("ie-dpc", "fr-cnil")
        campaign["events"][0][key] = said
        with pytest.raises(BadFile) as refused:
            take_in(campaign)
        assert refused.value.faults == (f"file.json: acme-2024, event 1: {line}",)
