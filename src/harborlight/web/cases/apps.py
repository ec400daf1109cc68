from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "harborlight.web.cases"
    label = "cases"
