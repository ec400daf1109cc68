"""What the directory keeps: every record of HSDS whole, what is confidential sealed.

A record is one row of one table of the standard. What has to be found fast about a service stands
in `Offer` once more; free beds are in `Beds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.audit.models import Recorded
from harborlight.web.directory.tables import tables
from harborlight.web.vault.models import Sealed


class View(models.IntegerChoices):
    """Who looks. Each sees what those before it see, and more."""

    PUBLIC = 0, _("Everybody")
    CALLER = 1, _("Who answers a caller, and may tell them")
    PARTNER = 2, _("Partner agencies")
    STAFF = 3, _("The provider's own staff")


class Record(Scoped):
    """One row of one table of HSDS. Of what is confidential, `data` is empty: see `Hidden`."""

    table = models.CharField(max_length=32)
    key = models.CharField(max_length=36)
    """Its id in HSDS, a UUID."""
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """The agency that keeps it up to date."""
    data = models.JSONField(default=dict, blank=True)
    """Its fields, and whatever else stood there, as they were given."""
    shown_to = models.PositiveSmallIntegerField(choices=View, default=View.PUBLIC)
    """The first view that may have it. Above PUBLIC its content is sealed."""
    phone_to = models.PositiveSmallIntegerField(choices=View, default=View.PUBLIC)
    """Of a location: who may have its phones. Kept outside of the content, for it decides on it."""
    address_to = models.PositiveSmallIntegerField(choices=View, default=View.PUBLIC)
    """Of a location: who may have its address and point. Above PUBLIC it is confidential."""
    name = models.CharField(max_length=255, blank=True)
    words = models.TextField(blank=True)
    """What a search finds it by. Nothing of what is sealed."""
    digits = models.CharField(max_length=32, blank=True)
    """Of a phone that is not sealed: its digits."""
    modified = models.DateTimeField(null=True, blank=True)
    """When the source says it was last changed."""

    class Meta:
        ordering = ("name", "key")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "key"], name="directory_one_of_a_key")
        ]
        indexes: ClassVar = [
            models.Index(fields=["table", "shown_to", "name", "key"], name="directory_listing"),
            models.Index(fields=["agency", "table"], name="directory_of_agency"),
            models.Index(fields=["key"], name="directory_by_key"),
            models.Index(fields=["digits"], name="directory_by_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Its agency's own."""
        return models.Q(agency_id=member.agency_id)


class Hidden(Sealed):
    """The content of a record that is confidential."""

    SEALED = ("data", "phone")
    SEARCHED: ClassVar[dict[str, str]] = {"phone": "phone"}
    record = models.OneToOneField(Record, models.CASCADE, related_name="hidden")


class Link(Recorded):
    """That a record holds another when nested: in which of its lists, or as which one."""

    parent = models.ForeignKey(Record, models.CASCADE, related_name="holds")
    child = models.ForeignKey(Record, models.CASCADE, related_name="held_by")
    name = models.CharField(max_length=32)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parent", "name", "child"], name="directory_held_once_in_a_list"
            )
        ]


class Offer(Recorded):
    """What must be known of a service to find and to match it. Made of records that are open.

    None stands for "the provider did not say". The town is that of the area served, never of a
    location that is confidential.
    """

    service = models.OneToOneField(Record, models.CASCADE, related_name="offer")
    name = models.CharField(max_length=255)
    organization = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=20)
    categories = models.JSONField(default=list)
    counties = models.JSONField(null=True)
    town = models.CharField(max_length=100, blank=True)
    """A key of the gazetteer."""
    languages = models.JSONField(null=True)
    """Two-letter codes."""
    minimum_age = models.FloatField(null=True)
    maximum_age = models.FloatField(null=True)
    genders = models.JSONField(null=True)
    """female, male, other."""
    children = models.BooleanField(null=True)
    pets = models.BooleanField(null=True)
    accessible = models.BooleanField(null=True)
    immigration_safe = models.BooleanField(null=True)
    cost = models.CharField(max_length=8, blank=True)
    """free, sliding, paid, or nothing: not said."""
    confidential = models.BooleanField(default=False)
    """It has a location that is confidential."""
    phones = models.JSONField(default=list)
    """The numbers that everybody may have, the first to call first."""
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "pk")

    @property
    def service_key(self) -> str:
        """The service's id in HSDS."""
        return str(self.service.key)


class Beds(Scoped):
    """Free places of one kind at one service: how many, when it was said, and by whom."""

    service = models.ForeignKey(Record, models.CASCADE, related_name="beds")
    capacity = models.OneToOneField(Record, models.CASCADE, related_name="beds_of")
    """The record of HSDS that says the same."""
    unit = models.CharField(max_length=100)
    maximum = models.PositiveIntegerField(null=True)
    available = models.PositiveIntegerField()
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """None: it came with an import."""

    class Meta:
        ordering = ("unit", "pk")

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Those of its agency's own services."""
        return models.Q(service__agency_id=member.agency_id)


class Import(Scoped):
    """One package that was brought in: how many rows were taken and rejected."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    form = models.CharField(max_length=8)
    """json or csv."""
    taken = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    sealed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Its agency's own."""
        return models.Q(agency_id=member.agency_id)


class Reject(Sealed):
    """A row of a package that was not taken, and why. The row is kept, sealed, as it was."""

    SEALED = ("row",)
    of = models.ForeignKey(Import, models.CASCADE, related_name="rejects")
    file = models.CharField(max_length=100)
    place = models.CharField(max_length=200)
    """The row's number in the file, or its path in the document."""
    field = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    """In words. It never repeats the value."""

    class Meta:
        ordering = ("file", "place", "pk")


def as_text(value: Any) -> str:
    """A value as one text: of structures, all of their values."""
    if isinstance(value, dict):
        return " ".join(as_text(each) for each in value.values())
    if isinstance(value, list):
        return " ".join(as_text(each) for each in value)
    return "" if value is None else str(value)


def words_of(table: str, data: Mapping[str, Any]) -> str:
    """What a search finds a record by: its texts, without ids, dates and figures."""
    fields = tables()[table].fields
    return " ".join(
        str(value)
        for name, value in data.items()
        if isinstance(value, str) and value and fields.get(name) in ("text", "email", "uri")
    ).casefold()
