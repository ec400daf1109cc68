from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrewConfig(AppConfig):
    name = "harborlight.web.crew"
    label = "crew"

    def ready(self) -> None:
        from harborlight.web.crew import desk, staff
        from harborlight.web.frame import jobs, menu, waiting

        menu.add(menu.Place("crew", _("Report"), "crew:form", "crew_report", "write"))
        menu.add(menu.Place("crew_mine", _("My reports"), "crew:mine", "crew_report", "mine"))
        menu.add(menu.Place("crew_queue", _("Crew reports"), "crew:queue", "crew_report", "list"))
        menu.add(menu.Place("lessons", _("Lessons"), "crew:lessons", "crew_report", "lessons"))
        menu.add(menu.Place("yearly", _("Yearly report"), "crew:yearly", "yearly", "see"))
        waiting.add_waiting("crew", desk.waiting)
        waiting.add_search("crew", desk.search)
        jobs.add("crew.escalate", timedelta(minutes=1), staff.escalate)
