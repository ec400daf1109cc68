"""Places of a case, what happened there, and who is what to whom.

Names of sealed fields and the kinds of events are those of HTCDS 2.0 (`hte_Date`, `hte_Type`,
`hte_Description`, ...), extended where it has none.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.cases.persons import Person
from harborlight.web.vault.models import Sealed


class OfCase(Scoped):
    """Something of one case: who reaches the case reaches it."""

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's agency's cases; for those who work on cases, of the ones assigned to them."""
        own = models.Q(case__agency=member.agency_id)
        return own & models.Q(case__assigned=member.pk) if scope == Scope.ASSIGNED else own


class PlaceKind(models.TextChoices):
    """What a place is."""

    HOME = "home", _("A home")
    LODGING = "lodging", _("A hotel, motel or rental")
    BUSINESS = "business", _("A business")
    STREET = "street", _("A street or a stop")
    VEHICLE = "vehicle", _("A vehicle")
    ONLINE = "online", _("A website or app")
    SERVICE = "service", _("A shelter or service")
    OTHER = "other", pgettext_lazy("a place", "Something else")


class Place(OfCase, Sealed):
    """A place of a case. Where it is, is sealed but for county and state."""

    SEALED = ("name", "hte_Street", "hte_City", "hte_PostalCode")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="places")
    kind = models.CharField(_("what it is"), max_length=16, choices=PlaceKind)
    county = models.CharField(_("county"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    """`hte_State`, two letters."""
    added_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at",)

    def __str__(self) -> str:
        return f"L-{str(self.pk)[:8]}"


class EventKind(models.TextChoices):
    """What an event is: the three of HTCDS's `hte_Type`, and what it has no code for."""

    RECRUITMENT = "Recruitment", _("Recruitment")
    TRANSIT = "Transit", _("Taken from place to place")
    EXPLOITATION = "Exploitation", _("Exploitation")
    CONTACT = "contact", _("A meeting or call")
    DISCLOSURE = "disclosure", _("Somebody told of it")
    SAFETY = "safety", _("Something of safety")
    OTHER = "other", pgettext_lazy("an event", "Something else")


#: The kinds that HTCDS has, by its own codes.
HTCDS_EVENTS = (EventKind.RECRUITMENT, EventKind.TRANSIT, EventKind.EXPLOITATION)


class Event(OfCase, Sealed):
    """Something that happened, on a day that may not be known."""

    SEALED = ("hte_Description",)

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="events")
    kind = models.CharField(_("what it is"), max_length=16, choices=EventKind)
    """`hte_Type`."""
    happened_on = models.DateField(_("day"), null=True, blank=True)
    """`hte_Date`. None: not known."""
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="events")
    added_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = (models.F("happened_on").asc(nulls_last=True), "added_at")

    def __str__(self) -> str:
        return f"E-{str(self.pk)[:8]}"


class Presence(Recorded):
    """That somebody was part of an event."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="presences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="presences")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="cases_presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.event_id}"


class Tie(models.TextChoices):
    """What one person is to another. Those for HTCDS's `vic_RelationshipToTrafficker` are narrower
    here; `HTCDS_TIES` says which of its codes each is."""

    PARENT = "parent", _("is a parent of")
    GUARDIAN = "guardian", _("is a guardian of")
    SIBLING = "sibling", _("is a brother or sister of")
    RELATIVE = "relative", _("is another relative of")
    PARTNER = "partner", _("is a partner of")
    FRIEND = "friend", _("is a friend of")
    EMPLOYER = "employer", _("is an employer of")
    ACQUAINTED = "acquainted", _("knows")
    CONTROLS = "controls", _("is said to control")
    STRANGER = "stranger", _("did not know")


#: Codes of `vic_RelationshipToTrafficker`. `Unaquainted` is spelled as the standard has it.
HTCDS_TIES = {
    **dict.fromkeys((Tie.PARENT, Tie.GUARDIAN, Tie.SIBLING, Tie.RELATIVE), "Familial"),
    **dict.fromkeys((Tie.PARTNER, Tie.FRIEND, Tie.EMPLOYER, Tie.ACQUAINTED), "Acquainted"),
    Tie.STRANGER: "Unaquainted",
}


class Relationship(OfCase, Sealed):
    """What one person of a case is to another, as said in that case, until it is ended."""

    SEALED = ("note",)

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="relationships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="ties")
    tie = models.CharField(_("what to whom"), max_length=16, choices=Tie)
    other = models.ForeignKey(Person, models.PROTECT, related_name="ties_to")
    added_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("added_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("other")), name="cases_tie_of_two"
            ),
            models.UniqueConstraint(
                fields=["case", "person", "other", "tie"],
                condition=models.Q(ended_at__isnull=True),
                name="cases_tie_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.tie} {self.other_id}"
