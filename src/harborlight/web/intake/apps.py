from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "harborlight.web.intake"
    label = "intake"
