from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "harborlight.web.protection"
    label = "protection"
