from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "harborlight.web.frame"
    label = "frame"
