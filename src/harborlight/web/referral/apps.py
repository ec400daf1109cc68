from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralConfig(AppConfig):
    name = "harborlight.web.referral"
    label = "referral"

    def ready(self) -> None:
        from harborlight.web.cases import timeline
        from harborlight.web.directory import capacity
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.referral import at_case, at_desk, holds

        capacity.count_free_with(holds.free_places)
        jobs.add("referral.expire_holds", timedelta(minutes=1), holds.expire)
        waiting.add_waiting("referral", at_desk.waiting)
        menu.add(menu.Place("match", _("Match a need"), "referral:find", "referral", "match"))
        menu.add(menu.Place("referrals", _("Referrals"), "referral:list", "referral", "list"))
        timeline.add_source("referral", at_case.moments)
