from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "harborlight.web.operations"
    label = "operations"

    def ready(self) -> None:
        from harborlight.web.accounts import assigned
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.operations import at_desk, looking

        menu.add(menu.Place("operations", _("Operations"), "operations:list", "operation", "list"))
        menu.add(
            menu.Place("interests", _("Deconfliction"), "operations:interests", "interest", "list")
        )
        waiting.add_waiting("operations", at_desk.waiting)
        waiting.add_search("operations", at_desk.search)
        assigned.add(
            assigned.Assigned(
                "operations", _("operations"), at_desk.count_assigned, at_desk.reassign
            )
        )
        jobs.add("operations.compare", timedelta(minutes=5), looking.compare)
