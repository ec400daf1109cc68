"""Pages of who is trained: one's courses, a course page by page, checks, certificates."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from harborlight.courses.course import Question, Scenario
from harborlight.web.accounts.access import StaffRequest, page, public
from harborlight.web.intake.limits import Limit
from harborlight.web.training import catalog, certificates, checks, due, people, taking
from harborlight.web.training.answers import REPORT
from harborlight.web.training.catalog import in_language
from harborlight.web.training.forms import (
    CertificateForm,
    QuestionForm,
    ScenarioForm,
    WorkForm,
)
from harborlight.web.training.markdown import html
from harborlight.web.training.models import Answer, Certificate, Check, Taking
from harborlight.web.training.steps import Step

#: Codes that anybody may ask about from one address, in ten minutes.
ASKING = Limit(20, 600)


@page("training", "see")
def mine(request: StaffRequest) -> HttpResponse:
    """One's courses with where they stand, checks that are due, and certificates."""
    person = people.find(request.member)
    context: dict[str, Any] = {"here": "training", "person": person, "form": WorkForm()}
    if person is not None:
        context |= {
            "courses": [
                (course, in_language(course.title), standing)
                for course, standing in due.of_person(person)
            ],
            "checks": [
                (each, in_language(each.taking.edition.title)) for each in checks.due(person)
            ],
            "certificates": [
                (each, in_language(each.taking.edition.title))
                for each in person.certificates.select_related("taking__edition")[:50]
            ],
        }
    return render(request, "training/mine.html", context)


@page("training", "join")
def join(request: StaffRequest) -> HttpResponse:
    """Say where one works: needed once, of who is on no list."""
    form = WorkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.person_of(request.member, form.cleaned_data["work"])
        return redirect("training:mine")
    return render(request, "training/mine.html", {"here": "training", "person": None, "form": form})


