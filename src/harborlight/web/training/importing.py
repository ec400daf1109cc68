"""An airline's file of staff: who is new, who changed, who left. The same again changes nothing.

A CSV file in UTF-8. Columns are known by many names, in English and Spanish; what else there is, is
left alone. Somebody is known again by their employee number. A row that cannot be used is kept
whole, with its reason; the others are taken.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import Refused, when
from harborlight.web.crypto import blind
from harborlight.web.crypto.current import keys
from harborlight.web.training.models import StaffFile, StaffPerson, StaffReject, Work
from harborlight.web.vault.models import Term, create_many

#: Rows that the page takes: a request may last a minute. The command line takes more.
MOST_BY_PAGE = 20_000
MOST_ROWS = 200_000
BATCH = 500
#: What a column may be called, letters and digits alone.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("employeenumber", "employeeid", "employee", "number", "id", "staffnumber", "empno",
               "empid", "numerodeempleado", "numero", "empleado"),
    "name": ("name", "fullname", "employeename", "nombre", "nombrecompleto"),
    "first": ("firstname", "givenname", "nombres", "primernombre"),
    "last": ("lastname", "surname", "familyname", "apellido", "apellidos"),
    "email": ("email", "emailaddress", "mail", "correo", "correoelectronico"),
    "work": ("role", "work", "position", "job", "jobtitle", "group", "puesto", "cargo", "rol"),
    "base": ("base", "station", "domicile", "airport", "estacion", "aeropuerto"),
    "status": ("status", "active", "employed", "estado", "activo"),
}  # fmt: skip
WORK: dict[str, Work] = {
    **dict.fromkeys(
        ("cabin", "flightattendant", "fa", "cabincrew", "inflight", "purser", "cabina",
         "auxiliardevuelo", "sobrecargo", "tripulantedecabina"),
        Work.CABIN,
    ),
    **dict.fromkeys(
        ("ground", "gate", "gateagent", "ticketagent", "ticket", "ticketcounter", "agent",
         "customerservice", "customerserviceagent", "airportagent", "tierra", "puerta",
         "agentedepuerta", "agentedemostrador"),
        Work.GROUND,
    ),
}  # fmt: skip
ACTIVE = ("active", "yes", "y", "true", "1", "employed", "current", "onleave", "leave", "activo",
          "activa", "si")  # fmt: skip
LEFT = ("inactive", "left", "no", "n", "false", "0", "terminated", "separated", "retired",
        "resigned", "inactivo", "inactiva", "baja")  # fmt: skip


class FileError(ValueError):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Row:
    """A row that can be used."""

    number: str
    name: str
    email: str
    work: Work
    base: str
    active: bool

    def digest(self, agency: Agency) -> bytes:
        """What stands for all that the row says, under a key of the site."""
        told = (str(agency.pk), self.number, self.name, self.email, self.work, self.base,
                str(self.active))  # fmt: skip
        return blind.blind(keys(), "staff_row", "\x1f".join(told))


def plain(text: str) -> str:
    """Letters and digits alone, small, without accents: `Número, base` is `numerobase`."""
    return re.sub(r"[\W_]", "", blind.canonical("text", text))


def columns_of(header: list[str]) -> dict[str, int]:
    """Which column is which. FileError when one is missing or stands there twice."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        for name, known in COLUMNS.items():
            if plain(cell) in known:
                if name in found:
                    raise FileError(
                        _("Two columns are the same: %(one)s and %(other)s")
                        % {"one": header[found[name]], "other": cell}
                    )
                found[name] = place
    named = "name" in found or {"first", "last"} <= set(found)
    needed = {
        _("employee number"): "number" in found,
        _("name"): named,
        _("role"): "work" in found,
    }
    missing = [name for name, there in needed.items() if not there]
    if missing:
        raise FileError(_("There is no column: %(names)s") % {"names": ", ".join(missing)})
    return found


def lines_of(data: bytes, most: int = MOST_ROWS) -> list[tuple[int, list[str]]]:
    """The rows of a file with their numbers; the header is row 1. FileError when it is no CSV."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(_("The file is not UTF-8, at byte %(n)d.") % {"n": error.start}) from None
    if "\x00" in text:
        raise FileError(_("The file is no CSV file."))
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        listed = [(n, row) for n, row in enumerate(reader, 1) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise FileError(_("Line %(n)d: %(why)s") % {"n": reader.line_num, "why": error}) from None
    if not listed:
        raise FileError(_("The file is empty."))
    if len(listed) - 1 > most:
        raise FileError(
            _("More than %(n)d rows: they are brought in from the command line.") % {"n": most}
        )
    return listed


def read(cells: list[str], width: int, columns: dict[str, int]) -> Row:
    """A row's values. Refused with the reason."""
    if len(cells) != width:
        raise Refused(_("It has %(n)d cells, the first line has others.") % {"n": len(cells)})
    said = {name: " ".join(cells[place].split()) for name, place in columns.items()}
    number = said["number"]
    name = said.get("name") or " ".join(filter(None, (said.get("first"), said.get("last"))))
    if not number:
        raise Refused(_("There is no employee number."))
    if not name:
        raise Refused(_("There is no name."))
    if len(number) > 40 or len(name) > 200 or len(said.get("base", "")) > 16:
        raise Refused(_("A number, a name or a base is too long."))
    email = said.get("email", "").lower()
    if email and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}", email):
        raise Refused(_("The e-mail address is none."))
    work = WORK.get(plain(said["work"]))
    if work is None:
        raise Refused(_("The role is none that is known: cabin or ground is needed."))
    status = plain(said.get("status", ""))
    if status and status not in ACTIVE and status not in LEFT:
        raise Refused(_("The status is none that is known: active or left is needed."))
    return Row(number, name, email, work, said.get("base", ""), status not in LEFT)


