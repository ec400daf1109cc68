from django.apps import AppConfig


class ProsecutionConfig(AppConfig):
    name = "harborlight.web.prosecution"
    label = "prosecution"
