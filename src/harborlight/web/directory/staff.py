"""Pages of the directory for members: services in the view of the role, and a provider's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from harborlight.web.accounts.access import StaffRequest, page, reachable
from harborlight.web.audit.acts import Refused
from harborlight.web.directory import capacity, editing, export, pages
from harborlight.web.directory.forms import BedsForm, ImportForm, ServiceForm, WallsForm
from harborlight.web.directory.keeping import ADDRESS_TO, PHONE_TO, Done, bring_in
from harborlight.web.directory.models import Beds, Import, Record, View
from harborlight.web.directory.projection import of_member
from harborlight.web.directory.unpack import unpack


@page("directory", "look")
@require_GET
def look(request: StaffRequest) -> HttpResponse:
    """Services, found as the public finds them, shown in the view of the role."""
    return render(request, "directory/look.html", pages.listed(request, of_member(request.member)))


@page("directory", "look")
@require_GET
def entry(request: StaffRequest, key: str) -> HttpResponse:
    """One service in the view of the role."""
    shown = pages.one(of_member(request.member), str(key))
    return render(request, "directory/entry.html", shown)


@page("directory", "look")
@require_GET
def towns(request: StaffRequest) -> HttpResponse:
    """The map of the services found."""
    return pages.drawn(request, of_member(request.member))


@page("directory", "export")
@require_GET
def package(request: StaffRequest) -> HttpResponse:
    """All that the member's view may have, as a package: CSV in a zip, or JSON."""
    rows = export.rows(of_member(request.member))
    if request.GET.get("format") == "json":
        answer = HttpResponse(export.json_tables(rows), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="hsds.json"'
        return answer
    answer = HttpResponse(export.csv_package(rows), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="hsds.zip"'
    return answer


@page("directory", "keep")
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """A provider's own services, free places and locations."""
    projection = of_member(request.member)
    own = reachable(Record, request.member, "directory", "keep")
    services = list(own.filter(table="service").select_related("offer"))
    contents = projection.contents(services)
    locations = list(own.filter(table="location").order_by("pk"))
    named = projection.contents(locations)
    return render(
        request,
        "directory/mine.html",
        {
            "services": [
                (record, contents.get(record.pk, {}), capacity.said(projection, record))
                for record in services
            ],
            "locations": [(each, named.get(each.pk, {})) for each in locations],
            "imports": reachable(Import, request.member, "directory", "import")[:5],
            "views": dict(View.choices),
        },
    )


@page("directory", "keep")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A new service."""
    return _edited(request, None)


@page("directory", "keep", of=Record)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, record: Record) -> HttpResponse:
    """A service of one's own."""
    if record.table != "service":
        return redirect("directory:mine")
    return _edited(request, record)


def _edited(request: StaffRequest, record: Record | None) -> HttpResponse:
    projection = of_member(request.member)
    known = editing.as_form(projection, record) if record else {"status": "active"}
    form = ServiceForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        _key, done = editing.save_service(projection, request.member, record, form.cleaned_data)
        _tell(request, done)
        return redirect("directory:mine")
    return render(request, "directory/edit.html", {"form": form, "record": record})


def _tell(request: StaffRequest, done: Done) -> None:
    messages.success(request, _("Saved."))
    if done.sealed:
        said = _("An entry repeats the address or phone of a confidential place. It is hidden "
                 "from everybody else until you correct it.")  # fmt: skip
        messages.warning(request, said)


@page("directory", "keep", of=Record)
@require_http_methods(["GET", "POST"])
def walls(request: StaffRequest, record: Record) -> HttpResponse:
    """Who may have the address and the phones of a location of one's own."""
    if record.table != "location":
        return redirect("directory:mine")
    closed = record.address_to > View.PUBLIC
    known = {
        "confidential": "yes" if closed else "no",
        "phone_to": record.phone_to if closed else PHONE_TO,
        "address_to": record.address_to if closed else ADDRESS_TO,
    }
    form = WallsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        names = {view.value: view.name.lower() for view in View}
        projection = of_member(request.member)
        _tell(request, editing.save_walls(projection, record, form.cleaned_data, names))
        return redirect("directory:mine")
    named = of_member(request.member).contents([record]).get(record.pk, {}).get("name", "")
    return render(request, "directory/walls.html", {"form": form, "record": record, "name": named})


@page("directory", "say_beds", of=Beds)
@require_POST
def say_beds(request: StaffRequest, beds: Beds) -> HttpResponse:
    """Say how many places are free now."""
    form = BedsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter a whole number from 0."))
        return redirect("directory:mine")
    try:
        capacity.say(beds, form.cleaned_data["available"], request.member)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("Thank you. That is what others see now."))
    return redirect("directory:mine")


@page("directory", "import")
@require_http_methods(["GET", "POST"])
def import_package(request: StaffRequest) -> HttpResponse:
    """Bring in a package of HSDS."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        done = bring_in(
            unpack(given.name, given.read()),
            request.member.agency,
            unsaid_is_confidential=form.cleaned_data["unsaid"] != "open",
        )
        return redirect("directory:imported", pk=done.pk)
    return render(request, "directory/import.html", {"form": form})


@page("directory", "import", of=Import)
@require_GET
def imported(request: StaffRequest, record: Import) -> HttpResponse:
    """What became of a package: rows taken, and each that was not, with its reason."""
    rejects = list(record.rejects.defer("sealed", "wrapped_key")[:500])
    return render(request, "directory/imported.html", {"record": record, "rejects": rejects})
