"""A package of HTCDS into cases of an agency, row by row.

A row that cannot be taken is kept whole with its file, its number and the reason, and the others
are taken. What a case has no field for is carried. Nobody gets a part here that Safe Harbor
forbids, whatever the package says of their age: an age that somebody verified elsewhere is an age
that is claimed, until somebody qualified says so here. Consents given elsewhere are kept and open
nothing.
"""

from __future__ import annotations

import hashlib
from typing import Any, cast

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit import acts
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.exchange import package as packages
from harborlight.web.exchange import standard, taking
from harborlight.web.exchange.cells import MAPPED
from harborlight.web.exchange.models import Arrival, Carried, Reject
from harborlight.web.exchange.package import MORE, Package
from harborlight.web.exchange.rows import Row, Taking


def bring_in(name: str, content: bytes, member: Member) -> Arrival:
    """Bring a package in for the member's agency, once. Within an act.

    PackageError when it is none; Refused when the agency has brought it in before.
    """
    package = packages.read(name, content)
    digest = hashlib.sha256(content).hexdigest()
    _check_is_new(member, digest)
    arrival = Arrival(
        agency=member.agency, by=member, at=timezone.now(), digest=digest, rows=package.rows
    )
    arrival.put(name=name, manifest=package.manifest)
    try:
        with transaction.atomic():
            arrival.save()
    except IntegrityError:  # somebody else brought it in a moment ago
        _check_is_new(member, digest)
        raise
    _Importing(arrival, package, member).all()
    arrival.save(update_fields=["taken"])
    return arrival


def _check_is_new(member: Member, digest: str) -> None:
    """Refused when the agency has brought in this very package before."""
    known = Arrival.objects.filter(agency=member.agency_id, digest=digest).first()
    if known is not None:
        raise Refused(
            _("Your agency has brought in this very package: %(package)s.") % {"package": known},
            record=known,
            way=known.get_absolute_url(),
        )


class _Importing(Taking):
    """Takes the rows of one package."""

    def __init__(self, arrival: Arrival, package: Package, member: Member) -> None:
        super().__init__(arrival, member)
        self.package = package
        self.protected: set[object] = set()
        """Of whom a row was refused by Safe Harbor."""

    def all(self) -> None:
        """Every row, in the order in which they need each other."""
        if not self.package.tables.get("cases"):
            self._take(Row("cases", 0, {}), taking.case)
        for table in packages.ORDER:
            rows = self.package.tables.get(table, [])
            take = taking.TAKES[table]
            for number, cells in enumerate(rows, 1):
                self.arrival.taken += self._take(Row(table, number, cells), take)
            if table == "involvements":
                self._give_parts()
        for person in self.made.get("persons", {}).values():
            taking.ask_again(person)

    def _take(self, row: Row, take: taking.Take) -> bool:
        try:
            with act(self.member.actor, "exchange.import"):
                if MORE in row.cells:
                    raise Refused(_("It has more cells than its file has columns."))
                key = row.cells.get("id", "")
                known = self.made.setdefault(row.table, {})
                if key and key in known:
                    raise Refused(_("Another row of this table has the same id."))
                record = take(self, row)
                self._carry(row, record)
                for name, reason in row.remarks:
                    self._keep(row, Reject.Kind.CELL, f"{name}: {reason}")
        except Refused as refused:
            row.undone()
            self._tell(refused, row)
            self._keep(row, Reject.Kind.ROW, refused.reason, refused.citation)
            return False
        except (IntegrityError, DataError):
            row.undone()
            self._keep(row, Reject.Kind.ROW, _("The database refused it."))
            return False
        known[key or f"#{row.number}"] = record
        return True

    def _carry(self, row: Row, record: Any) -> None:
        """Keep the cells that are no fields of ours, with a remark where a code is none."""
        cells = {}
        for name, text in row.cells.items():
            if name in MAPPED[row.table]:
                continue
            if name not in standard.fields():
                cells[name] = text
                continue
            fit, rest = standard.read(name, text)
            if fit:
                cells[name] = fit
            if rest:
                beside = standard.beside(name)
                before = row.cells.get(beside, "")
                cells[beside] = row.beside[beside] = f"{before};{rest}" if before else rest
                row.remarks.append((name, _("not as the standard has it; kept beside")))
        cells |= row.beside
        case, person, of_model, key = self._about(row, record)
        if case is None or not (cells or of_model in (Carried.CONSENT, Carried.ORGANIZATION)):
            return
        carried = Carried(case=case, person=person, of_model=of_model, of_record=key)
        carried.put(cells=cells)
        carried.save()

    def _about(self, row: Row, record: Any) -> tuple[Case | None, Person | None, str, str]:
        """Of which case and person carried cells are, and beside which record they lie."""
        if row.table == "organizations":
            return self._first_case(), None, Carried.ORGANIZATION, ""
        if row.table == "consents":
            return self._case_of(record), record, Carried.CONSENT, ""
        kind, key = acts.name_of(record)
        if isinstance(record, Case):
            return record, None, kind, key
        if isinstance(record, Person):
            return self._case_of(record), record, kind, key
        return record.case, row.person, kind, key

    def _first_case(self) -> Case | None:
        return cast("Case | None", next(iter(self.made.get("cases", {}).values()), None))

    def _case_of(self, person: Person) -> Case | None:
        """The case that a person of the package is in: as its parts say, else the first."""
        for cells in self.package.tables.get("involvements", []):
            if self.made.get("persons", {}).get(cells.get("harborlight_Person", "")) == person:
                found = self.made["cases"].get(cells.get("harborlight_Case", ""))
                if found is not None:
                    return cast("Case", found)
        return self._first_case()

    def _give_parts(self) -> None:
        """Whoever got no part is in the case nevertheless: as the package's codes say, and never
        as more than somebody who may have been sold where Safe Harbor spoke."""
        for row_key, person in self.made.get("persons", {}).items():
            case = self._case_of(person)
            if case is None or person.involvements.filter(ended_at__isnull=True).exists():
                continue
            if person.involvements.exists() and person.pk not in self.protected:
                continue
            part = Part.POSSIBLE_VICTIM
            if person.pk not in self.protected:
                part = taking.part_of(self._cells_of(row_key))
            Involvement(case=case, person=person, part=part).save()

    def _cells_of(self, key: str) -> dict[str, str]:
        rows = self.package.tables["persons"]
        if key.startswith("#"):
            return rows[int(key[1:]) - 1]
        return next(row for row in rows if row.get("id") == key)

    def _tell(self, refused: Refused, row: Row) -> None:
        """Keep in the audit what Safe Harbor refused: the import goes on, so nothing else would."""
        current = acts.current()
        if current is None or row.table != "involvements" or not isinstance(refused.record, Person):
            return
        kind, key = acts.name_of(refused.record)
        current.tell(acts.REFUSE, kind, key, {"citation": refused.citation})
        self.protected.add(refused.record.pk)

    def _keep(self, row: Row, kind: str, reason: str, citation: str = "") -> None:
        with transaction.atomic():
            reject = Reject(
                arrival=self.arrival,
                person=row.person,
                kind=kind,
                table=row.table,
                number=row.number,
            )
            file = self.package.files.get(row.table, "")
            reject.put(file=file, row=row.cells, reason=reason, citation=citation)
            reject.save()
