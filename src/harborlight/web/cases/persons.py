"""People in cases, and what each has to do with a case.

Names of sealed fields follow HTCDS 2.0 (`prs_FirstName`, `prs_Birthdate`, ...) where it has one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.acts import Refused
from harborlight.web.audit.models import Recorded, RecordedQuerySet
from harborlight.web.cases import guards, sounds
from harborlight.web.vault.models import Sealed


class AgeBasis(models.TextChoices):
    """How a birth date is known."""

    UNKNOWN = "unknown", _("Not known")
    CLAIMED = "claimed", _("As the person or somebody else says")
    DOCUMENT = "document", _("A document was seen by somebody qualified")
    QUALIFIED = "qualified", _("Found by somebody qualified")


#: An adult is somebody whose age is known so; everybody else is treated as a minor.
VERIFIED = (AgeBasis.DOCUMENT, AgeBasis.QUALIFIED)


class Person(Scoped, Sealed):
    """Somebody in the cases of an agency. Who they are is sealed."""

    SEALED = (
        "prs_FirstName",
        "prs_SecondName",
        "other_names",
        "prs_Birthdate",
        "prs_Gender",
        "prs_PrimaryLanguage",
        "prs_MobilePhone",
        "safety",
    )
    SEARCHED: ClassVar[dict[str, str]] = {
        "prs_MobilePhone": "phone",
        "prs_SecondName": "name",
        "prs_Birthdate": "born",
    }

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    age_basis = models.CharField(
        _("how the age is known"), max_length=16, choices=AgeBasis, default=AgeBasis.UNKNOWN
    )
    age_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Who is qualified and says so."""
    state = models.CharField(_("state"), max_length=2, default="MN")
    county = models.CharField(_("county"), max_length=64, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return f"P-{str(self.pk)[:8]}"

    def _terms_of(self, values: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
        """Besides the values themselves, how the name sounds: records of one person are found by
        it without opening any."""
        terms = super()._terms_of(values)
        if "prs_FirstName" in values or "prs_SecondName" in values:
            content = self._content()
            names = [str(content.get(name) or "") for name in ("prs_FirstName", "prs_SecondName")]
            terms["names"] = ("sound", sounds.sound(*names))
        return terms

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's own agency; for those who work on cases, in the ones assigned to them."""
        own = models.Q(agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            # By their keys and not by a join: somebody with two parts is one person.
            mine = Involvement.objects.filter(case__assigned=member.pk)
            return own & models.Q(pk__in=mine.values("person"))
        return own


class Part(models.TextChoices):
    """What somebody has to do with a case."""

    POSSIBLE_VICTIM = "possible_victim", _("May have been sold")
    VICTIM = "victim", _("Was sold")
    WITNESS = "witness", _("Witness")
    SUSPECT = "suspect", _("Suspected")
    ARRESTEE = "arrestee", _("Arrested")
    DEFENDANT = "defendant", _("Charged")
    CONVICTED = "convicted", _("Convicted")


#: The parts into which nobody may come for having been sold.
RESTRICTED = (Part.ARRESTEE, Part.DEFENDANT, Part.CONVICTED)


class Allegation(models.TextChoices):
    """What is said that somebody did. `hired`: was sold, or offered or agreed to be."""

    NONE = "none", _("Nothing")
    HIRED = "hired", _("Having been sold")
    HIRING = "hiring", _("Buying")
    SELLING = "selling", _("Selling others")
    OTHER = "other", _("Something else")


class InvolvementQuerySet(RecordedQuerySet[Any]):
    """Involvements are written one by one, so that each is looked at."""

    def update(self, **values: Any) -> int:
        if set(values) - {"note"}:
            raise Refused(str(_("What somebody has to do with a case is changed one by one.")))
        return super().update(**values)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        listed = list(objs)
        for each in listed:
            guards.check(each)
        return super().bulk_create(listed, *args, **options)


class Involvement(Recorded):
    """What a person has to do with a case, from a day until a day."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="involvements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="involvements")
    part = models.CharField(_("part"), max_length=16, choices=Part)
    allegation = models.CharField(
        _("what is alleged"), max_length=16, choices=Allegation, default=Allegation.NONE
    )
    offense_on = models.DateField(_("day of what is alleged"), null=True, blank=True)
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(InvolvementQuerySet)()

    class Meta:
        ordering = ("since",)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.part}"

    def save(self, *args: Any, **options: Any) -> None:
        guards.check(self)
        super().save(*args, **options)

    @property
    def restricted(self) -> bool:
        """Whether it is an arrest, charge or conviction that goes on."""
        return self.part in RESTRICTED and self.ended_at is None
