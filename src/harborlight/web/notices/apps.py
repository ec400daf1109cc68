from datetime import timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "harborlight.web.notices"
    label = "notices"

    def ready(self) -> None:
        from harborlight.web.frame import jobs
        from harborlight.web.notices.telling import send_due

        jobs.add("notices.send", timedelta(seconds=20), send_due)
