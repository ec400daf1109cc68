from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundConfig(AppConfig):
    name = "harborlight.web.fund"
    label = "fund"

    def ready(self) -> None:
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.fund import at_desk, orders

        menu.add(menu.Place("fund", _("Fund"), "fund:overview", "fund", "see"))
        waiting.add_waiting("fund", at_desk.waiting)
        jobs.add("fund.expire", timedelta(hours=6), orders.expire_due)
