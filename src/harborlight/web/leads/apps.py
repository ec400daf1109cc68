from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "harborlight.web.leads"
    label = "leads"

    def ready(self) -> None:
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.leads import purging, waits

        menu.add(menu.Place("leads", _("Leads"), "leads:queue", "lead", "list"))
        waiting.add_waiting("leads", waits.waiting)
        waiting.add_search("leads", waits.search)
        jobs.add("leads.purge", timedelta(hours=1), purging.purge_due)
