from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "harborlight.web.vault"
    label = "vault"
