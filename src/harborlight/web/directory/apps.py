from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "harborlight.web.directory"
    label = "directory"
