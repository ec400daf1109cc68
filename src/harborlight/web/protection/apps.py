from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "harborlight.web.protection"
    label = "protection"

    def ready(self) -> None:
        from harborlight.web.cases import guards, moving, timeline
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.protection import (
            at_case,
            consenting,
            deciding,
            desk,
            offering,
            referring,
        )

        guards.add("safe harbor", deciding.guard)
        consenting.when_withdrawn("offers", offering.end)
        moving.when_done("protection", referring.go_with)
        timeline.add_source("protection", at_case.moments)
        menu.add(menu.Place("people", _("People"), "protection:people", "person", "list"))
        menu.add(menu.Place("intake", _("New intake"), "protection:take_in", "person", "take_in"))
        menu.add(menu.Place("clocks", _("Deadlines"), "protection:clocks", "protection", "list"))
        waiting.add_waiting("protection", desk.waiting)
        waiting.add_search("protection", desk.search)
        jobs.add("protection.watch", timedelta(minutes=1), referring.watch)
