"""What the words around figures say of them: to call, or something else than a telephone number."""

from __future__ import annotations

import re

_CALLING = """
call calls calling text texts texting txt tex phone phones tel telephone cell mobile
reach ring dial contact whatsapp sms anytime msg message messages hit holler buzz llama llamame
llámame marca teléfono telefono cel celular escribe manda mensaje whats ph fone mob
fax contacto me
"""
#: Words that go with a number to call.
TO_CALL = frozenset(_CALLING.split())
_GOING_ON = "ask then plus followed night any now after finally next luego despues después"
#: Words that lead from one part of such a number to the next.
GO_ON = TO_CALL | frozenset(_GOING_ON.split())

#: Labels of other figures, whatever their form.
_STRONG = (
    "isbn(?:[ -]?1[03])?|issn|doi|oclc|lccn|asin|gtin|upc|ean|sku|imei|vin|iban|ssn|ein|vat|"
    "tracking|invoice|inv|confirmation|conf|serial|barcode|patent|docket|parcel|mls|routing|"
    "licence|license|lic|permit|policy|claim|acct|account|reg|registration|receipt|transaction|"
    "lat|latitude|lon|lng|longitude|gps|coordinates|coords|visa|mastercard|amex|ip|mac|"
    "po|ref|reference|sn|usps|ups|fedex|dhl|s/n|p/n|po box|zip|zip code|certificate"
)
#: Words that label a figure when "#", "no." or "number" follows, or when it is one run of digits.
_WEAK = (
    "item|part|case|code|file|"
    "model|product|version|ver|plate|lot|batch|id|ticket|job|unit|quote|"
    "shipment|package|locker|badge|pin|study|report|record"
)
#: The same, but also said beside a number to call: there a colon does not do.
_LOOSE = "order|booking|listing|customer|member|membership|card|post|posting|ad"
_LABELLED = re.compile(
    rf"(?<![a-z])(?:({_STRONG})|({_WEAK})|({_LOOSE}))(s?\.?"
    r"(?:[\s:#=()\-]|(?:(?<=\W)(?:no|nr|num)\b\.?)|(?<=\W)(?:number|numbers|id|code|is|was|are)\b)"
    r"{0,16})$"
)
_NUMBERED = re.compile(r"#|\b(?:no|nr|num|number|id|code)\b")
_SENTENCE_END = re.compile(r"[a-z]{4,}s?\.")
_WINDOW = 48


def is_labelled(before: str, formatted: bool) -> bool:
    """Whether lower-case text right before figures says that they are no telephone number.

    ``formatted``: whether the figures stand in groups as a telephone number's do.
    """
    near = before[-_WINDOW:]
    if not _may_be_labelled(near):
        return False
    label = _LABELLED.search(near)
    if not label or _SENTENCE_END.match(label[0]):
        return False
    if label[1]:
        return True
    if not formatted or _NUMBERED.search(label[4]):
        return True
    return label[2] is not None and ":" in label[4]


_LATIN = re.compile("[a-z]+")
#: Words that may stand between a label and the figures.
_BETWEEN = frozenset(["no", "nr", "num", "number", "numbers", "id", "code", "is", "was", "are"])
#: The words that labels are made of, in the singular.
_LABELS = frozenset(_LATIN.findall(f"{_STRONG}|{_WEAK}|{_LOOSE}"))


def _may_be_labelled(before: str) -> bool:
    """Whether a label's word stands last, but for words between: most texts have none."""
    for word in reversed(_LATIN.findall(before)):
        if word in _LABELS or word.removesuffix("s") in _LABELS:
            return True
        if word not in _BETWEEN:
            return False
    return False


def is_called(before: str) -> bool:
    """Whether a word of calling stands among the last five words of ``before``."""
    return any(w in TO_CALL for w in words_of(before)[-5:])


def words_of(text: str) -> list[str]:
    """The words of lower-case text."""
    return re.findall(r"[^\W\d_]+", text)


#: What is counted or measured by the figure before it.
COUNTED = re.compile(
    r"\s*(?:sq|sqft|ft|feet|foot|mile|miles|mi|km|m|lb|lbs|kg|dollars?|usd|bucks|bed|beds|bedrooms?|"
    r"bath|baths|bathrooms?|br|ba|hours?|hrs?|hr|min|mins|minutes?|am|pm|years?|yrs?|days|weeks?|"
    r"months?|people|guests|inch|inches|in|by|x|to|through|thru|until|st|street|ave|avenue|rd|road|"
    r"dr|drive|ln|lane|blvd|hwy|apt|suite|rooms?|percent|pcm|pw|th|nd|per|pages?|gb|mb|hp|cc|mph|"
    r"cm|mm|oz|gallons?|acres?|units?|photos?|pics?|reviews?|stars?|seats?|points?|pieces?|pcs?|mg|ml|g)(?![a-z])"
)
#: What stands before a figure that is an address, a size, a bound.
NOT_BEFORE = re.compile(
    r"(?:apt|apartment|unit|suite|ste|room|rm|route|rt|hwy|highway|exit|floor|box|from|"
    r"under|over|size|sizes|model|year|since|in)\.?\s*#?$"
)
