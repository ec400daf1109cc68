from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "harborlight.web.records"
    label = "records"

    def ready(self) -> None:
        from harborlight.web.cases import links
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.records import at_case, retaining, scrubbing

        menu.add(menu.Place("records", _("Expungement"), "records:requests", "expungement", "list"))
        menu.add(menu.Place("holds", _("Legal holds"), "records:holds", "legal_hold", "list"))
        menu.add(menu.Place("retention", _("Retention"), "records:retention", "retention", "list"))
        links.add("records", at_case.links)
        waiting.add_waiting("records", at_case.waiting)
        jobs.add("records.propose", timedelta(hours=6), retaining.propose)
        jobs.add("records.scrub", timedelta(hours=1), scrubbing.scrub)
