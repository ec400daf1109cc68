"""Labels of a report: codes that may be read in the queue without opening it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Danger(TextChoices):
    """Whether somebody is in danger, as the reporter said or as triage found."""

    NOW = "now", _("Yes, right now")
    SOON = "soon", _("Maybe soon")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("I do not know")


class Age(TextChoices):
    """Whether a person under 18 may be concerned. Unknown is treated as yes."""

    MINOR = "minor", _("Yes, somebody under 18")
    ADULT = "adult", _("No, adults only")
    UNKNOWN = "unknown", _("I do not know")


class Category(TextChoices):
    """What a report is about."""

    SEX = "sex", _("Somebody made to sell sex, or sold")
    LABOR = "labor", _("Somebody made to work, or not paid")
    ONLINE = "online", _("An advertisement or a contact online")
    MISSING = "missing", _("A missing person")
    TRAVEL = "travel", _("Something seen on a journey")
    OTHER = "other", _("Something else, or I am not sure")


class Channel(TextChoices):
    """How a report came in."""

    FORM = "form", _("Form on this site")
    PHONE = "phone", _("Telephone")
    PAPER = "paper", _("Paper")
    PERSON = "person", _("In person")
    MAIL = "mail", _("E-mail or letter")


class Status(TextChoices):
    """Where a report stands."""

    NEW = "new", pgettext_lazy("report", "New")
    OPEN = "open", pgettext_lazy("report", "Being looked at")
    ASKED = "asked", pgettext_lazy("report", "Question to the reporter")
    ROUTED = "routed", pgettext_lazy("report", "Passed on")
    CLOSED = "closed", pgettext_lazy("report", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("report", "Withdrawn")


#: Statuses in which nothing more is to be done.
ENDED = (Status.CLOSED, Status.WITHDRAWN)


class Outcome(TextChoices):
    """How a report ended. Retention goes by it (`defaults.yaml`)."""

    ACTED = "acted", _("Something was done about it")
    NO_ACTION = "no_action", _("Nothing could be done")
    UNFOUNDED = "unfounded", _("There was nothing to it")
    DUPLICATE = "duplicate", _("Same as another report")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")


class Purpose(TextChoices):
    """For what an agency is told of a report."""

    SAFETY = "safety", _("Somebody's safety now")
    PROTECT = "protect", _("Protection of a child")
    INVESTIGATE = "investigate", _("Investigation")
    SERVICES = "services", _("Help and services")
    KNOW = "know", _("For information")


class Method(TextChoices):
    """How somebody was told."""

    SITE = "site", _("On this site")
    PHONE = "phone", _("By telephone")
    WEB = "web", _("By their form online")
    MAIL = "mail", _("By e-mail")
    PERSON = "person", _("In person")
    RADIO = "radio", _("By radio or crew message")
    REPORTER = "reporter", _("By the reporter")


class Outside(TextChoices):
    """Places outside of the site that may be told."""

    EMERGENCY = "911", _("911")
    HSI = "hsi", _("Homeland Security Investigations tip line")
    HOTLINE = "hotline", _("National Human Trafficking Hotline")
    DAY_ONE = "day_one", _("Day One (Minnesota)")
    POLICE = "police", _("Local police or sheriff")
    AIRPORT = "airport", _("Airport police")
    CAPTAIN = "captain", _("Captain of the flight")
    OPERATIONS = "operations", _("Airline operations")
    CHILD = "child", _("County child protection")
    OTHER = "other", _("Another place")


class Taken(TextChoices):
    """What an agency that was told says of it."""

    OPEN = "", _("Not said yet")
    TAKEN = "taken", _("We take it up")
    DONE = "done", _("We are done with it")
    NOT_OURS = "not_ours", _("Not for us")


class Kind(TextChoices):
    """What a message in a report's thread is."""

    ASKED = "asked", _("Question of staff")
    ANSWERED = "answered", _("From the reporter")
    VERSION = "version", _("Sent again with changes")
    WITHDREW = "withdrew", _("Withdrawn")
