"""Letters of reminders: what the records say for their slots, in which language, and whether they may go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.models import Filing, Reminder, ReminderBatch
from tracker.reference import letters
from tracker.reference.authorities import authorities
from tracker.rules.days import Day
from tracker.rules.letters import Filled, Part, fill
from tracker.rules.periods import AS_THE_ENTRY_SAYS
from tracker.rules.silence import RECENT
from tracker.services.chasing_waiting import Awaited
from tracker.services.silence import SilenceLog, Word


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter for one filing, ready to be read.

    `missing` are the slots that nobody has filled, `left_out` those for whose sake words were left out.
    `impossible` says why it cannot go out. `recent` is a reminder a short time ago, `awaited` what the
    authority waits for from us: for each it stays out unless a person looked and wants it `anyway`.
    """

    row: Reminder
    subject: Filled
    body: Filled
    missing: tuple[str, ...]
    impossible: str | None
    recent: Word | None
    awaited: Awaited | None = None
    left_out: tuple[str, ...] = ()
    #: In which language it should be, where there is no letter in that one.
    wanted: str | None = None

    @property
    def look(self) -> int | None:
        """Return the last entry at which a person has to look before it goes, None for none.

        Whoever ticked the letter saw the entries up to that number.
        """
        numbers = [self.recent.number] if self.recent else []
        return max([*numbers, *([self.awaited.entry] if self.awaited else [])], default=None)

    @property
    def held_back(self) -> bool:
        """Return whether it stays out for one of these, unless a person says otherwise."""
        return self.look is not None and self.row.anyway != self.look

    @property
    def goes(self) -> bool:
        """Return whether it is one of those that are sent."""
        return not (self.row.left_out or self.impossible or self.held_back)

    @property
    def why_not(self) -> str | None:
        """Return why it is not sent, None where it is."""
        if self.goes:
            return None
        if self.impossible:
            return self.impossible
        if self.row.left_out:
            return "Left out."
        return " ".join(self.warnings)

    @property
    def warnings(self) -> list[str]:
        """Return at what a person has to look, in a sentence each."""
        reminded = self.recent and f"Reminded already {self.recent.day.when}, entry {self.recent.number}."
        return [it for it in (self.awaited and self.awaited.words, reminded) if it]


def language_of(filing: Filing, texts: Mapping[str, Any]) -> str:
    """Return in which language a letter is written: that of the filing, of its authority, or English."""
    for language in languages_of(filing):
        if language in texts:
            return language
    return letters.FALLBACK if letters.FALLBACK in texts else next(iter(texts), letters.FALLBACK)


def languages_of(filing: Filing) -> list[str]:
    """Return the languages in which a letter may be, the best first."""
    known = authorities().get(filing.authority_slug or "")
    spoken = known.languages.split(";") if known else []
    return [it for it in [filing.language, *spoken] if it]


def known_of(filing: Filing, log: SilenceLog) -> dict[str, Any]:
    """Return what the records say for the slots of a letter, as values that no language has shaped yet."""
    reference = next((it.value for it in filing.references if it.owner == "authority"), None)
    begun = log.last.day if log.last else log.lodged
    owed = [
        it
        for it in log.missed
        if it.met_on is None and (it.authority or filing.authority_slug) == filing.authority_slug
    ]
    period = owed[0] if owed else None
    return {
        "reference": reference,
        "number": filing.number,
        "organisation": filing.case.ngo,
        "controllers": [it.name for it in filing.controllers],
        "lodged": log.lodged.iso,
        "last": begun.iso,
        "silent": log.time.least if log.time else None,
        # What no law names has no provision that a letter could cite.
        "basis": period.basis if period and period.basis != AS_THE_ENTRY_SAYS else None,
        "due": period and (period.due or period.last).isoformat(),
        "over": period.over if period else None,
        "today": log.as_of.isoformat(),
    }


def values_in(language: str, row: Reminder) -> dict[str, str | None]:
    """Return the words for every slot of a letter in a language, None where nothing is known."""
    known = row.known

    def day(name: str) -> str | None:
        return letters.day_in(language, Day.parse(known[name])) if known.get(name) else None

    def when(name: str) -> str | None:
        return letters.when_in(language, Day.parse(known[name])) if known.get(name) else None

    def since(name: str) -> str | None:
        return letters.since_in(language, Day.parse(known[name])) if known.get(name) else None

    def number(name: str) -> str | None:
        return None if known.get(name) is None else letters.number_in(language, known[name])

    authority = authorities().get(row.authority_slug or "")
    told: dict[str, str | None] = {
        "authority": authority.name if authority else None,
        "reference": known.get("reference"),
        "number": known.get("number"),
        "organisation": known.get("organisation"),
        "controller": letters.several_in(language, known.get("controllers") or ()),
        "lodged_day": day("lodged"),
        "lodged_when": when("lodged"),
        "last_day": day("last"),
        "last_since": since("last"),
        "silent_days": number("silent"),
        "provision": known.get("basis") and letters.provision_in(language, known["basis"]),
        "due_day": day("due"),
        "over_days": number("over"),
        "today": day("today"),
    }
    return {slot: row.filled.get(slot) or value for slot, value in told.items()}


def dated(batch: ReminderBatch, row: Reminder) -> date | None:
    """Return the day that a letter bears, None where its words have none."""
    text = batch.texts.get(row.language) or {}
    if not any("{today}" in text.get(part, "") for part in ("subject", "body")):
        return None
    return Day.parse(row.known.get("today")).value


def as_sent(row: Reminder) -> Letter:
    """Return a letter of a batch that was recorded, with the words that were sent."""
    subject, body = (Filled((Part(it or ""),)) for it in (row.subject, row.body))
    return Letter(row, subject, body, missing=(), impossible=row.refused, recent=None)


def as_written(
    batch: ReminderBatch, row: Reminder, log: SilenceLog, on: date, awaited: Awaited | None
) -> Letter:
    """Return a letter of an open batch, filled as far as something is known, to be sent on a day."""
    text = batch.texts.get(row.language) or {"subject": "", "body": ""}
    values = values_in(row.language, row)
    subject, body = fill(text["subject"], values), fill(text["body"], values)
    wanted = next(iter(languages_of(row.filing)), row.language)
    return Letter(
        row=row,
        subject=subject,
        body=body,
        missing=tuple(dict.fromkeys((*subject.missing, *body.missing))),
        impossible=_impossible(row, log),
        recent=recent(log, on),
        awaited=awaited,
        left_out=tuple(dict.fromkeys((*subject.left_out, *body.left_out))),
        wanted=None if wanted == row.language or row.language in languages_of(row.filing) else wanted,
    )


def _impossible(row: Reminder, log: SilenceLog) -> str | None:
    if not log.waiting:
        return "No longer pending: nobody owes an answer."
    if row.authority_slug is None:
        return "The authority is not known, so there is nobody to write to."
    return None


def recent(log: SilenceLog, on: date) -> Word | None:
    """Return the last reminder where it lies less than RECENT days before a day, or after it."""
    last = log.last_reminder
    if last is None or last.day.last is None or last.day.last <= on - timedelta(days=RECENT):
        return None
    return last
