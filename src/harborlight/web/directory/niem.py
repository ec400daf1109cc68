"""Code lists of NIEM's Human Services domain: categories of services, reasons for not providing."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The code is NIEM's; what people read is translated.
CATEGORIES: dict[str, str | Promise] = {
    "Safety Planning": _("Safety planning"),
    "Housing Services": _("Housing and shelter"),
    "Basic Necessities": _("Food, clothing and other basics"),
    "Medical and Dental Services": _("Medical and dental care"),
    "Mental Health Services": _("Mental health"),
    "Legal Services": _("Legal help"),
    "Case Management Services": _("Somebody to help along the way (case management)"),
    "Employment Services": _("Work"),
    "Educational Services": _("School and training"),
    "Language Services": _("Interpreters and language"),
    "Other Services": _("Other help"),
}
REASONS: dict[str, str | Promise] = {
    "Absence of Legal Authority": _("No legal authority"),
    "Feeling of no support and isolation": _("Felt without support and alone"),
    "Ineffective coordination with federal agencies": _("Coordination with federal agencies"),
    "Ineffective coordination with local agencies": _("Coordination with local agencies"),
    "Lack of adequate funding": _("Not enough funding"),
    "Lack of adequate resources": _("Not enough resources (no bed, no staff)"),
    "Lack of adequate training": _("Not enough training"),
    "Lack of formal rules and regulations": _("No rules for this"),
    "Lack of health insurance": _("No health insurance"),
    "Lack of in-house procedures": _("No procedure of our own for this"),
    "Lack of knowledge of free health care options": _("Free health care was not known"),
    "Lack of knowledge of victims rights": _("The person's rights were not known"),
    "Language concerns": _("Language"),
    "Safety concerns": _("Safety"),
    "Victims legal status": _("The person's legal status"),
}


@cache
def code_list(name: str) -> dict[str, str]:
    """A code list of NIEM: code to definition. KeyError when it is not among those kept."""
    text = (files("harborlight.web.directory") / "data" / "niem.json").read_text("utf-8")
    return {
        each["code"]: each["definition"] for each in json.loads(text)["codelists"][name]["codes"]
    }
