"""Telling members that something waits, by mail that could be read by anybody.

    tell(member, "report")         in the act that makes it wait
    tell_role(agency, Role.TRIAGE, "report")

A mail says that something of a kind waits, and names no person, place or number. It is an outbox
row first, in the same transaction as what it tells of, and sent by the worker: tried again until it
went out, so that none is lost when the mail server is down.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.web.accounts.models import Agency, Glass, Member
from harborlight.web.accounts.roles import Role
from harborlight.web.notices.models import Notice

log = logging.getLogger("harborlight.notices")
LONGEST = timedelta(hours=6)
SENT_KEPT = timedelta(days=30)
BATCH = 200

#: What may wait. The words are all that a mail says.
KINDS: dict[str, str | Promise] = {
    "report": gettext_lazy("A report waits for you."),
    "late_report": gettext_lazy("A report has waited too long."),
    "lead": gettext_lazy("A lead waits for you."),
    "case": gettext_lazy("Something of a case waits for you."),
    "clock": gettext_lazy("A deadline of the law comes near or has passed."),
    "glass": gettext_lazy("A record of your agency was opened in an emergency."),
    "training": gettext_lazy("A training is due."),
    "referral": gettext_lazy("A referral waits for you."),
    "operation": gettext_lazy("Something of an operation waits for you."),
    "deconfliction": gettext_lazy("A call to another agency waits for you."),
    "money": gettext_lazy("Something of the fund waits for you."),
    "account": gettext_lazy("Something of your account has changed."),
}


def tell(member: Member, kind: str) -> None:
    """Have a member told that something of this kind waits. KeyError for an unknown kind."""
    KINDS[kind]
    now = timezone.now()
    if member.until is not None and member.until <= now:
        return
    try:
        with transaction.atomic():
            Notice.objects.create(member=member, kind=kind, made_at=now, next_try=now)
    except IntegrityError:
        return  # one of the kind waits to be sent already


def tell_role(agency: Agency, role: str, kind: str) -> int:
    """Have all members in a role at an agency told. How many there are."""
    now = timezone.now()
    current = Q(until__isnull=True) | Q(until__gt=now)
    members = list(Member.objects.filter(current, agency=agency, role=role))
    for member in members:
        tell(member, kind)
    return len(members)


def tell_of_glass(broken: Glass) -> None:
    """Tell the supervisors of the agency whose record was opened in an emergency."""
    if broken.owner is not None:
        tell_role(broken.owner, Role.SUPERVISOR, "glass")


def send_due() -> int:
    """The job: send what is due. What fails is tried again later, each time a little later."""
    now = timezone.now()
    Notice.objects.filter(sent_at__lt=now - SENT_KEPT).delete()
    due = Notice.objects.filter(sent_at__isnull=True, next_try__lte=now)
    done = 0
    for notice in due.select_related("member__user").order_by("next_try")[:BATCH]:
        done += send(notice)
    return done


def send(notice: Notice) -> int:
    """Send one. 1 when it went out, else 0: it stays in the outbox."""
    try:
        mail(notice).send()
    except Exception as error:
        # A mail server can fail in any way; its message may name an address and is not logged.
        notice.tries += 1
        notice.next_try = timezone.now() + min(LONGEST, timedelta(minutes=2**notice.tries))
        notice.save(update_fields=["tries", "next_try"])
        log.warning("a notice could not be sent: %s", type(error).__name__)
        return 0
    notice.sent_at = timezone.now()
    notice.save(update_fields=["sent_at"])
    return 1


def mail(notice: Notice) -> EmailMessage:
    """The mail, in the language of the member."""
    user = notice.member.user
    with translation.override(user.language or settings.LANGUAGE_CODE):
        more = _("Log in to Harborlight to see it. For everybody's safety this mail says no more.")
        body = f"{KINDS[notice.kind]}\n\n{more}"
        return EmailMessage(_("Something waits in Harborlight"), body, to=[user.email])
