"""The kinds of agencies and the roles of the people in them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgencyKind(TextChoices):
    """What an agency is."""

    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement")
    CHILD_PROTECTION = "child_protection", _("Child protection")
    NAVIGATOR = "navigator", _("Regional navigator")
    PROVIDER = "provider", _("Service provider")
    AIRLINE = "airline", _("Airline")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    FINANCE = "finance", _("Finance")
    HEALTH = "health", _("Health department")
    FIGURES = "figures", _("Public figures")
    SITE = "site", _("Running the site")


class Role(TextChoices):
    """What somebody does at an agency."""

    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    TRIAGE = "triage", _("Triage officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    ANALYST = "analyst", _("Analyst")
    INVESTIGATOR = "investigator", _("Investigator")
    CASEWORKER = "caseworker", _("Child-protection worker")
    NAVIGATOR = "navigator", _("Safe Harbor navigator")
    PROVIDER = "provider", _("Service provider's worker")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    CLERK = "clerk", _("Clerk")
    GRANTS = "grants", _("Grant manager")
    TRAINER = "trainer", _("Airline trainer")
    OPERATIONS = "operations", _("Airline operations")
    CREW = "crew", _("Crew member")
    HEALTH = "health", _("Safe Harbor director")
    STATISTICIAN = "statistician", _("Statistician")


#: Which roles an agency of a kind may give. Every agency may have an administrator of its own
#: people.
ROLES_OF: dict[AgencyKind, frozenset[Role]] = {
    AgencyKind.LAW_ENFORCEMENT: frozenset(
        {Role.TRIAGE, Role.SUPERVISOR, Role.ANALYST, Role.INVESTIGATOR}
    ),
    AgencyKind.CHILD_PROTECTION: frozenset({Role.TRIAGE, Role.SUPERVISOR, Role.CASEWORKER}),
    AgencyKind.NAVIGATOR: frozenset({Role.TRIAGE, Role.SUPERVISOR, Role.NAVIGATOR}),
    AgencyKind.PROVIDER: frozenset({Role.PROVIDER}),
    AgencyKind.AIRLINE: frozenset({Role.TRAINER, Role.OPERATIONS, Role.CREW}),
    AgencyKind.PROSECUTOR: frozenset({Role.SUPERVISOR, Role.PROSECUTOR}),
    AgencyKind.FINANCE: frozenset({Role.CLERK, Role.GRANTS}),
    AgencyKind.HEALTH: frozenset({Role.HEALTH, Role.GRANTS}),
    AgencyKind.FIGURES: frozenset({Role.STATISTICIAN}),
    AgencyKind.SITE: frozenset({Role.AUDITOR}),
}


def roles_of(kind: str) -> frozenset[Role]:
    """The roles that an agency of this kind may give."""
    return ROLES_OF[AgencyKind(kind)] | {Role.ADMINISTRATOR}
