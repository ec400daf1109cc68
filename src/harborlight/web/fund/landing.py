"""What a grant bought lands in the directory, as places of the provider's service: the loop closes.

The provider says in which of its services; the directory keeps the places as it keeps all others.
"""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, when
from harborlight.web.directory.keeping import keep
from harborlight.web.directory.models import Record
from harborlight.web.directory.unpack import Package, Row
from harborlight.web.fund.grant_tables import GrantState, Unit
from harborlight.web.fund.ledger import lock
from harborlight.web.fund.models import Grant

NAMES = {Unit.BED: "Bed", Unit.NIGHT: "Night", Unit.HOUR: "Hour"}


def land(grant: Grant, service: Record, member: Member) -> None:
    """Add the grant's places to a service, once; within an act."""
    lock()
    now = Grant.objects.get(pk=grant.pk)
    if now.state != GrantState.AWARDED:
        raise Refused(_("It is not awarded."))
    if now.service:
        raise Refused(_("What it bought is in the directory already."))
    if service.agency_id != grant.agency_id or service.table != "service":
        raise Refused(_("The service is another provider's."))
    key, unit = (str(uuid.uuid5(grant.pk, name)) for name in ("capacity", "unit"))
    package = Package()
    name = NAMES[Unit(grant.unit)]
    package.rows["unit", unit] = Row("unit", unit, {"id": unit, "name": name}, "", "")
    data = {
        "id": key,
        "service_id": service.key,
        "available": grant.units,
        "maximum": grant.units,
        "description": f"Bought by grant {grant}",
        "updated": when().isoformat(),
    }
    row = Row("service_capacity", key, data, "", "")
    row.ones["unit"] = ("unit", unit)
    package.rows["service_capacity", key] = row
    keep(package, grant.agency, member=member)
    grant.service = service.key
    grant.save(update_fields=["service"])
