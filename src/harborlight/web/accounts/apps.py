from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "harborlight.web.accounts"
    label = "accounts"
