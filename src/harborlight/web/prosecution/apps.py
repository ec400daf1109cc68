from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProsecutionConfig(AppConfig):
    name = "harborlight.web.prosecution"
    label = "prosecution"

    def ready(self) -> None:
        from harborlight.web.cases import links, timeline
        from harborlight.web.frame import menu, waiting
        from harborlight.web.operations import counting
        from harborlight.web.prosecution import at_case, at_desk, charging, statutes

        post_migrate.connect(statutes.copy, sender=self, dispatch_uid="prosecution.statutes")
        menu.add(
            menu.Place("prosecution", _("Prosecution"), "prosecution:arrests", "arrest", "list")
        )
        waiting.add_waiting("prosecution", at_desk.waiting)
        links.add("prosecution", at_desk.links)
        counting.add("prosecution", charging.counted)
        timeline.add_source("prosecution", at_case.moments)
