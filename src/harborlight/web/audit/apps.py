from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "harborlight.web.audit"
    label = "audit"
