from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "harborlight.web.figures"
    label = "figures"
