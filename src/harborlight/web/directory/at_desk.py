"""What the directory adds to the first page and to the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may
from harborlight.web.accounts.models import Member
from harborlight.web.directory import capacity
from harborlight.web.directory.finding import Wanted, find
from harborlight.web.directory.projection import of_member
from harborlight.web.frame.waiting import Found, Waiting


def waiting(member: Member) -> Iterable[Waiting]:
    """Free places that have not been told of since yesterday."""
    if may(member, "directory", "say_beds"):
        count = capacity.stale_of(member)
        yield Waiting(_("Free places to say again"), count, reverse("directory:mine"))


def search(member: Member, words: str) -> Iterable[Found]:
    """Services by name, in the view of the member's role."""
    if may(member, "directory", "look"):
        found = find(of_member(member), Wanted(words=words)).select_related("service")
        for offer in found[:10]:
            url = reverse("directory:entry", args=[offer.service.key])
            yield Found(_("Service"), offer.name, url, offer.organization)
