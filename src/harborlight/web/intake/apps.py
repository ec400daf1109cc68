from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "harborlight.web.intake"
    label = "intake"

    def ready(self) -> None:
        from harborlight.web.accounts import assigned
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.intake import at_desk, clock, triage

        menu.add(menu.Place("reports", _("Reports"), "intake:queue", "report", "list"))
        waiting.add_waiting("reports", at_desk.waiting)
        waiting.add_search("reports", at_desk.search)
        assigned.add(
            assigned.Assigned("reports", _("Reports"), triage.assigned_to, triage.reassign)
        )
        jobs.add("intake.escalate", timedelta(minutes=5), clock.escalate)
        jobs.add("intake.erase", timedelta(hours=1), clock.erase_ended)
