from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "harborlight.web.notices"
    label = "notices"
