"""Where the texts of a case that stays name a person, the name is taken out.

A text is sealed anew under a new data key: what an old copy of the row holds cannot be opened by
way of the new one. A note is never changed, so it is written anew without the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from harborlight.web.accounts.models import Agency
from harborlight.web.cases.events import Event, Place, Relationship
from harborlight.web.cases.handing import Transfer
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.cases.work import Note, Task
from harborlight.web.exchange.models import Arrival, Carried, Reject, Sending
from harborlight.web.intake.models import Note as ReportNote
from harborlight.web.intake.models import Report
from harborlight.web.operations.models import Interest
from harborlight.web.prosecution.models import Arrest
from harborlight.web.protection.models import Clock, Consent
from harborlight.web.protection.offering import KIND
from harborlight.web.referral.models import Referral
from harborlight.web.vault.files import StoredFile, files_of
from harborlight.web.vault.models import SEALED_COLUMNS, Sealed

#: What stands where a name stood.
GONE = "[…]"
LEAST = 2
NAMES = ("prs_FirstName", "prs_SecondName", "other_names")

Taking = Callable[[Any], Any]


def taker(person: Person) -> Taking:
    """A function that takes the names, the phone and the mark of a person out of a value."""
    told = person.take(*NAMES, "prs_MobilePhone")
    words = {str(person)}
    for name in NAMES:
        for one in _texts(told[name]):
            words |= {one, *one.split()}
    patterns = [
        rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(words, key=len, reverse=True)
        if len(word) >= LEAST
    ]
    phone = re.sub(r"\D", "", str(told["prs_MobilePhone"] or ""))[-10:]
    if phone:
        patterns.append(r"(?<!\d)(?:\+?1\W{0,3})?" + r"\W{0,3}".join(phone) + r"(?!\d)")
    found = re.compile("|".join(patterns), re.IGNORECASE)

    def take(value: Any) -> Any:
        if isinstance(value, str):
            return found.sub(GONE, value)
        if isinstance(value, list):
            return [take(each) for each in value]
        if isinstance(value, dict):
            return {name: take(each) for name, each in value.items()}
        return value

    return take


def take_out_of_case(case: Case, person: Person, take: Taking) -> int:
    """Take the person out of every text of a case in which others stay. How many were changed."""
    changed = 0
    for note in Note.objects.filter(case=case):
        changed += _written_anew(note, take)
    others = Person.objects.filter(involvements__case=case).exclude(pk=person.pk).distinct()
    rows: list[Iterable[Sealed]] = [
        [case],
        Task.objects.filter(case=case),
        Event.objects.filter(case=case),
        Place.objects.filter(case=case),
        Relationship.objects.filter(case=case),
        Transfer.objects.filter(case=case),
        Arrest.objects.filter(case=case),
        Sending.objects.filter(case=case),
        Clock.objects.filter(referral__case=case),
        Consent.objects.filter(person__in=others),
        Carried.objects.filter(case=case),
        Referral.objects.filter(about_kind=KIND, about__in=others.values("pk")),
    ]
    for row in (each for group in rows for each in group):
        changed += sealed_anew(row, take)
    for other in others:
        # What others are called stays theirs, and so does their number.
        changed += sealed_anew(other, take, but=(*NAMES, "prs_MobilePhone"))
    for file in files_of(case):
        changed += _named_anew(file, take)
    return changed


def take_out_of_packages(agency: Agency, take: Taking) -> int:
    """Take the person out of what packages of cases brought in and no record of theirs holds: rows
    that were not taken, and what the packages say of themselves. How many were changed."""
    arrivals = Arrival.objects.filter(agency=agency)
    rejects = Reject.objects.filter(arrival__in=arrivals)
    return sum(sealed_anew(row, take) for rows in (arrivals, rejects) for row in rows)


def take_out_of_interests(agency: Agency, take: Taking) -> int:
    """Take the person out of the agency's notes on what it looks at. How many were changed."""
    return sum(sealed_anew(row, take) for row in Interest.objects.filter(agency=agency))


def take_out_of_report(report: Report, take: Taking) -> int:
    """Take the person out of a report that stays, of what was said about it, and its notes."""
    rows: list[Sealed] = [report, *report.messages.all(), *ReportNote.objects.filter(report=report)]
    changed = sum(sealed_anew(row, take) for row in rows)
    return changed + sum(_named_anew(file, take) for file in files_of(report))


def emptied(row: Sealed, *changed: str) -> None:
    """Destroy what a row that stays had sealed, with its data key; write what else was changed."""
    row.wrapped_key, row.sealed = b"", b""
    row.put(**dict.fromkeys(row.SEALED))
    row.save(update_fields=(*SEALED_COLUMNS, *changed))


def sealed_anew(row: Sealed, take: Taking, but: Iterable[str] = ()) -> int:
    """Seal a row without what is taken out, under a new key; 1 when there was something."""
    old = row.take()
    kept = set(but)
    new = {name: value if name in kept else take(value) for name, value in old.items()}
    if new == old:
        return 0
    row.wrapped_key, row.sealed = b"", b""
    row.put(**new)
    row.save(update_fields=SEALED_COLUMNS)
    return 1


def _written_anew(note: Note, take: Taking) -> int:
    old = note.take("cco_CaseComment")["cco_CaseComment"]
    text = take(old)
    if text == old:
        return 0
    fresh = Note(
        case=note.case,
        agency=note.agency,
        member=note.member,
        audience=note.audience,
        at=note.at,
    )
    fresh.put(cco_CaseComment=text)
    note.delete()
    fresh.save()
    return 1


def _named_anew(file: StoredFile, take: Taking) -> int:
    """The name of a file alone: its bytes stay under its key."""
    old = file.take("name")["name"]
    if take(old) == old:
        return 0
    file.put(name=take(old))
    file.save()
    return 1


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value).strip()] if value else []
