from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "harborlight.web.training"
    label = "training"

    def ready(self) -> None:
        from harborlight.web.frame import jobs, menu, waiting
        from harborlight.web.training import at_desk, reminders

        menu.add(menu.Place("training", _("Training"), "training:mine", "training", "see"))
        menu.add(menu.Place("staff", _("Staff"), "training:staff", "staff", "list"))
        menu.add(menu.Place("scores", _("Scores"), "training:scores", "training", "scores"))
        waiting.add_waiting("training", at_desk.waiting)
        waiting.add_search("training", at_desk.search)
        jobs.add("training.remind", timedelta(hours=1), reminders.remind)
