"""A clerk's file of payments, row by row: each counts once, and none is lost.

A CSV file in UTF-8 with the columns order, receipt, date, amount, and if wanted kind (payment,
bounced, refund). Each row is an act of its own, and the file's place goes on in the same act: who
is killed in between goes on at the next row.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import Actor, Refused, act, when
from harborlight.web.frame.fields import cents_of
from harborlight.web.fund import payments
from harborlight.web.fund.ledger import lock
from harborlight.web.fund.models import Import, Order, Payment, Reject

NEEDED = ("order", "receipt", "date", "amount")
KINDS = ("payment", "bounced", "refund")
MOST_ROWS = 100_000


class FileError(ValueError):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Row:
    """A row that can be used."""

    order: str
    receipt: str
    day: date
    cents: int
    kind: str


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The rows of a file. FileError when it is no such file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(_("The file is not UTF-8, at byte %(n)d.") % {"n": error.start}) from None
    if "\x00" in text:
        raise FileError(_("The file is no CSV file."))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        listed = [each for each in reader if any(cell.strip() for cell in each)]
    except csv.Error as error:
        raise FileError(_("Line %(n)d: %(why)s") % {"n": reader.line_num, "why": error}) from None
    if not listed:
        raise FileError(_("The file is empty."))
    names = [cell.strip().lower() for cell in listed[0]]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise FileError(_("There is no column: %(names)s") % {"names": ", ".join(missing)})
    if len(listed) - 1 > MOST_ROWS:
        raise FileError(_("More than %(n)d rows: send it in parts.") % {"n": MOST_ROWS})
    rows = []
    for cells in listed[1:]:
        row = dict(zip(names, cells, strict=False))
        if len(cells) != len(names):
            row["?"] = str(len(cells))
        rows.append(row)
    return rows


def read(row: dict[str, str]) -> Row:
    """A row's values. Refused with the reason."""
    if "?" in row:
        raise Refused(_("It has %(n)s cells, the first line has others.") % {"n": row["?"]})
    for name in NEEDED:
        if not row[name].strip():
            raise Refused(_("There is no %(name)s.") % {"name": name})
    try:
        day = date.fromisoformat(row["date"].strip())
    except ValueError:
        raise Refused(_("The date is none: year-month-day is needed.")) from None
    if day > when().date():
        raise Refused(_("The date is in the future."))
    try:
        cents = cents_of(row["amount"])
    except ValueError:
        raise Refused(_("The amount is none: dollars, and two places for cents.")) from None
    kind = row.get("kind", "").strip().lower() or "payment"
    if kind not in KINDS:
        raise Refused(_("The kind is none of %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    if max(len(row["receipt"].strip()), len(row["order"].strip())) > 40:
        raise Refused(_("A number is longer than 40 characters."))
    return Row(row["order"].strip(), row["receipt"].strip(), day, cents, kind)


def bring_in(agency: Agency, name: str, data: bytes, actor: Actor) -> Import:
    """Deal with every row that was not dealt with before. The same file again adds nothing."""
    rows = rows_of(data)
    digest = hashlib.sha256(data).hexdigest()
    with act(actor, "payment.import"):
        lock()
        file = Import.objects.filter(agency=agency, digest=digest).first()
        if file is None:
            file = Import.objects.create(
                agency=agency, name=name[:120], digest=digest, at=when(), rows=len(rows)
            )
    for number in range(file.done + 1, len(rows) + 1):
        with act(actor, "payment.import"):
            lock()
            file.refresh_from_db()
            if file.done >= number:  # somebody else is at the same file
                continue
            reason = _take(agency, file, number, rows[number - 1], actor)
            if reason is not None:
                reject = Reject(file=file, number=number)
                reject.put(row=rows[number - 1], reason=reason)
                reject.save()
            file.done, file.taken = number, file.taken + (reason is None)
            file.save(update_fields=["done", "taken"])
    return file


def _take(
    agency: Agency, file: Import, number: int, row: dict[str, str], actor: Actor
) -> str | None:
    """Book one row; or why it is not."""
    try:
        with act(actor, "payment.import"):
            given = read(row)
            order = Order.objects.filter(agency=agency, number=given.order).first()
            if order is None:
                raise Refused(_("There is no order of this number."))
            if given.kind == "payment":
                payments.receive(order, given.receipt, given.day, given.cents, file, number)
                return None
            payment = Payment.objects.filter(order=order, receipt=given.receipt).first()
            if payment is None:
                raise Refused(_("There is no payment of this receipt for this order."))
            if given.kind == "refund":
                payments.refund(payment, given.day, given.cents)
                return None
            if payment.cents != given.cents:
                raise Refused(_("The payment of this receipt is of another amount."))
            payments.bounce(payment, given.day)
    except Refused as refused:
        return refused.reason
    return None
