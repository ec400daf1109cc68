from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "harborlight.web.cases"
    label = "cases"

    def ready(self) -> None:
        from harborlight.web.cases import waits
        from harborlight.web.frame import menu, waiting

        menu.add(menu.Place("cases", _("Cases"), "cases:list", "case", "list"))
        waiting.add_waiting("cases", waits.waiting)
        waiting.add_search("cases", waits.search)
