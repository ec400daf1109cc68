from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "harborlight.web.desk"
    label = "desk"

    def ready(self) -> None:
        from harborlight.web.accounts.access import may
        from harborlight.web.frame import menu

        menu.check_with(may)
        menu.add(menu.Place("audit", _("Audit"), "desk:audit", "audit", "read"))
