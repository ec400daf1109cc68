from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "harborlight.web.vault"
    label = "vault"

    def import_models(self) -> None:
        super().import_models()
        import harborlight.web.vault.files  # noqa: F401 - it has a model too
