"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Who acts, whether this is the demo, and the places of the menu."""
    from harborlight.web.frame.menu import places_for

    member = getattr(request, "member", None)
    return {
        "member": member,
        "members": getattr(request, "members", []),
        "demo": settings.DEMO,
        "menu": places_for(member) if member is not None else [],
        "quick_exit_to": settings.QUICK_EXIT_TO,
    }
