"""How the page of permissions calls the scopes."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.permissions import Scope

register = template.Library()
NAMES: dict[str, str | Promise] = {
    Scope.ALL: _("all"),
    Scope.AGENCY: _("agency"),
    Scope.ASSIGNED: _("assigned"),
    Scope.SELF: _("self"),
}


@register.filter
def scope_name(scope: str) -> str | Promise:
    """The name of a scope in the reader's language."""
    return NAMES[scope]
