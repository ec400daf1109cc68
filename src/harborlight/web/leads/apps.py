from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "harborlight.web.leads"
    label = "leads"
