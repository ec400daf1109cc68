from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "harborlight.web.exchange"
    label = "exchange"

    def ready(self) -> None:
        from harborlight.web.cases import links, timeline
        from harborlight.web.exchange import at_case
        from harborlight.web.frame import menu

        menu.add(menu.Place("exchange", _("Exchange"), "exchange:arrivals", "exchange", "list"))
        links.add("exchange", at_case.links)
        timeline.add_source("exchange", at_case.moments)
