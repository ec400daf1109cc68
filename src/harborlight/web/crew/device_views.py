"""What the page on the phone asks for: itself, its worker, its manifest, the door for reports."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from harborlight.web.accounts.access import public
from harborlight.web.crew import receiving

MOST = 1_000_000
"""Bytes of one report; far more than anybody writes."""

SHELL = (
    "uswds/css/uswds.min.css",
    "frame/harborlight.css",
    "frame/icon.svg",
    "crew/crew.css",
    "crew/app.js",
    "crew/queue.js",
    "crew/seal.js",
    "crew/icon-192.png",
    "crew/icon-512.png",
)


@public("the page on a crew's phone: it holds nobody's data, and works without a connection")
def app(request: HttpRequest) -> HttpResponse:
    """The report on the phone. All that is personal is on the phone alone."""
    from harborlight.web.crew.models import Origin

    return render(request, "crew/app.html", {"origins": Origin.choices, "words": WORDS})


#: What the script on the phone says. In the page, so that they are translated with it.
WORDS = {
    "queued": gettext_lazy("waits on this phone"),
    "sending": gettext_lazy("is being sent"),
    "stored": gettext_lazy("is stored by the site; deleted from this phone"),
    "unreadable": gettext_lazy("was kept by the site, which could not read it; staff see to it"),
    "refused": gettext_lazy("the answer was not signed by the site; it stays on this phone"),
    "reason": gettext_lazy(
        "Write what was done or said. How somebody looks is no reason; it can stand under the "
        "description."
    ),
    "full": gettext_lazy(
        "This phone has no room left. Save the file below and hand it in by hand."
    ),
    "saved": gettext_lazy("Kept on this phone. It is sent as soon as there is a connection."),
    "nobody": gettext_lazy("This phone is not set up yet. Log in once, with a connection."),
    "one": gettext_lazy("1 report waits on this phone"),
    "many": gettext_lazy("{count} reports wait on this phone"),
    "none": gettext_lazy("Nothing waits on this phone"),
}


@public("the worker of the page on a crew's phone")
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: keeps the page, its styles and scripts, and nothing else."""
    files = [static(name) for name in SHELL]
    response = render(
        request,
        "crew/worker.js",
        {"files": files, "page": reverse("crew:app")},
        content_type="text/javascript",
    )
    response["Service-Worker-Allowed"] = reverse("crew:app")
    response["Cache-Control"] = "no-cache"
    return response


@public("the manifest by which the page can be installed on a phone")
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the page."""
    return JsonResponse(
        {
            "name": _("Harborlight for crews"),
            "short_name": "Harborlight",
            "start_url": reverse("crew:app"),
            "scope": reverse("crew:app"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#162e51",
            "icons": [
                {"src": static("crew/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("crew/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            ],
        },
        content_type="application/manifest+json",
    )


@csrf_exempt  # no cookie is read: the device's token says who hands in
@public("the door for reports of crews; a report is taken in whoever hands it in")
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take in one sealed report; answer with a signed receipt. 405 and 413 alone refuse."""
    if request.method != "POST":
        return JsonResponse({"error": "POST"}, status=405)
    if len(request.body) > min(MOST, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or MOST):
        return JsonResponse({"error": "too large"}, status=413)
    if len(request.body) < int(request.headers.get("Content-Length") or 0):
        # The connection was cut in the middle: the phone still has it, and sends it again.
        return JsonResponse({"error": "cut off"}, status=400)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    device = receiving.device_of(token) if token else None
    taken = receiving.take_envelope(request.body, device.member if device else None)
    return JsonResponse(taken.receipt, status=201 if taken.new else 200)


@public("hands in the file that a phone saved as a last resort")
def by_file(request: HttpRequest) -> HttpResponse:
    """Files of sealed reports: each is taken in as if the phone had sent it."""
    results = []
    if request.method == "POST":
        for file in request.FILES.getlist("files"):
            results += [(file.name, *each) for each in _lines(file.read())]
    return render(request, "crew/by_file.html", {"results": results})


def _lines(content: bytes) -> list[tuple[str, bool]]:
    """Each line of a file is one sealed report: its receipt, and whether it is new."""
    taken = [receiving.take_envelope(line, None, "file") for line in content.splitlines() if line]
    return [(each.receipt["text"], each.new) for each in taken]
