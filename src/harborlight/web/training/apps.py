from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "harborlight.web.training"
    label = "training"
