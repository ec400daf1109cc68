from datetime import timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "harborlight.web.notices"
    label = "notices"

    def ready(self) -> None:
        from harborlight.web.accounts import glass
        from harborlight.web.frame import jobs
        from harborlight.web.notices.telling import send_due, tell_of_glass

        jobs.add("notices.send", timedelta(seconds=20), send_due)
        glass.tell_with(tell_of_glass)
