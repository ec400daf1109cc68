"""The pages of tasks."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, page
from harborlight.web.accounts.asking import ask
from harborlight.web.cases import tasks, work_forms
from harborlight.web.cases.models import Case
from harborlight.web.cases.work import Task

ON_PAGE = 25


@page("task", "list")
def listed(request: StaffRequest) -> HttpResponse:
    """The member's own open tasks, or all of the cases that they reach: what is late first."""
    everybodys = request.GET.get("whose") == "all"
    rows = tasks.open_tasks(request.member)
    if not everybodys:
        rows = rows.filter(assigned=request.member)
    shown = Paginator(rows, ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "tasks",
        "all": everybodys,
        "shown": shown,
        "rows": [(each, each.take("what")["what"], tasks.is_late(each)) for each in shown],
    }
    return render(request, "cases/tasks.html", context)


@page("task", "add", of=Case)
def add(request: StaffRequest, case: Case) -> HttpResponse:
    """A new task of a case."""
    form = work_forms.TaskForm(request.POST or None, agency_id=case.agency_id)

    def do(told: dict[str, Any]) -> str:
        tasks.add(case, told["what"], request.member, told["assigned"], told["due"])
        return _("The task is kept.")

    return ask(request, form, _("A task"), do, back=case.get_absolute_url())


@page("task", "change", of=Task)
def change(request: StaffRequest, task: Task) -> HttpResponse:
    """Give a task to somebody else, or another day."""
    form = work_forms.TaskChangeForm(
        request.POST or None,
        agency_id=task.case.agency_id,
        initial={"assigned": task.assigned, "due": task.due_on},
    )

    def do(told: dict[str, Any]) -> str:
        tasks.change(task, told["assigned"], told["due"], request.member)
        return _("Kept.")

    return ask(request, form, _("Change the task"), do, back=reverse("cases:tasks"))


@page("task", "end", of=Task)
def end(request: StaffRequest, task: Task) -> HttpResponse:
    """Say that a task is done or not needed."""
    form = work_forms.TaskEndForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        tasks.end(task, request.member, told["state"], told["how"])
        return _("Kept.")

    what = task.take("what")["what"]
    return ask(request, form, _("End the task"), do, back=reverse("cases:tasks"), intro=what)
