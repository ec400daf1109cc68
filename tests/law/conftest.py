"""Properties of the law are tested untimed: reading the law the first time takes a moment."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
