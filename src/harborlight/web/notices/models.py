"""The outbox: that a member is to be told that something waits. Never what it says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harborlight.web.accounts.models import Member


class Notice(models.Model):
    """One mail to be sent. It names a kind of thing and a page, and nothing of a record."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=32)
    """A key of `telling.KINDS`."""
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sent_at", "next_try"], name="notices_to_send")]
        constraints: ClassVar = [
            # Nobody gets ten mails for ten reports: one of a kind waits at a time.
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=models.Q(sent_at__isnull=True),
                name="notices_one_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for member {self.member_id}"
