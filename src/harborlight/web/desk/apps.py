from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "harborlight.web.desk"
    label = "desk"

    def ready(self) -> None:
        from harborlight.web.accounts.access import may
        from harborlight.web.frame import menu

        menu.check_with(may)
