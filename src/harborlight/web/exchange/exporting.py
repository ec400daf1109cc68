"""A case to a package of HTCDS 2.0, within the walls of `walls`. Nothing is changed in the case."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.events import (
    HTCDS_EVENTS,
    HTCDS_TIES,
    Event,
    Place,
    PlaceKind,
    Relationship,
    Tie,
)
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Part, Person
from harborlight.web.exchange import package as packages
from harborlight.web.exchange import standard, walls
from harborlight.web.exchange.cells import (
    OF_PERSON,
    OF_PLACE,
    OF_SENDING,
    ORGANIZATION_TYPES,
    both,
    filled,
    listed,
    moment,
    names,
)
from harborlight.web.exchange.models import Arrival, Carried, Form, Sending
from harborlight.web.exchange.package import Package, Rows
from harborlight.web.protection.models import Consent

_STATUS: dict[str, str] = {Case.Status.OPEN: "Active", Case.Status.CLOSED: "Closed"}
#: Codes of the standard that say more than ours, and ours.
FINER = {"FollowUp": Case.Status.OPEN, "ClosedReferred": Case.Status.CLOSED}
_VICTIM = {
    Part.VICTIM: "ActualVictimOfTrafficking",
    Part.POSSIBLE_VICTIM: "PossibleVictimOfTrafficking",
}
#: Of organizations that a package named: what is told to others.
_OF_ORGANIZATION = frozenset({"org_Name", "org_Type", "org_ShippingState", "harborlight_Kind"})
_ARRIVAL = Arrival._meta.label_lower
_ON_MAP = frozenset({"hte_Longitude", "hte_Latitude"})


def give(
    case: Case, recipient: Agency, purpose: str, form: str, member: Member
) -> tuple[Sending, bytes]:
    """Give a case out: what is kept of it, and the bytes. Within an act.

    Refused without a purpose, for an agency that takes no part, and for a case of another agency.
    """
    purpose = " ".join(purpose.split())[:200]
    if not purpose:
        raise Refused(_("Say for what it is given out."), record=case)
    if not recipient.active:
        raise Refused(_("This agency does not take part any more."), record=case)
    if case.agency_id != member.agency_id:
        raise Refused(_("This case is not your agency's."), record=case)
    allowed = walls.asked(case, recipient, purpose, member)
    told = package_of(case, recipient, purpose, member, allowed)
    content = packages.to_csv(told) if form == Form.CSV else packages.to_json(told)
    sending = Sending(
        case=case,
        recipient=recipient,
        form=form,
        by=member,
        at=timezone.now(),
        digest=hashlib.sha256(content).hexdigest(),
        people=len(allowed.people),
        left_out=len(allowed.left_out),
        texts=allowed.texts,
    )
    sending.put(purpose=purpose)
    sending.save()
    return sending, content


def package_of(
    case: Case, recipient: Agency, purpose: str, member: Member, allowed: walls.Pass
) -> Package:
    """All of the case that may leave, as tables."""
    maker = _Maker(case, recipient, purpose, member, allowed)
    manifest = packages.manifest(
        case=str(case.pk),
        number=case.number,
        sender=case.agency.name,
        recipient=recipient.name,
        purpose=purpose,
        sent_at=moment(timezone.now()),
        left_out={"people": len(allowed.left_out), "texts": not allowed.texts},
    )
    return Package(maker.tables(), manifest)


class _Maker:
    """Makes the tables of one case."""

    def __init__(
        self, case: Case, recipient: Agency, purpose: str, member: Member, allowed: walls.Pass
    ) -> None:
        self.case, self.recipient, self.purpose = case, recipient, purpose
        self.member, self.allowed = member, allowed
        self.people = {person.pk for person in allowed.people}
        self.loose: dict[str, list[Carried]] = {}
        self.carried: dict[tuple[str, str], dict[str, str]] = {}
        for each in Carried.objects.filter(case=case):
            if each.person_id is not None and each.person_id not in self.people:
                continue
            if each.of_model in (Carried.CONSENT, Carried.ORGANIZATION):
                self.loose.setdefault(each.of_model, []).append(each)
            else:
                self.carried[each.of_model, each.of_record] = each.take()["cells"]
        self.ties = [
            each
            for each in case.relationships.order_by("added_at", "pk")
            if each.person_id in self.people and each.other_id in self.people
        ]

    def tables(self) -> dict[str, Rows]:
        told = {
            "organizations": self._organizations(),
            "cases": [self._case()],
            "persons": [self._person(each) for each in self.allowed.people],
            "involvements": self._involvements(),
            "places": [self._place(each) for each in self.case.places.order_by("added_at", "pk")],
            "events": [self._event(each) for each in self._events()],
            "relationships": [self._relationship(each) for each in self.ties],
            "consents": self._consents(),
        }
        if self.allowed.texts:
            told["comments"] = self._comments()
            told["tasks"] = self._tasks()
        return {name: rows for name, rows in told.items() if rows}

    def _row(
        self,
        record: Any,
        said: dict[str, Any],
        cells: dict[str, Any],
        *,
        without: frozenset[str] = frozenset(),
    ) -> dict[str, str]:
        """A row: its id, what we say where nobody said it before, what is carried, what is ours."""
        kept = self.carried.get((record._meta.label_lower, str(record.pk)), {})
        if not self.allowed.texts:
            # What is carried may be free text as well: codes, numbers and days alone go on.
            kept = {name: cell for name, cell in kept.items() if _is_coded(name)}
        kept = {name: cell for name, cell in kept.items() if name not in without}
        return {"id": str(record.pk), **filled(said), **kept, **filled(cells)}

    def _organizations(self) -> Rows:
        rows = {}
        for each in self.loose.get(Carried.ORGANIZATION, []):
            cells = each.take()["cells"]
            if not self.allowed.own:  # where an organization is may be what it hides
                cells = {name: cell for name, cell in cells.items() if name in _OF_ORGANIZATION}
            rows[cells.get("org_Name", str(each.pk))] = {"id": str(each.pk), **cells}
        for agency in (self.case.agency, self.recipient):
            rows[agency.name] = filled(
                {
                    "id": f"agency-{agency.pk}",
                    "org_Name": agency.name,
                    "org_Type": ORGANIZATION_TYPES[agency.kind],
                    "org_ShippingState": agency.state,
                    "harborlight_Kind": agency.kind,
                }
            )
        return list(rows.values())

    def _case(self) -> dict[str, str]:
        case = self.case
        kept = self.carried.get((case._meta.label_lower, str(case.pk)), {})
        status = kept.get("cas_Status", "")
        sending = {
            "cas_ReferringOrganisation": f"agency-{case.agency_id}",
            "cas_ReferredOrganisation": f"agency-{self.recipient.pk}",
            "cas_OutgoingReferralDate": timezone.localdate().isoformat(),
            "cas_OutgoingReferralDetails": self.purpose,
        }
        before = {name: kept[name] for name in OF_SENDING if name in kept}
        earlier = json.loads(kept.get("harborlight_Earlier", "[]"))
        cells = {
            **sending,
            "cas_Status": status if FINER.get(status) == case.status else _STATUS[case.status],
            "cas_CaseOwner": case.assigned.user if case.assigned else "",
            "harborlight_Title": case.take("title")["title"] if self.allowed.texts else "",
            "harborlight_Earlier": (
                json.dumps([*earlier, before], ensure_ascii=False) if before else ""
            ),
        }
        said = {
            "harborlight_Number": case.number,
            "harborlight_OpenedAt": moment(case.opened_at),
            "harborlight_OpenedFrom": "" if case.opened_from == _ARRIVAL else case.opened_from,
        }
        return self._row(case, said, cells)

    def _person(self, person: Person) -> dict[str, str]:
        told = person.take()
        parts = [row for row in self.allowed.involvements if row.person_id == person.pk]
        going = {row.part for row in parts if row.ended_at is None}
        status = next((code for part, code in _VICTIM.items() if part in going), "")
        cells: dict[str, Any] = {"vic_TraffickingStatus": status}
        for name in OF_PERSON:
            cells |= both(name, told[name])
        cells |= {
            "vic_RelationshipToTrafficker": self._tie_code(person),
            "harborlight_OtherNames": names(told["other_names"]),
            "harborlight_Safety": told["safety"],
            "harborlight_AgeBasis": person.age_basis,
            "harborlight_State": person.state,
            "harborlight_County": person.county,
        }
        said = {
            "per_RoleInProcess": "Other" if parts and walls.is_accused(parts) else "",
            "harborlight_AddedAt": moment(person.added_at),
        }
        return self._row(person, said, cells)

    def _tie_code(self, person: Person) -> str:
        """What whoever is said to control them is to them, by the standard's three codes."""
        control = {
            each.person_id
            for each in self.ties
            if each.tie == Tie.CONTROLS and each.other == person
        }
        for each in self.ties:
            ends = {each.person_id, each.other_id} - {person.pk}
            if each.ended_at is None and len(ends) == 1 and ends <= control:
                code = HTCDS_TIES.get(Tie(each.tie))
                if code:
                    return str(code)
        return ""

    def _involvements(self) -> Rows:
        return [
            self._row(
                row,
                {"harborlight_Since": moment(row.since)},
                {
                    "harborlight_Case": row.case_id,
                    "harborlight_Person": row.person_id,
                    "harborlight_Part": row.part,
                    "harborlight_Allegation": row.allegation,
                    "harborlight_OffenseOn": row.offense_on,
                    "harborlight_EndedAt": moment(row.ended_at),
                    "harborlight_EndReason": row.end_reason,
                },
            )
            for row in self.allowed.involvements
        ]

    def _place(self, place: Place) -> dict[str, str]:
        cells: dict[str, Any] = {
            "harborlight_Case": place.case_id,
            "harborlight_Kind": place.kind,
            "harborlight_County": place.county,
            "hte_State": place.state,
        }
        return self._row(
            place, {"harborlight_AddedAt": moment(place.added_at)}, cells | self._at(place)
        )

    def _at(self, place: Place) -> dict[str, Any]:
        """Where a place is, and its name, so far as that may leave."""
        if not self.allowed.own and (place.kind == PlaceKind.SERVICE or not self.allowed.texts):
            return {}
        told = place.take()
        return {**{name: told[name] for name in OF_PLACE}, "harborlight_Name": told["name"]}

    def _events(self) -> list[Event]:
        rows = self.case.events.order_by("added_at", "pk")
        return list(rows.select_related("place").prefetch_related("presences"))

    def _event(self, event: Event) -> dict[str, str]:
        known = event.kind in HTCDS_EVENTS
        where: dict[str, Any] = {}
        if event.place is not None:
            at = self._at(event.place)
            where = {name: at.get(name, "") for name in OF_PLACE}
            where |= {"hte_State": event.place.state, "harborlight_Place": event.place_id}
        there = [each.person_id for each in event.presences.all() if each.person_id in self.people]
        text = event.take("hte_Description")["hte_Description"] if self.allowed.texts else ""
        cells = {
            **where,
            "hte_Type": event.kind if known else "",
            "harborlight_Type": "" if known else event.kind,
            "hte_Date": event.happened_on,
            "hte_Description": text,
            "harborlight_Case": event.case_id,
            "harborlight_Persons": listed(sorted(there, key=str)),
        }
        at_service = event.place is not None and event.place.kind == PlaceKind.SERVICE
        hidden = at_service and not self.allowed.own
        said = {"harborlight_AddedAt": moment(event.added_at)}
        return self._row(event, said, cells, without=_ON_MAP if hidden else frozenset())

    def _relationship(self, tie: Relationship) -> dict[str, str]:
        cells = {
            "harborlight_Case": tie.case_id,
            "harborlight_Person": tie.person_id,
            "harborlight_Tie": tie.tie,
            "harborlight_Other": tie.other_id,
            "harborlight_Note": tie.take("note")["note"] if self.allowed.texts else "",
            "harborlight_EndedAt": moment(tie.ended_at),
        }
        return self._row(tie, {"harborlight_AddedAt": moment(tie.added_at)}, cells)

    def _comments(self) -> Rows:
        rows = walls.notes_for(self.case, self.recipient, self.member, own=self.allowed.own)
        return [
            self._row(
                note,
                {
                    "harborlight_WrittenAt": moment(note.at),
                    "harborlight_WrittenBy": f"{note.member.user}, {note.agency}",
                },
                {
                    "harborlight_Case": note.case_id,
                    "cco_CaseComment": note.take("cco_CaseComment")["cco_CaseComment"],
                    "harborlight_Audience": note.audience,
                },
            )
            for note in rows
        ]

    def _tasks(self) -> Rows:
        rows = []
        for task in self.case.tasks.order_by("made_at", "pk"):
            told = task.take()
            ended = task.ended_at
            cells = {
                "harborlight_Case": task.case_id,
                "spl_ActionPlan": told["what"],
                "spl_PlannedEndDate": task.due_on,
                "spl_ActualEndDate": timezone.localdate(ended) if ended else "",
                "harborlight_State": task.state,
                "harborlight_How": told["how"],
                "harborlight_EndedAt": moment(ended),
            }
            rows.append(self._row(task, {"harborlight_MadeAt": moment(task.made_at)}, cells))
        return rows

    def _consents(self) -> Rows:
        """To the recipient, what was consented for it; to one's own agency, all."""
        rows = Consent.objects.filter(person__in=self.people).select_related("recipient")
        if not self.allowed.own:
            rows = rows.filter(recipient=self.recipient)
        told = [
            filled(
                {
                    "id": f"consent-{each.pk}",
                    "con_Consent": "false" if each.withdrawn_at else "true",
                    "harborlight_Person": each.person_id,
                    "harborlight_Recipient": each.recipient.name,
                    "harborlight_Purpose": each.take("purpose")["purpose"],
                    "harborlight_GivenAt": moment(each.given_at),
                    "harborlight_WithdrawnAt": moment(each.withdrawn_at),
                }
            )
            for each in rows.order_by("given_at", "pk")
        ]
        if self.allowed.own:
            for each in self.loose.get(Carried.CONSENT, []):
                whose = {"id": str(each.pk), "harborlight_Person": str(each.person_id)}
                told.append({**each.take()["cells"], **whose})
        told.sort(key=lambda row: row.get("harborlight_GivenAt", ""))
        return told


def _is_coded(name: str) -> bool:
    field = standard.fields().get(name)
    return field is not None and (bool(field.codes) or field.type in ("Date", "Number", "Checkbox"))
