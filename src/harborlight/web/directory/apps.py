from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "harborlight.web.directory"
    label = "directory"

    def ready(self) -> None:
        from harborlight.web.directory import at_desk
        from harborlight.web.frame import menu, waiting

        menu.add(menu.Place("services", _("Services"), "directory:look", "directory", "look"))
        menu.add(menu.Place("own", _("Our services"), "directory:mine", "directory", "keep"))
        waiting.add_waiting("directory", at_desk.waiting)
        waiting.add_search("directory", at_desk.search)
