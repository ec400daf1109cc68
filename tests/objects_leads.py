"""Leads, and what goes with them, for the tests of the walls and for those of leads."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from harborlight.recognize.output.results import LeadFound, Results
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.cases.models import Case
from harborlight.web.leads.importing import import_results
from harborlight.web.leads.models import Lead, Purge, Share
from objects import QUERIES, WORDS, arguments, makes
from people import TESTER, make_agency

START = datetime(2016, 10, 3, 12, tzinfo=UTC)
PHONE, HANDLE = "+15075550142", "example:hauling-crew"
SECRET_TEXT = "we haul away old sofas and pianos"  # noqa: S105 - the words of a made-up ad
_number = count(1)
WORDS.append(r"we\ haul.* | Hauling.* | \b(ads?|services)\b | Mankato | Rochester | Minnesota")


def found(*names: str, phone: str = PHONE, toward: int = 3, away: int = 1) -> LeadFound:
    """A lead of made-up ads, by the names of its ads."""
    ads: list[dict[str, Any]] = [
        {
            "ad_id": name,
            "posted_at": (START + timedelta(days=place)).isoformat(),
            "site": "board.example",
            "section": "services",
            "place": "Mankato, Minnesota",
            "title": f"Hauling {name}",
            "text": f"{SECRET_TEXT}, ask at {phone} about {name}",
            "phone": None,
            "url": None,
            "wording": "1",
        }
        for place, name in enumerate(names)
    ]
    numbers = list(range(1, len(names) + 1))
    return LeadFound(
        review_order=1,
        toward=toward,
        away=away,
        keys=frozenset(hashlib.sha256(name.encode()).hexdigest() for name in names),
        content={
            "phones": [phone],
            "emails": ["crew@hauling.example"],
            "handles": [HANDLE],
            "links": ["hauling.example"],
            "images": [],
            "sites": ["board.example"],
            "ads": len(names),
            "first": START.isoformat(),
            "last": (START + timedelta(days=len(names))).isoformat(),
            "towns": [["Mankato, MN", len(names)], ["Rochester, MN", 1]],
            "evidence": [
                {
                    "kind": "wording_across_contacts",
                    "statement": "One wording gives 2 different phones.",
                    "amount": 2.0,
                    "ads": numbers[:5],
                },
                {
                    "kind": "many_towns",
                    "statement": "The ads were posted for 2 towns.",
                    "amount": 2.0,
                    "ads": numbers[:2],
                },
            ],
            "counter": [
                {
                    "kind": "street_address",
                    "statement": "1 ad gives a street address.",
                    "amount": 1.0,
                    "ads": numbers[:1],
                }
            ],
            "innocent": "This may be a business that is open about itself.",
            "wordings": [
                {
                    "name": "1",
                    "ads": len(names),
                    "explained": 0.8,
                    "pattern": "we haul away old sofas ask at {1}",
                    "slots": [{"kind": "phone", "examples": ["507 555 0142"]}],
                }
            ],
            "days": [["2016-10-03", "Mankato, MN", len(names)]],
            "wording_ads": [["1", len(names)]],
            "contacts": [["phone", phone, len(names)]],
            "ties": [["1", "phone", phone, len(names)]],
            "moves": [],
            "closed": [],
        },
        ads=ads,
        ties={
            "kept": [[f"ad:{n}", f"phone:{phone}", "phone", 0.5] for n in numbers],
            "refused": [["ad:1", "link:board.example", "link", "generic: a site's own"]],
        },
    )


def results(*leads: LeadFound) -> Results:
    """A run that found these."""
    digest = hashlib.sha256(repr([(one.content, one.ads) for one in leads]).encode()).hexdigest()
    return Results(digest=digest, version="0.1.0", ads=100, leads=list(leads))


def make_lead(agency: Agency, *names: str, **more: Any) -> Lead:
    """A lead of an agency; of ads that no other lead has, unless they are named."""
    names = names or tuple(f"ad {next(_number)}" for _ in range(3))
    import_results(results(found(*names, **more)), agency, TESTER)
    return Lead.objects.filter(agency=agency).latest("number")


@makes(Lead)
def lead(owner: Member) -> Lead:
    return make_lead(owner.agency)


@makes(Purge)
def purge(owner: Member) -> Purge:
    with act(TESTER, "test.setup"):
        return Purge.objects.create(agency=owner.agency, at=START, leads=1, ads=3, numbers=[1])


@makes(Case)
def case(owner: Member) -> Case:
    with act(TESTER, "test.setup"):
        made = Case(
            agency=owner.agency,
            number=f"2026-{next(_number):04d}",
            assigned=owner,
            opened_by=owner,
        )
        made.put(title="A made-up case")
        made.save()
    return made


def _share(lead: Lead | None) -> dict[str, object]:
    if lead is None:
        return {"share": 1}
    other = make_agency(AgencyKind.CHILD_PROTECTION)
    with act(TESTER, "test.setup"):
        return {"share": Share.objects.create(lead=lead, agency=other, purpose="services").pk}


arguments("leads:version", lambda _lead: {"number": 1})
arguments("leads:ads", lambda _lead: {"version": 1, "sheet": 1})
arguments("leads:ad", lambda _lead: {"version": 1, "number": 1})
arguments("leads:figure", lambda _lead: {"version": 1, "name": "map"})
arguments("leads:unshare", _share)
QUERIES["leads:why"] = {"a": "1", "b": "2"}
