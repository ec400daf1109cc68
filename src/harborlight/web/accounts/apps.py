from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "harborlight.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa import signals
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from harborlight.web.accounts import at_desk, factor_keys, second_factor
        from harborlight.web.frame import menu, waiting
        from harborlight.web.vault import rewrap

        signals.authenticator_added.connect(second_factor.remember_set_up)
        signals.authenticator_added.connect(at_desk.note_factor_added)
        signals.authenticator_removed.connect(second_factor.forget_when_none_is_left)
        signals.authenticator_removed.connect(at_desk.note_factor_removed)
        user_logged_in.connect(at_desk.note_login)
        user_logged_out.connect(at_desk.note_logout)
        for place in at_desk.PLACES:
            menu.add(place)
        rewrap.also("second factors", factor_keys.wrap_anew)
        waiting.add_waiting("accounts", at_desk.waiting)
        waiting.add_search("accounts", at_desk.search)
