"""The purge of leads that nobody promoted, and its log."""

from __future__ import annotations

from collections import defaultdict

from django.utils import timezone

from harborlight.web.audit.acts import SYSTEM, Actor, act
from harborlight.web.leads.models import Lead, Overlap, Purge, Share, Sheet, Ties, Version, Words
from harborlight.web.vault.models import Term


def purge_due() -> int:
    """Purge every lead whose day has come, an act for each agency; how many leads that were."""
    due: dict[int, list[Lead]] = defaultdict(list)
    for lead in Lead.objects.filter(purge_on__lte=timezone.localdate()).order_by("number"):
        due[lead.agency_id].append(lead)
    return sum(purge(agency, leads) for agency, leads in due.items())


def purge(
    agency: int,
    leads: list[Lead],
    actor: Actor = SYSTEM,
    why: str = "the time for which it may be kept is over",
) -> int:
    """Purge these leads of an agency and what was merged into them; how many that were."""
    with act(actor, "lead.purge", why):
        gone = _with_merged(leads)
        Purge.objects.create(
            agency_id=agency,
            at=timezone.now(),
            leads=len(gone),
            ads=sum(lead.size for lead in gone),
            numbers=[lead.number for lead in gone],
            keys=[str(lead.pk) for lead in gone],
        )
        for lead in gone:
            _delete(lead)
    return len(gone)


def _with_merged(leads: list[Lead]) -> list[Lead]:
    """The leads and those that were merged into them, these first."""
    gone: list[Lead] = []
    for lead in leads:
        gone += [each for each in _with_merged(list(lead.merged.all())) if each not in gone]
        if lead not in gone:
            gone.append(lead)
    return gone


def _delete(lead: Lead) -> None:
    """All content of a lead. Who decided and when stays; what they wrote about it goes.

    To whom something was told stays, sealed, so that they can be told of the purge.
    """
    versions = Version.objects.filter(lead=lead)
    Sheet.objects.filter(version__in=versions).delete()
    Ties.objects.filter(version__in=versions).delete()
    versions.delete()
    Overlap.objects.filter(lead=lead).delete()
    Overlap.objects.filter(other=lead).delete()
    Share.objects.filter(lead=lead).delete()
    told = set(lead.disseminations.values_list("words", flat=True))
    for words in Words.objects.filter(lead=lead.pk):
        if words.pk in told:
            words.put(reason=None, what=None)
            words.save()
        else:
            words.delete()
    Term.objects.filter(model=lead._meta.label_lower, record=lead.pk).delete()
    lead.delete()
