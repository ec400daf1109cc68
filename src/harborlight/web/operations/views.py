"""Pages of operations: the list, the plan, who takes part, start and end."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.accounts.models import Member
from harborlight.web.cases.models import Case
from harborlight.web.leads.models import Lead
from harborlight.web.operations import boarding, counting, forms, planning
from harborlight.web.operations.models import Operation, Participation, Source, Task

ON_PAGE = 50


def colleagues(member: Member) -> Any:
    """Who is at the member's agency now."""
    rows = Member.objects.filter(agency=member.agency_id, until__isnull=True)
    return rows.select_related("user", "agency")


@page("operation", "list")
def operations(request: StaffRequest) -> HttpResponse:
    """The operations that one sees, and those that ask one's agency to take part."""
    member = request.member
    rows = reachable(Operation, member, "operation", "list")
    shown = rows.select_related("agency").prefetch_related("towns")
    asked = Participation.objects.none()
    if may(member, "operation", "agree"):
        asked = Participation.objects.filter(agency=member.agency_id, agreed_at=None, ended_at=None)
    context = {
        "here": "operations",
        "operations": Paginator(shown, ON_PAGE).get_page(request.GET.get("page")),
        "asked": asked.select_related("operation__agency"),
        "may_plan": may(member, "operation", "plan"),
    }
    return render(request, "operations/operations.html", context)


@page("operation", "plan")
def new(request: StaffRequest) -> HttpResponse:
    """Plan an operation."""
    form = forms.PlanForm(request.POST or None)
    made: list[Operation] = []

    def do(values: dict[str, Any]) -> str:
        made.append(planning.plan(request.member, **values))
        return _("Planned. Ask now who helps those who are found.")

    return ask(request, form, _("An operation"), do, back=reverse("operations:list"))


@page("operation", "open", of=Operation)
def operation(request: StaffRequest, operation: Operation) -> HttpResponse:
    """All of an operation: who takes part, where, in which teams, and what is to be done."""
    member = request.member
    tasks = list(operation.tasks.select_related("who__user", "done_by__user"))
    leads = planning.goes_on(operation) and member.agency_id == operation.agency_id
    debrief = operation.debrief if operation.status == "debriefed" else None
    context = {
        "here": "operations",
        "operation": operation,
        "told": operation.take("objective", "safety"),
        "participations": operation.participations.select_related("agency", "agreed_by__user"),
        "people": planning.assigned_people(operation),
        "towns": operation.towns.all(),
        "teams": operation.teams.select_related("town", "specialist__user").prefetch_related(
            "members__member__user"
        ),
        "tasks": [(each, each.take("what")["what"]) for each in tasks],
        "sources": _seen(operation, member),
        "counts": boarding.counts(operation),
        "debrief": debrief,
        "counted": [] if operation.started_at is None else counting.counted(operation),
        "lessons": debrief.take("lessons")["lessons"] if debrief else "",
        "lacks": planning.lacks(operation) if operation.status == "planned" else [],
        "may_change": leads and may(member, "operation", "change"),
        "may_start": leads and may(member, "operation", "start"),
        "may_debrief": member.agency_id == operation.agency_id
        and operation.status == "ended"
        and may(member, "operation", "debrief"),
        "may_assign": planning.goes_on(operation) and may(member, "operation", "assign"),
        "may_link": planning.goes_on(operation) and may(member, "operation", "link"),
        "goes_on": planning.goes_on(operation),
    }
    return render(request, "operations/operation.html", context)


def _seen(operation: Operation, member: Member) -> list[Lead | Case]:
    """The leads and cases of it that this member may open; of others not even how many."""
    rows = Source.objects.filter(operation=operation)
    leads: list[Lead | Case] = []
    if may(member, "lead", "open"):
        leads += reachable(Lead, member, "lead", "open").filter(
            pk__in=rows.filter(lead__isnull=False).values("lead")
        )
    if may(member, "case", "open"):
        leads += reachable(Case, member, "case", "open").filter(
            pk__in=rows.filter(case__isnull=False).values("case")
        )
    return leads


