"""What forfeited property brings, shared out to the cent by the law's rule, with its version.

Who receives a share is asked of the law too. Where it does not know that, the share is kept apart
with the reason, and handed on to nobody; when the law's files know more, `settle` books it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.law import UNKNOWN, Explanation, ask
from harborlight.law.parameter import Law
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.fund import applying, chart
from harborlight.web.fund.forfeit_tables import Forfeiture, Property, Unshared
from harborlight.web.fund.from_sentence import order_of
from harborlight.web.fund.ledger import Line, held, lock, post, reverse
from harborlight.web.fund.models import Entry, Source
from harborlight.web.prosecution.models import Item, Jurisdiction, Sentence

RULE = "minnesota-forfeiture-split"
#: The account of each recipient of the third share, in the words of the law's files.
RECIPIENTS = {
    "the safe harbor for youth account": chart.SAFE_HARBOR,
    "Public Safety, for services to victims of trafficking": chart.PUBLIC_SAFETY,
    "the city, for crime prevention": chart.CRIME_PREVENTION,
}
F = Source.FORFEIT


def ordered(sentence: Sentence) -> int:
    """The cents that a sentence orders forfeited."""
    return sum(sentence.ordered.filter(item=Item.FORFEITURE).values_list("cents", flat=True))


def take_in(sentence: Sentence, values: Mapping[str, Any], member: Member) -> Forfeiture:
    """Take in what a forfeiture brought, within an act, and share it out as the law says.

    `values` are `receipt`, `kind`, `day`, and cents: `cents`, `liens`, `expenses`, `restitution`.
    Refused for a sentence that was not sent to this clerk or orders nothing forfeited, for a
    receipt that is there, and where the amounts cannot be: claims of more than it brought, more
    money than the court ordered forfeited, more restitution than the order still owes.
    """
    lock()
    if sentence.court_id != member.agency_id:
        raise Refused(_("This sentence was not sent to you."), record=sentence)
    most = ordered(sentence)
    if not most:
        raise Refused(_("This sentence orders nothing forfeited."), record=sentence)
    if sentence.jurisdiction != Jurisdiction.MINNESOTA:
        raise Refused(_("Forfeiture is shared out here by Minnesota’s law alone."), record=sentence)
    if not sentence.day <= values["day"] <= timezone.localdate():
        raise Refused(_("It comes in after the sentence, and not in the future."))
    if values["cents"] <= 0:
        raise Refused(_("An amount is more than nothing."))
    if values["liens"] + values["expenses"] + values["restitution"] > values["cents"]:
        raise Refused(_("Liens, expenses and restitution are more than it brought."))
    if Forfeiture.objects.filter(agency=member.agency, receipt=values["receipt"]).exists():
        raise Refused(_("A forfeiture of this receipt is there already."))
    if values["kind"] == Property.MONEY:
        money = Forfeiture.objects.filter(
            origin=str(sentence.pk), kind=Property.MONEY, undone=None
        ).aggregate(sum=Sum("cents"))
        if (money["sum"] or 0) + values["cents"] > most:
            raise Refused(_("That is more money than the court ordered forfeited."))
    made = Forfeiture(
        agency=member.agency,
        arresting=sentence.arrest.agency,
        prosecuting=sentence.agency,
        origin=str(sentence.pk),
        **values,
    )
    made.save()
    _book(made, "forfeiture.receive", made.day)
    return made


def settle(forfeiture: Forfeiture, day: date, law: Law | None = None) -> None:
    """Ask the law again about what is kept, within an act: the entry is reversed and made anew.

    Refused where the law knows no more than before. What was handed on stays with who got it: the
    same shares are reversed and made again.
    """
    lock()
    _check_stands(forfeiture)
    if not kept(forfeiture):
        raise Refused(_("Nothing of it is kept."), record=forfeiture)
    was = forfeiture.unshared
    reverse(Entry.objects.get(number=forfeiture.entry), day, "forfeiture.reverse")
    _book(forfeiture, "forfeiture.settle", day, law)
    if forfeiture.unshared == was:
        raise Refused(_("The law’s files know no more than before."), record=forfeiture)


def undo(forfeiture: Forfeiture, day: date) -> None:
    """Reverse what was entered by mistake, within an act. What was handed on becomes a claim."""
    lock()
    _check_stands(forfeiture)
    reverse(Entry.objects.get(number=forfeiture.entry), day, "forfeiture.undo")
    forfeiture.undone, forfeiture.unshared = day, ""
    forfeiture.save()


def kept(forfeiture: Forfeiture) -> int:
    """The cents of it that are shared out to nobody."""
    return -held(chart.UNSHARED, F, forfeiture.pk)


def _check_stands(forfeiture: Forfeiture) -> None:
    if Forfeiture.objects.get(pk=forfeiture.pk).undone is not None:
        raise Refused(_("It was reversed already."), record=forfeiture)


def _book(forfeiture: Forfeiture, what: str, day: date, law: Law | None = None) -> None:
    told = ask(
        RULE,
        max(forfeiture.day, date.today()),
        {
            "forfeited_date": forfeiture.day,
            "kind": str(forfeiture.kind),
            "proceeds": forfeiture.cents,
            "liens": forfeiture.liens,
            "expenses": forfeiture.expenses,
            "restitution": forfeiture.restitution,
        },
        law=law,
    )
    cash = Line(chart.COURT_CASH, forfeiture.cents, F, forfeiture.pk)
    shares, forfeiture.unshared = _shares(forfeiture, told)
    forfeiture.entry = post(what, day, [cash, *shares]).number
    forfeiture.save()


def _shares(forfeiture: Forfeiture, told: Explanation) -> tuple[list[Line], str]:
    """The postings that share it out, and why a part is kept, if one is."""
    by, key = (RULE, applying.version(told)), forfeiture.pk
    amounts = applying.amounts_of(told)
    if amounts is None:
        return [Line(chart.UNSHARED, -forfeiture.cents, F, key, *by)], Unshared.LAW
    third, why = _recipient(told)
    police, county = forfeiture.arresting_id, forfeiture.prosecuting_id
    lines = [
        Line(chart.LIENS, -amounts["liens"], F, key, *by),
        Line(chart.EXPENSES, -amounts["expenses"], F, key, *by),
        *_restitution(forfeiture, amounts["restitution"], by),
        Line(chart.ARRESTING, -amounts["agency"], Source.AGENCY, police, *by),
        Line(chart.PROSECUTING, -amounts["prosecutor"], Source.AGENCY, county, *by),
        Line(third, -amounts["third_share"], F, key, *by),
    ]
    return lines, why if amounts["third_share"] else ""


def _recipient(told: Explanation) -> tuple[str, str]:
    """The account of the third share; the one for what is kept, and why, where it is not known."""
    found = next((c for c in told.citations if c.parameter.endswith(".third_recipient")), None)
    if found is None or found.verified == "unknown" or found.value in (None, UNKNOWN):
        return chart.UNSHARED, Unshared.RECIPIENT
    account = RECIPIENTS.get(str(found.value))
    return (account, "") if account else (chart.UNSHARED, Unshared.ACCOUNT)


def _restitution(forfeiture: Forfeiture, cents: int, by: tuple[str, str]) -> list[Line]:
    """Restitution that is paid from it: less is owed by the sentence's order."""
    if not cents:
        return []
    order = order_of(forfeiture.origin)
    if order is None:
        raise Refused(_("Take in the sentence as an order first: restitution is owed by it."))
    kinds = [kind for kind, due in applying.DUE.items() if due == chart.RESTITUTION]
    lines = []
    for each in order.obligations.filter(kind__in=kinds, expired=None):
        given = min(cents, applying.owed(each))
        cents -= given
        lines += [
            Line(chart.receivable(each.kind), -given, Source.ORDER, each.pk, *by),
            Line(chart.deferred(each.kind), given, Source.ORDER, each.pk, *by),
            Line(chart.RESTITUTION, -given, Source.ORDER, each.pk, *by),
        ]
    if cents:
        raise Refused(_("The order owes less restitution than that."))
    return lines
