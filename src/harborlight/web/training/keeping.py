"""How long what somebody learned is kept: three years at least, and no row is deleted before.

No period for training about trafficking was found in the law; three years is the longest of those
for other training records of carriers. The database refuses too: see the triggers of this app.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.audit.acts import Refused
from harborlight.web.audit.models import Recorded

YEARS = 3


def keep_until(day: date) -> date:
    """The day before which a row may not be deleted, counted from the day that it speaks of."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # 29 February
        return date(day.year + YEARS, 3, 1)


class Kept(Recorded):
    """A row that is not deleted before its day."""

    keep_until = models.DateField()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        if self.keep_until > timezone.localdate():
            day = self.keep_until.isoformat()
            raise Refused(
                _("Records of training are kept until %(day)s.") % {"day": day}, record=self
            )
        return super().delete(*args, **options)
