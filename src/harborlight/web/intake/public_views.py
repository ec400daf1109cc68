"""Pages of the public: the form, the receipt, coming back, and whom to call.

No page here sets a session, and none stores an address or a browser's name. After a form is sent
the answer is shown at once, without a redirect: a receipt must not stand in a URL or a cookie.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harborlight.web.accounts.access import public
from harborlight.web.audit.acts import when
from harborlight.web.intake import receipts, returning
from harborlight.web.intake.attachments import too_large
from harborlight.web.intake.contacts import contact, contacts
from harborlight.web.intake.forms import AddForm, ReceiptForm, ReportForm
from harborlight.web.intake.limits import SENDING, TRYING
from harborlight.web.intake.models import Report
from harborlight.web.intake.receipts import NoReceipt
from harborlight.web.intake.receiving import Received, receive

#: For how long the same form sent again, after a lost connection, shows its receipt again.
RESHOWN_FOR = timedelta(hours=1)

#: How the form is laid out: headings and the fields under them.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("seen", ("observed", "inferred", "category", "age")),
    ("where", ("where", "town", "county", "when", "day")),
    ("who", ("people", "vehicles", "contacts", "attached")),
    ("flight", ("airline", "flight", "flight_day", "seat", "route")),
    ("told", ("told",)),
    ("you", ("name", "reach", "safe_times", "language")),
)


@public("anybody can tell something here, without a log-in")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """The form. A POST stores it exactly once and shows the receipt."""
    if request.method != "POST":
        language = (get_language() or "en")[:2]
        return _form(request, ReportForm(initial={"language": language}), receipts.mint())
    form = ReportForm(request.POST, request.FILES)
    try:
        receipt = receipts.unsigned(request.POST.get("form", ""))
    except NoReceipt:
        form.full_clean()
        form.add_error(None, _("This form was open for very long. Please send it once more."))
        return _form(request, form, receipts.mint(), 400)
    if SENDING.reached(request):
        form.full_clean()
        form.add_error(None, _too_many())
        return _form(request, form, receipt, 429)
    if too_large(request):
        form.full_clean()
        form.add_error("attached", _("The files are larger than 25 MB together."))
    if not form.is_valid():
        return _form(request, form, receipt, 400)
    SENDING.count(request)
    done = receive(receipt, form.incoming())
    return render(
        request,
        "intake/receipt.html",
        {
            "receipt": receipts.shown(receipt) if _fresh(done) else "",
            "again": done.again,
            "danger": form.cleaned_data["danger"],
            "emergency": contact("emergency"),
        },
    )


def _fresh(done: Received) -> bool:
    """Whether to show the receipt: at once, and for an hour to who sends the same form again."""
    return not done.again or when() - done.report.stored < RESHOWN_FOR


@public("whom to call, with source and day")
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Numbers to call."""
    return render(request, "intake/contacts.html", {"contacts": contacts()})


@public("a reporter comes back with the receipt")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Enter the receipt, and see where the report stands."""
    if request.method != "POST":
        return render(request, "intake/back.html", {"form": ReceiptForm()})
    found = _found(request)
    return found if isinstance(found, HttpResponse) else _standing(request, *found)


@public("a reporter adds to their report, with the receipt")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest) -> HttpResponse:
    """Answer a question, or add something."""
    if request.method != "POST":
        return redirect("intake:back")
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    report, receipt = found
    form = AddForm(request.POST, request.FILES)
    carried = request.POST.get("form", "")
    if too_large(request):
        form.full_clean()
        form.add_error("attached", _("The files are larger than 25 MB together."))
    if not form.is_valid():
        return _standing(request, report, receipt, form=form, status=400)
    if not returning.ticket_is_ours(carried):
        form.add_error(None, _("This form was open for very long. Please send it once more."))
        return _standing(request, report, receipt, form=form, status=400)
    if SENDING.reached(request):
        form.add_error(None, _too_many())
        return _standing(request, report, receipt, form=form, status=429)
    if returning.standing(report).ended:
        return _standing(request, report, receipt)
    SENDING.count(request)
    returning.add(report, form.cleaned_data["text"], carried, form.cleaned_data["attached"])
    report.refresh_from_db()
    return _standing(request, report, receipt, done=_("Thank you. What you wrote was added."))


@public("a reporter withdraws their report, with the receipt")
@sensitive_post_parameters()
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the report; the page before says what that does."""
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    report, receipt = found
    if request.POST.get("sure") != "yes":
        return _standing(request, report, receipt, unsure=True, status=400)
    returning.withdraw(report)
    report.refresh_from_db()
    return _standing(request, report, receipt, done=_("Your report is withdrawn."))


def _form(request: HttpRequest, form: ReportForm, receipt: str, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "sections": [(name, [form[field] for field in fields]) for name, fields in SECTIONS],
        "carried": receipts.signed(receipt),
        "emergency": contact("emergency"),
        "hotline": contact("hotline"),
    }
    return render(request, "intake/form.html", context, status=status)


def _found(request: HttpRequest) -> tuple[Report, str] | HttpResponse:
    """The report of the receipt that was sent, or the page that says that there is none."""
    form = ReceiptForm(request.POST)
    if TRYING.reached(request):
        form.full_clean()
        form.add_error(None, _too_many())
        return render(request, "intake/back.html", {"form": form}, status=429)
    if form.is_valid():
        receipt: str = form.cleaned_data["receipt"]
        report = returning.find(receipt)
        if report is not None:
            return report, receipt
        form.add_error("receipt", _("There is no report with this receipt."))
    TRYING.count(request)
    return render(request, "intake/back.html", {"form": form}, status=400)


def _standing(
    request: HttpRequest,
    report: Report,
    receipt: str,
    *,
    form: AddForm | None = None,
    done: str = "",
    unsure: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "standing": returning.standing(report),
        "receipt": receipt,
        "form": form or AddForm(),
        "carried": returning.ticket(),
        "done": done,
        "unsure": unsure,
        "emergency": contact("emergency"),
    }
    return render(request, "intake/standing.html", context, status=status)


def _too_many() -> str:
    return _(
        "Too much was sent from here in the last minutes. Please wait ten minutes and send it "
        "again. In danger, call 911."
    )