@page("operation", "change", of=Operation)
def change(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Change the plan."""
    planning.check_lead(operation, request.member)
    initial = {
        "label": operation.label,
        "starts": operation.starts,
        "ends": operation.ends,
        **operation.take("objective", "safety"),
    }
    form = forms.PlanForm(request.POST or None, initial=initial)

    def do(values: dict[str, Any]) -> str:
        planning.change(operation, request.member, **values)
        return _("Kept.")

    return ask(request, form, _("Change the plan"), do, back=operation.get_absolute_url())


@page("operation", "change", of=Operation)
def ask_agency(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Ask an agency to take part."""
    planning.check_lead(operation, request.member)
    form = forms.AskForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        planning.ask(operation, values["agency"], values["part"], request.member)
        return _("Asked. The agency sees the operation once it agrees.")

    return ask(request, form, _("Ask an agency"), do, back=operation.get_absolute_url())


@page("operation", "agree", of=Participation)
def asked(request: StaffRequest, asked: Participation) -> HttpResponse:
    """What one's agency is asked, and the answer."""
    if request.method == "POST":
        form = forms.SureForm(request.POST)

        def do(_values: dict[str, Any]) -> str:
            planning.agree(asked, request.member)
            return _("Your agency takes part.")

        return ask(request, form, _("Take part"), do, back=asked.operation.get_absolute_url())
    context = {"here": "operations", "asked": asked, "operation": asked.operation}
    return render(request, "operations/asked.html", context)


@page("operation", "agree", of=Participation)
def leave(request: StaffRequest, asked: Participation) -> HttpResponse:
    """Decline, or leave."""
    form = forms.SureForm(request.POST if request.method == "POST" else None)

    def do(_values: dict[str, Any]) -> str:
        planning.leave(asked, request.member)
        return _("Your agency does not take part.")

    intro = _("Your agency then sees nothing more of this operation.")
    back = reverse("operations:list")
    return ask(request, form, _("Do not take part"), do, back=back, intro=intro)


@page("operation", "change", of=Operation)
def town(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Add a town."""
    planning.check_lead(operation, request.member)
    form = forms.TownForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        planning.add_town(operation, values["town"], request.member)
        return _("Kept.")

    return ask(request, form, _("Add a town"), do, back=operation.get_absolute_url())


@page("operation", "change", of=Operation)
def team(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Add a team."""
    planning.check_lead(operation, request.member)
    form = forms.TeamForm(
        request.POST or None,
        towns=operation.towns.all(),
        people=planning.assigned_people(operation),
        specialists=planning.specialists(operation),
    )

    def do(values: dict[str, Any]) -> str:
        planning.add_team(operation, member=request.member, **values)
        return _("Kept.")

    return ask(request, form, _("Add a team"), do, back=operation.get_absolute_url())


@page("operation", "assign", of=Operation)
def people(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Who of one's own agency is assigned."""
    mine = colleagues(request.member)
    now = set(planning.assigned_people(operation).values_list("pk", flat=True))
    form = forms.PeopleForm(
        request.POST if request.method == "POST" else None,
        colleagues=mine,
        initial={"people": [each.pk for each in mine if each.pk in now]},
    )

    def do(values: dict[str, Any]) -> str:
        chosen = {each.pk: each for each in values["people"]}
        for each in mine:
            if each.pk in chosen and each.pk not in now:
                planning.assign(operation, each, request.member)
            elif each.pk in now and each.pk not in chosen:
                planning.unassign(operation, each, request.member)
        return _("Kept.")

    return ask(request, form, _("Who is assigned"), do, back=operation.get_absolute_url())


@page("operation", "task", of=Operation)
def task(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Say what is to be done."""
    form = forms.TaskForm(request.POST or None, people=planning.assigned_people(operation))

    def do(values: dict[str, Any]) -> str:
        planning.add_task(operation, **values)
        return _("Kept.")

    return ask(request, form, _("A task"), do, back=operation.get_absolute_url())


@page("operation", "task", of=Task)
def task_done(request: StaffRequest, task: Task) -> HttpResponse:
    """Say that it is done."""
    form = forms.SureForm(request.POST if request.method == "POST" else None)

    def do(_values: dict[str, Any]) -> str:
        planning.finish(task, request.member)
        return _("Done.")

    back = task.operation.get_absolute_url()
    what = task.take("what")["what"]
    return ask(request, form, _("A task is done"), do, back=back, intro=what)


@page("operation", "link", of=Operation)
def link(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Link a lead or a case of one's own agency."""
    member = request.member
    leads = reachable(Lead, member, "lead", "open").filter(agency=member.agency_id)
    cases = reachable(Case, member, "case", "open").filter(agency=member.agency_id)
    form = forms.LinkForm(request.POST or None, leads=leads, cases=cases)

    def do(values: dict[str, Any]) -> str:
        planning.link(operation, values["record"], member)
        return _("Linked. Others see it only if they may open it.")

    return ask(request, form, _("Link a lead or a case"), do, back=operation.get_absolute_url())


@page("operation", "start", of=Operation)
def start(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Start it: never without a victim specialist and a safety plan."""
    form = forms.SureForm(request.POST if request.method == "POST" else None)

    def do(_values: dict[str, Any]) -> str:
        planning.start(operation, request.member)
        return _("It runs.")

    return ask(request, form, _("Start"), do, back=operation.get_absolute_url())


@page("operation", "start", of=Operation)
def end(request: StaffRequest, operation: Operation) -> HttpResponse:
    """End it."""
    form = forms.SureForm(request.POST if request.method == "POST" else None)

    def do(_values: dict[str, Any]) -> str:
        planning.end(operation, request.member)
        return _("It has ended. The debrief comes next.")

    return ask(request, form, _("End"), do, back=operation.get_absolute_url())