def bring_in(
    agency: Agency, name: str, data: bytes, *, whole: bool = False, most: int = MOST_ROWS
) -> StaffFile:
    """Take a file in, all of it or nothing. Within an act. FileError when it cannot be read.

    `whole`: the file names all staff, so who is not in it has left. Rows that could not be used
    count as being there when their employee number can be read. Refused when more than half of the
    staff would have left by it: then it was another file.
    """
    listed = lines_of(data, most)
    header, body = listed[0][1], listed[1:]
    columns = columns_of(header)
    Agency.objects.select_for_update().get(pk=agency.pk)  # one file at a time
    file = StaffFile.objects.create(
        agency=agency, name=name[:120], digest=hashlib.sha256(data).hexdigest(), at=when(),
        whole=whole,
    )  # fmt: skip
    rows: dict[str, Row] = {}
    named: set[str] = set()
    for number, cells in body:
        try:
            row = read(cells, len(header), columns)
            key = blind.canonical("employee", row.number)
            if key in rows:
                raise Refused(_("The employee number stands in the file twice."))
            rows[key] = row
        except Refused as refused:
            _reject(file, number, header, cells, refused.reason)
            place = columns["number"]
            key = blind.canonical("employee", cells[place]) if place < len(cells) else ""
        named.add(key)
    file.rows = len(body)
    found = dict(_known(agency, list(rows)))
    on_their_own = _began_on_their_own(agency)
    taken = []
    for key, row in rows.items():
        known = found.get(key)
        if known is None and row.email:
            known = on_their_own.pop(blind.blind(keys(), "email", row.email), None)
        taken.append(_taken(file, agency, row, known))
    create_many([each for each in taken if each is not None])
    if whole:
        _leave(file, agency, named)
    file.save()
    return file


def _reject(file: StaffFile, number: int, header: list[str], cells: list[str], why: str) -> None:
    reject = StaffReject(file=file, number=number)
    reject.put(row={"header": header, "cells": cells}, reason=why)
    reject.save()
    file.rejected += 1


def _known(agency: Agency, numbers: list[str]) -> Iterator[tuple[str, StaffPerson]]:
    """The staff of these employee numbers, found by the blind index: nothing is opened."""
    model = StaffPerson._meta.label_lower
    for start in range(0, len(numbers), BATCH):
        part = {
            blind.blind(keys(), "employee", each): each for each in numbers[start : start + BATCH]
        }
        terms = Term.objects.filter(model=model, field="number", digest__in=list(part))
        by_record = {term.record: part[bytes(term.digest)] for term in terms}
        for person in StaffPerson.objects.filter(agency=agency, pk__in=list(by_record)):
            yield by_record[person.pk], person


def _began_on_their_own(agency: Agency) -> dict[bytes, StaffPerson]:
    """Who began before they stood in any file, by the digest of their address."""
    rows = {each.pk: each for each in StaffPerson.objects.filter(agency=agency, told=b"")}
    model = StaffPerson._meta.label_lower
    terms = Term.objects.filter(model=model, field="email", record__in=list(rows))
    return {bytes(term.digest): rows[term.record] for term in terms}


def _taken(
    file: StaffFile, agency: Agency, row: Row, known: StaffPerson | None
) -> StaffPerson | None:
    """Keep what a row says of somebody who is known; or the new person, to be saved."""
    digest = row.digest(agency)
    if known is not None and bytes(known.told) == digest:
        file.same += 1
        return None
    person = known or StaffPerson(agency=agency)
    person.put(name=row.name, email=row.email, number=row.number)
    person.work, person.base, person.told = row.work, row.base, digest
    if row.active != person.active:
        person.active = row.active
        person.left_on = None if row.active else timezone.localdate()
        file.left += not row.active
    if known is None:
        file.new += 1
        return person
    person.save()
    file.changed += 1
    return None


def _leave(file: StaffFile, agency: Agency, named: set[str]) -> None:
    """Who is not named in a file of all staff has left."""
    digests = {blind.blind(keys(), "employee", each) for each in named if each}
    terms = Term.objects.filter(model=StaffPerson._meta.label_lower, field="number")
    there = {term.record for term in terms.iterator() if bytes(term.digest) in digests}
    active = StaffPerson.objects.filter(agency=agency, active=True).exclude(told=b"")
    keys_of = list(active.values_list("pk", flat=True))
    gone = [each for each in keys_of if each not in there]
    if len(gone) * 2 > len(keys_of):
        raise Refused(
            _("By this file %(gone)d of %(all)d people would have left. Nothing was changed.")
            % {"gone": len(gone), "all": len(keys_of)}
        )
    for start in range(0, len(gone), BATCH):
        StaffPerson.objects.filter(pk__in=gone[start : start + BATCH]).update(
            active=False, left_on=timezone.localdate()
        )
    file.left += len(gone)
