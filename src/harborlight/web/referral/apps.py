from datetime import timedelta

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "harborlight.web.referral"
    label = "referral"

    def ready(self) -> None:
        from harborlight.web.directory import capacity
        from harborlight.web.frame import jobs
        from harborlight.web.referral import holds

        capacity.count_free_with(holds.free_places)
        jobs.add("referral.expire_holds", timedelta(minutes=1), holds.expire)
