"""The tables of the ledger.

An entry has two or more postings that sum to zero, and a seal. Entries, postings and seals are only
ever added: triggers (`triggers.py`) refuse the rest, on both databases. Balances are kept by the
same triggers, so that nobody has to add up a million rows to know one.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an account is. The words are those of Beancount."""

    ASSETS = "Assets", _("Assets")
    LIABILITIES = "Liabilities", _("Liabilities")
    EQUITY = "Equity", _("Equity")
    INCOME = "Income", _("Income")
    EXPENSES = "Expenses", _("Expenses")


class Source(models.TextChoices):
    """What a posting comes from."""

    ORDER = "order", _("Obligation of an order")
    PAYMENT = "payment", _("Payment")
    SPLIT = "split", _("Split rule")
    GRANT = "grant", _("Grant")
    AGENCY = "agency", _("Agency")
    FORFEIT = "forfeit", _("Forfeiture")


class Account(models.Model):
    """An account of the ledger. Added by the chart of accounts (`chart.py`), never changed."""

    code = models.CharField(primary_key=True, max_length=80)
    """As Beancount writes it: `Assets:Receivable:Fine`."""
    kind = models.CharField(max_length=12, choices=Kind)
    held = models.BooleanField(default=False)
    """Whether a balance is kept for each source too: what one obligation still owes."""

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Seal(models.Model):
    """That an entry is whole. Adding it makes the database check the entry, and freezes it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)


class Entry(models.Model):
    """One entry of the journal. Its number is its place in the chain, from 1 on."""

    number = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField(db_index=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    """What was done: `payment.receive`. A code, never free text."""
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", editable=False
    )
    seal = models.OneToOneField(Seal, models.PROTECT, related_name="entry")
    """The foreign key is checked when the transaction ends: without a seal there is no entry."""

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


class Posting(models.Model):
    """One line of an entry: cents into an account (debit, more than zero) or out of it."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    cents = models.BigIntegerField()
    source = models.CharField(max_length=8, choices=Source)
    number = models.PositiveBigIntegerField()
    """The key of that order's obligation, payment, grant, agency or forfeiture."""
    rule = models.CharField(max_length=64, blank=True)
    """The rule of law by which the amount came about, as `harborlight law rules` names it."""
    law = models.CharField(max_length=200, blank=True)
    """The version of that law: what it cites, since when it holds, how far it was checked."""

    class Meta:
        ordering = ("entry", "line")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "line"], name="fund_line_once"),
            models.CheckConstraint(condition=~models.Q(cents=0), name="fund_no_empty_posting"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "number", "entry"], name="fund_of_source"),
        ]


class Closing(models.Model):
    """That the books are closed up to a day, that day included."""

    through = models.DateField(primary_key=True)
    at = models.DateTimeField()
    entry = models.PositiveBigIntegerField()
    """The last entry of the journal when it was closed."""


class Head(models.Model):
    """The last link of the chain. One row, locked while an entry is written or books are closed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")


class Balance(models.Model):
    """What went through an account in a month, by what was done and by which rule of law. Kept by
    trigger; `fund verify` adds it up anew. Few rows, however many entries there are."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    """`2026-11`."""
    what = models.CharField(max_length=40, default="")
    """The entry's: `payment.receive`."""
    rule = models.CharField(max_length=64, default="", blank=True)
    """The posting's: `minnesota-assessment-split`."""
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)
    """More than zero, too."""
    lines = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "month", "what", "rule"], name="fund_month_once"
            )
        ]


class Holding(models.Model):
    """What one source has in an account: what an obligation owes. Kept by trigger, too."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8)
    number = models.PositiveBigIntegerField()
    cents = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "number", "account"], name="fund_holding_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account", "cents"], name="fund_due")]


class Share(models.Model):
    """Where a posting to the safe-harbor account stands in its pool, in cents from the first one.

    What came in and what was promised each fill the pool from its beginning, without a gap; where
    the two overlap, the one paid for the other. Kept by trigger, too.
    """

    IN, OUT = "in", "out"

    id = models.BigAutoField(primary_key=True)
    entry = models.PositiveBigIntegerField()
    line = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=3)
    """`in` or `out`."""
    source = models.CharField(max_length=8)
    number = models.PositiveBigIntegerField()
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["side", "starts"], name="fund_share_start_once"),
            models.UniqueConstraint(fields=["side", "ends"], name="fund_share_end_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "number", "side"], name="fund_share_of"),
        ]
