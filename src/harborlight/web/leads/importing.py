"""A run's folder into the leads of an agency.

Leads are known again by what their ads say, not by the ids of a run. The same folder twice adds
nothing. A later run of grown data gives its leads a new version of the evidence; what was decided
stays. A run of less data than is there already changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import Actor, act, note
from harborlight.web.crypto import blind
from harborlight.web.crypto.current import keys
from harborlight.web.leads import keeping
from harborlight.web.leads.models import (
    Lead,
    Numbering,
    Overlap,
    Run,
    Sheet,
    State,
    Ties,
    Version,
    day_of,
)
from harborlight.web.vault.models import Term

TOWNS_NAMED = 5
AT_ONCE = 500

if TYPE_CHECKING:
    from harborlight.recognize.output.results import LeadFound, Results


@dataclass(frozen=True)
class Imported:
    """What an import did: how many leads were new, changed, or as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0
    known: bool = False
    """Whether this very run had been imported before."""


def import_results(results: Results, agency: Agency, actor: Actor) -> Imported:
    """Bring what a run found into the leads of an agency. One act: all of it or nothing."""
    with act(actor, "lead.import"):
        numbering = _numbering(agency)
        if Run.objects.filter(agency=agency, digest=results.digest).exists():
            note(actor, "lead.import", "leads.run", results.digest[:16], known=True)
            return Imported(same=len(results.leads), known=True)
        run = Run.objects.create(
            agency=agency,
            digest=results.digest,
            version=results.version,
            ads=results.ads,
            leads=len(results.leads),
        )
        return _Import(agency, run, numbering).all(results.leads)


def _numbering(agency: Agency) -> Numbering:
    """The counter, locked until the act ends: two imports do not give one number."""
    Numbering.objects.get_or_create(agency=agency)
    return Numbering.objects.select_for_update().get(agency=agency)


@dataclass
class _Import:
    agency: Agency
    run: Run
    numbering: Numbering

    def all(self, found: list[LeadFound]) -> Imported:
        shared = [self._shared(one) for one in found]
        chosen = _matched(shared, found, self._known())
        changed, left = 0, []
        for place, one in enumerate(found):
            lead = chosen.get(place)
            if lead is None:
                left.append(one)
            elif self._update(lead, one, shared[place]):
                changed += 1
        new = 0
        for one in left:
            # Asked again, for an update may have taken ads in, or let some go.
            now = self._shared(one)
            if len(one.keys) in now.values():
                continue
            self._overlaps(self._create(one), now)
            new += 1
        return Imported(new=new, changed=changed, same=len(found) - new - changed)

    def _known(self) -> dict[str, int]:
        """How many ads each lead of the agency has."""
        rows = Lead.objects.filter(agency=self.agency).values_list("pk", "known")
        return {str(pk): known for pk, known in rows}

    def _shared(self, found: LeadFound) -> dict[str, int]:
        """How many of its ads each lead of the agency has already."""
        digests = [blind.blind(keys(), "ad", key) for key in sorted(found.keys)]
        counted: dict[str, int] = defaultdict(int)
        mine = Lead.objects.filter(agency=self.agency).values("pk")
        for start in range(0, len(digests), AT_ONCE):
            rows = Term.objects.filter(
                model="leads.lead", record__in=mine, digest__in=digests[start : start + AT_ONCE]
            )
            for record in rows.values_list("record", flat=True):
                counted[str(record)] += 1
        return dict(counted)

    def _update(self, key: str, found: LeadFound, known: dict[str, int]) -> bool:
        """Give a lead a new version, unless it has all of this already."""
        lead, shared = Lead.objects.get(pk=key), known[key]
        if shared == len(found.keys) and (
            shared < lead.known or lead.version.digest == _digest(found)
        ):
            return False
        now = timezone.now()
        lead.evidence_at = now
        _describe(lead, found)
        lead.purge_on = keeping.purge_on(lead)
        lead.save()
        _keep(lead, self.run, found)
        self._overlaps(lead, {other: ads for other, ads in known.items() if other != key})
        return True

    def _create(self, found: LeadFound) -> Lead:
        self.numbering.last += 1
        self.numbering.save()
        lead = Lead(
            agency=self.agency,
            number=self.numbering.last,
            state=State.REVIEW,
            evidence_at=timezone.now(),
        )
        _describe(lead, found)
        lead.purge_on = keeping.purge_on(lead)
        lead.save()
        _keep(lead, self.run, found)
        return lead

    def _overlaps(self, lead: Lead, shared: dict[str, int]) -> None:
        """Tell of the leads that have some of the same ads, on both sides."""
        for key, ads in shared.items():
            other = Lead.objects.get(pk=key)
            for one, another in ((lead, other), (other, lead)):
                Overlap.objects.get_or_create(lead=one, other=another, defaults={"shared": ads})


def _matched(
    shared: list[dict[str, int]], found: list[LeadFound], known: dict[str, int]
) -> dict[int, str]:
    """Which lead each found one is: those with most ads in common first, each at most once."""
    pairs = sorted(
        (-ads, abs(known[key] - len(found[place].keys)), place, key)
        for place, counted in enumerate(shared)
        for key, ads in counted.items()
    )
    chosen: dict[int, str] = {}
    taken: set[str] = set()
    for _ads, _difference, place, key in pairs:
        if place not in chosen and key not in taken:
            chosen[place] = key
            taken.add(key)
    return chosen


def _describe(lead: Lead, found: LeadFound) -> None:
    """The counts, dates and names by which the queue shows a lead; and what it is found by."""
    content = found.content
    lead.toward, lead.away = found.toward, found.away
    lead.size, lead.known = len(found.ads), len(found.keys)
    lead.towns = [town for town, _ in content["towns"][:TOWNS_NAMED]]
    lead.town_count = len(content["towns"])
    lead.phone_count = len(content["phones"])
    lead.first_posted, lead.last_posted = day_of(content["first"]), day_of(content["last"])
    lead.put(
        phones=content["phones"],
        # An account is found with and without the name of its service.
        handles=sorted(
            {each for one in content["handles"] for each in (one, one.split(":", 1)[-1])}
        ),
        emails=content["emails"],
        links=content["links"],
        ads=sorted(found.keys),
    )


def _keep(lead: Lead, run: Run, found: LeadFound) -> Version:
    """A version with its ads and ties."""
    last = lead.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = Version(
        lead=lead,
        run=run,
        number=last + 1,
        digest=_digest(found),
        size=len(found.ads),
        toward=found.toward,
        away=found.away,
    )
    version.put(content=found.content)
    version.save()
    for number, start in enumerate(range(0, len(found.ads), Sheet.ADS), 1):
        sheet = Sheet(version=version, number=number)
        sheet.put(ads=found.ads[start : start + Sheet.ADS])
        sheet.save()
    ties = Ties(version=version)
    ties.put(**found.ties)
    ties.save()
    return version


def _digest(found: LeadFound) -> str:
    text = json.dumps([found.content, found.ads, found.ties], sort_keys=True)
    return blind.blind(keys(), "lead", text).hex()
