from datetime import timedelta

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "harborlight.web.audit"
    label = "audit"

    def ready(self) -> None:
        from harborlight.web.audit.verify import anchor_now
        from harborlight.web.frame import jobs

        jobs.add("audit.anchor", timedelta(hours=6), anchor_now)
