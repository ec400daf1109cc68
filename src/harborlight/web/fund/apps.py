from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "harborlight.web.fund"
    label = "fund"
