from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "harborlight.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals

        from harborlight.web.accounts import second_factor

        signals.authenticator_added.connect(second_factor.remember_set_up)
        signals.authenticator_removed.connect(second_factor.forget_when_none_is_left)
