"""The names of languages that services speak, by code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "en": _("English"),
    "es": _("Spanish"),
    "hmn": _("Hmong"),
    "so": _("Somali"),
    "am": _("Amharic"),
    "ar": _("Arabic"),
    "ase": _("American Sign Language"),
    "dak": _("Dakota"),
    "fr": _("French"),
    "kar": _("Karen"),
    "km": _("Khmer"),
    "ko": _("Korean"),
    "lo": _("Lao"),
    "oj": _("Ojibwe"),
    "om": _("Oromo"),
    "pt": _("Portuguese"),
    "ru": _("Russian"),
    "sw": _("Swahili"),
    "tl": _("Tagalog"),
    "uk": _("Ukrainian"),
    "ur": _("Urdu"),
    "vi": _("Vietnamese"),
    "zh": _("Chinese"),
}


def name_of(code: str) -> str:
    """The language's name, or the code where no name is held."""
    return str(NAMES.get(code, code))
