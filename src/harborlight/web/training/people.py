"""Who is trained, and whose log-in it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.training.models import StaffPerson, Work


def find(member: Member) -> StaffPerson | None:
    """The member's own record at their airline, if there is one."""
    found = StaffPerson.objects.filter(member__user=member.user_id, agency=member.agency_id)
    return found.order_by("-active", "since").first()


def person_of(member: Member, work: str = Work.CABIN) -> StaffPerson:
    """The member's own record: linked before, else the one with their address, else a new one.

    Within an act. An address stands for somebody only when one record has it.
    """
    Member.objects.select_for_update().get(pk=member.pk)  # one at a time
    found = find(member)
    if found is not None:
        return found
    same = StaffPerson.having("email", member.user.email).filter(
        agency=member.agency_id, member__isnull=True
    )
    rows = list(same[:2])
    if len(rows) == 1:
        rows[0].member = member
        rows[0].save(update_fields=["member"])
        return rows[0]
    made = StaffPerson(agency=member.agency, member=member, work=Work(work))
    made.put(name=member.user.name, email=member.user.email, number="")
    made.save(force_insert=True)
    return made


def set_active(person: StaffPerson, active: bool) -> None:
    """Say that somebody left, or came back."""
    from django.utils import timezone

    if person.active == active:
        said = _("That is so already.")
        raise Refused(said, record=person)
    person.active = active
    person.left_on = None if active else timezone.localdate()
    person.save(update_fields=["active", "left_on"])
