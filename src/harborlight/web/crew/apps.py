from django.apps import AppConfig


class CrewConfig(AppConfig):
    name = "harborlight.web.crew"
    label = "crew"
