from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "harborlight.web.cases"
    label = "cases"

    def ready(self) -> None:
        from harborlight.web.accounts import assigned
        from harborlight.web.cases import happened, links, rooms, tasks, timeline, waits
        from harborlight.web.frame import menu, waiting

        menu.add(menu.Place("cases", _("Cases"), "cases:list", "case", "list"))
        menu.add(menu.Place("tasks", _("Tasks"), "cases:tasks", "task", "list"))
        menu.add(menu.Place("transfers", _("Transfers"), "cases:transfers", "transfer", "list"))
        waiting.add_waiting("cases", waits.waiting)
        waiting.add_waiting("tasks", tasks.waiting)
        waiting.add_search("cases", waits.search)
        links.add("cases", rooms.links)
        timeline.add_source("cases", happened.moments)
        assigned.add(assigned.Assigned("cases", _("Cases"), waits.assigned_to, waits.reassign))
        assigned.add(assigned.Assigned("tasks", _("Tasks"), tasks.assigned_to, tasks.reassign))