@page("training", "begin")
def begin(request: StaffRequest, code: str) -> HttpResponse:
    """Begin a course, or go on with it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    course = catalog.courses().get(code)
    person = people.find(request.member)
    if course is None:
        raise Http404
    if person is None:
        return redirect("training:mine")
    begun = taking.begin(person, course, (get_language() or "en")[:2])
    return redirect("training:take", pk=begun.pk)


@page("training", "take", of=Taking)
def take(request: StaffRequest, begun: Taking) -> HttpResponse:
    """The page at which a course stands. `?back=3` shows a page that is done again."""
    if request.method == "POST":
        begun = taking.locked(begun)
    if begun.finished_at is not None:
        return _result(request, begun)
    listed = taking.pages(begun)
    place = begun.place
    if request.method == "POST":
        if request.POST.get("place") != str(place):
            return redirect("training:take", pk=begun.pk)  # sent twice, or from an old page
        step = listed[place]
        if request.POST.get("go") == "on":
            taking.go_on(begun, place)
            return redirect("training:take", pk=begun.pk)
        form = _form(step, begun.language, request.POST)
        if form is not None and form.is_valid():
            told = form.cleaned_data
            taking.answer(begun, step, told["choice"], told.get("confidence"))
            return redirect("training:take", pk=begun.pk)
        return _page(request, begun, listed, place, form, 422)
    back = request.GET.get("back", "")
    if back.isdecimal() and int(back) < place:
        return _page(request, begun, listed, int(back), None)
    return _page(request, begun, listed, place, _form(listed[place], begun.language))


def _form(step: Step, language: str, data: Any = None) -> django_forms.Form | None:
    if isinstance(step.item, Scenario):
        return ScenarioForm(data)
    if isinstance(step.item, Question):
        return QuestionForm([in_language(each, language) for each in step.item.options], data)
    return None


def _page(
    request: StaffRequest,
    begun: Taking,
    listed: list[Step],
    place: int,
    form: django_forms.Form | None,
    status: int = 200,
) -> HttpResponse:
    step = listed[place]
    item = step.item
    course = catalog.course_of(begun.edition)
    given = None if step.kind == "lesson" else taking.answered(begun, step.code)
    language = begun.language
    context: dict[str, Any] = {
        "here": "training",
        "taking": begun,
        "language": language,
        "course": in_language(course.title, language),
        "step": step,
        "place": place,
        "number": place + 1,
        "of": len(listed),
        "now": place == begun.place,
        "back": place - 1 if place else None,
        "form": form,
    }
    if step.kind == "lesson":
        context["title"] = in_language(item.title, language)  # type: ignore[union-attr]
        context["body"] = html(in_language(item.body, language))  # type: ignore[union-attr]
    else:
        context["text"] = html(in_language(item.text, language))  # type: ignore[union-attr]
        if given is not None:
            context |= feedback(given, item, language)
            context["sources"] = [course.source(code) for code in item.sources]
    return render(request, "training/step.html", context, status=status)


def feedback(given: Answer, item: Any, language: str) -> dict[str, Any]:
    """What somebody is told of their answer."""
    if isinstance(item, Scenario):
        said = _("Report it") if given.choice == REPORT else _("There is no reason to report")
        right = _("Report it") if item.concern else _("There is no reason to report")
    else:
        said = in_language(item.options[int(given.choice)], language)
        right = in_language(item.options[item.right], language)
    return {
        "given": given,
        "said": said,
        "right": right,
        "why": html(in_language(item.why, language)),
    }


def _result(request: StaffRequest, done: Taking) -> HttpResponse:
    course = catalog.course_of(done.edition)
    context: dict[str, Any] = {
        "here": "training",
        "taking": done,
        "course": in_language(course.title, done.language),
        "certificate": getattr(done, "certificate", None),
        "needed": round(course.pass_at * 100),
        "code": course.code,
    }
    if done.answers.exists():
        context["marks"], _told = taking.score(done)
    return render(request, "training/result.html", context)


@page("training", "check", of=Check)
def check(request: StaffRequest, check: Check) -> HttpResponse:
    """A check, one question a page. `?seen=code` shows what came of an answer."""
    language = check.taking.language
    seen = request.GET.get("seen", "")
    context: dict[str, Any] = {
        "here": "training",
        "check": check,
        "language": language,
        "title": in_language(check.taking.edition.title),
        "of": len(checks.questions(check)),
        "number": check.answers.count(),
    }
    given = check.answers.filter(item=seen).first() if seen else None
    if given is not None:
        item = next(each for each in checks.questions(check) if each.code == seen)
        context |= feedback(given, item, language)
        context["text"] = html(in_language(item.text, language))
        return render(request, "training/check.html", context)
    question = checks.next_question(check)
    if check.done_at is not None or question is None:
        return render(request, "training/check.html", context)
    form = QuestionForm(
        [in_language(each, language) for each in question.options], request.POST or None
    )
    if request.method == "POST" and request.POST.get("item") != question.code:
        return redirect("training:check", pk=check.pk)
    if request.method == "POST" and form.is_valid():
        checks.answer(check, question, form.cleaned_data["choice"])
        return redirect(f"{reverse('training:check', args=[check.pk])}?seen={question.code}")
    context |= {
        "form": form,
        "item": question.code,
        "text": html(in_language(question.text, language)),
        "number": context["number"] + 1,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "training/check.html", context, status=status)


@page("training", "certificate", of=Certificate)
def certificate(request: StaffRequest, certificate: Certificate) -> HttpResponse:
    """The paper."""
    address = request.build_absolute_uri(reverse("training:verify"))
    answer = HttpResponse(certificates.paper(certificate, address), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{certificate}.pdf"'
    return answer


@public("whether a certificate holds, by its code; it names nobody")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask about a code. What was typed is kept nowhere."""
    form = CertificateForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "training/verify.html", {"form": form}, status=status)
    if ASKING.reached(request):
        form.add_error(None, _("Too many codes from here. Please try again in ten minutes."))
        return render(request, "training/verify.html", {"form": form}, status=429)
    ASKING.count(request)
    told = certificates.verify(form.cleaned_data["code"], form.cleaned_data["name"])
    return render(request, "training/verify.html", {"form": form, "told": told})
