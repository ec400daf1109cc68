from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "harborlight.web.referral"
    label = "referral"
