from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "harborlight.web.exchange"
    label = "exchange"
