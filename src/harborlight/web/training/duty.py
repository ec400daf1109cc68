"""What the law asks of a carrier for the staff of a course, as the law's files have it."""

from __future__ import annotations

from datetime import date

from harborlight.law import Explanation, ask
from harborlight.web.training.models import Work

#: Where somebody works, as the law's rule names roles.
ROLES = {Work.CABIN: "flight attendant", Work.GROUND: "gate agent"}


def duty(work: str, day: date) -> Explanation:
    """Whether they must be trained on that day, with the steps and the citations."""
    return ask("air-training-required", day, {"role": ROLES[Work(work)]})
