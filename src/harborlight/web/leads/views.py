"""The pages of leads: the queue, a lead, its ads, drawings, and why two ads are together."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.leads import drawing, showing
from harborlight.web.leads.finding import review_order
from harborlight.web.leads.forms import WhyForm
from harborlight.web.leads.models import Lead, Purge, Share, Sheet, State, Ties, Version, Words

ON_PAGE = 50


@page("lead", "list")
def queue(request: StaffRequest) -> HttpResponse:
    """The leads of one state, in review order; and those that others show to this agency."""
    wanted = request.GET.get("state", State.REVIEW)
    state = wanted if wanted in State.values else State.REVIEW
    mine = reachable(Lead, request.member, "lead", "list")
    own = mine.filter(agency=request.member.agency_id)
    counted = dict.fromkeys(State.values, 0)
    for each in own.order_by().values_list("state", flat=True):
        counted[each] += 1
    leads = review_order(own.filter(state=state))
    shown = Paginator(leads, ON_PAGE).get_page(request.GET.get("page"))
    shares = Share.objects.filter(agency=request.member.agency_id, ended__isnull=True)
    context = {
        "here": "leads",
        "state": State(state),
        "states": [(State(value), counted[value]) for value in State.values],
        "leads": shown,
        "shares": shares.select_related("lead", "lead__agency"),
        "today": timezone.localdate(),
        "may_import": may(request.member, "lead", "import"),
        "may_purges": may(request.member, "lead", "purges"),
    }
    return render(request, "leads/queue.html", context)


@page("lead", "open", of=Lead)
def lead(request: StaffRequest, lead: Lead, number: int | None = None) -> HttpResponse:
    """A lead whole: for and against, the innocent reading, the ads behind a click."""
    versions = list(lead.versions.order_by("-number"))
    version = next((v for v in versions if number in (None, v.number)), None)
    if version is None:
        raise Http404
    content = version.take("content")["content"]
    owns = lead.agency_id == request.member.agency_id
    towns = content["towns"]
    contacts = showing.contacts(content)
    steps = showing.steps(content)
    context = {
        "here": "leads",
        "lead": lead,
        "owns": owns,
        "may_decide": owns and may(request.member, "lead", "hold"),
        "version": version,
        "versions": versions,
        "current": versions[0],
        "innocent": showing.innocent(content),
        "evidence": showing.evidence(content["evidence"], alone=False),
        "context_found": showing.evidence(content["evidence"], alone=True),
        "counter": showing.evidence(content["counter"]),
        "after": showing.after_closing(content),
        "wordings": showing.wordings(content),
        "more_wordings": max(0, len(content["wordings"]) - showing.WORDINGS_SHOWN),
        "contacts": contacts[: showing.CONTACTS_SHOWN],
        "more_contacts": max(0, len(contacts) - showing.CONTACTS_SHOWN),
        "towns": towns[: showing.TOWNS_SHOWN],
        "more_towns": max(0, len(towns) - showing.TOWNS_SHOWN),
        "steps": steps[: showing.STEPS_SHOWN],
        "more_steps": max(0, len(steps) - showing.STEPS_SHOWN),
        "figures": drawing.titles(content),
        "ads": _first_ads(version),
        "purpose": None if owns else _purpose(lead, request.member.agency_id),
        **(_history(lead) if owns else {}),
    }
    return render(request, "leads/lead.html", context)


def _first_ads(version: Version) -> list[showing.Ad]:
    sheet = version.sheets.filter(number=1).first()
    rows = [] if sheet is None else sheet.take("ads")["ads"]
    return showing.ads(1, rows)[: showing.ADS_ON_PAGE]


def _purpose(lead: Lead, agency: int) -> str:
    share = Share.objects.filter(lead=lead, agency=agency, ended__isnull=True).first()
    return "" if share is None else share.get_purpose_display()


def _history(lead: Lead) -> dict[str, Any]:
    """What was decided and who was told: for the agency that owns the lead."""
    written = {words.pk: words.take() for words in Words.objects.filter(lead=lead.pk)}

    def told(rows: Any) -> list[tuple[Any, dict[str, Any]]]:
        return [(row, written.get(row.words, {})) for row in rows]

    who = ("member", "member__user")
    return {
        "decisions": told(lead.decisions.select_related(*who)),
        "disseminations": told(lead.disseminations.select_related(*who, "agency")),
        "shares": lead.shares.filter(ended__isnull=True).select_related("agency"),
        "overlaps": lead.overlaps.select_related("other"),
        "merged": lead.merged.all(),
    }


@page("lead", "open", of=Lead)
def ads(request: StaffRequest, lead: Lead, version: int, sheet: int) -> HttpResponse:
    """Some of the ads of a version, each behind a click."""
    shown = get_object_or_404(Version, lead=lead, number=version)
    found = get_object_or_404(Sheet, version=shown, number=sheet)
    pages = (shown.size - 1) // Sheet.ADS + 1
    context = {
        "here": "leads",
        "lead": lead,
        "version": shown,
        "sheet": sheet,
        "pages": pages,
        "ads": showing.ads(sheet, found.take("ads")["ads"]),
    }
    return render(request, "leads/ads.html", context)


@page("lead", "open", of=Lead)
def ad(request: StaffRequest, lead: Lead, version: int, number: int) -> HttpResponse:
    """One ad with its whole text."""
    shown = get_object_or_404(Version, lead=lead, number=version)
    sheet = (number - 1) // Sheet.ADS + 1
    found = get_object_or_404(Sheet, version=shown, number=sheet)
    listed = showing.ads(sheet, found.take("ads")["ads"], most=100_000)
    one = next((each for each in listed if each.number == number), None)
    if one is None:
        raise Http404
    context = {"here": "leads", "lead": lead, "version": shown, "ad": one, "sheet": sheet}
    return render(request, "leads/ad.html", context)


@page("lead", "open", of=Lead)
def figure(request: StaffRequest, lead: Lead, version: int, name: str) -> HttpResponse:
    """A drawing of a version as a picture of its own."""
    shown = get_object_or_404(Version, lead=lead, number=version)
    drawn = drawing.draw(name, shown.take("content")["content"])
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


@page("lead", "open", of=Lead)
def why(request: StaffRequest, lead: Lead) -> HttpResponse:
    """The path of evidence between two ads of a lead, and the ties that were refused."""
    from harborlight.recognize.organizations import why as path_of
    from harborlight.recognize.output import results

    form = WhyForm(request.GET or None)
    context: dict[str, Any] = {"here": "leads", "lead": lead, "form": form}
    if form.is_valid():
        a, b = form.cleaned_data["a"], form.cleaned_data["b"]
        version = lead.version
        if a == b or max(a, b) > version.size:
            form.add_error(
                None, _("Give two different ads, from 1 to %(size)s.") % {"size": version.size}
            )
        else:
            found = Ties.objects.get(version=version).take()
            path = path_of.path(results.ties(found), f"ad:{a}", f"ad:{b}")
            ends = {f"ad:{a}", f"ad:{b}"}
            context |= {
                "a": a,
                "b": b,
                "version": version,
                "path": [(showing.node(s.source), showing.node(s.target), s.kind) for s in path],
                "refused": [
                    (showing.node(s), showing.node(t), reason)
                    for s, t, _kind, reason in found["refused"]
                    if {s, t} & ends
                ],
            }
    return render(request, "leads/why.html", context)


@page("lead", "purges")
def purges(request: StaffRequest) -> HttpResponse:
    """What was purged: when, how many, which numbers."""
    rows = reachable(Purge, request.member, "lead", "purges").select_related("agency")
    shown = Paginator(rows, ON_PAGE).get_page(request.GET.get("page"))
    return render(request, "leads/purges.html", {"here": "leads", "purges": shown})
