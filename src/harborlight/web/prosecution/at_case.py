"""What prosecution adds to the timeline of a case: arrests, to who may see them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.models import Case
from harborlight.web.cases.timeline import Moment
from harborlight.web.prosecution.models import Arrest


def moments(case: Case, member: Member) -> Iterator[Moment]:
    """The arrests of the case that this member reaches; their basis is not opened."""
    for arrest in reachable(Arrest, member, "arrest", "list").filter(case=case):
        url = reverse("prosecution:arrest", args=[arrest.pk])
        yield Moment(arrest.at, str(arrest), arrest.get_allegation_display(), url)
