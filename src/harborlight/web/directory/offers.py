"""What must be known of a service to find and to match it, from the records that are open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harborlight.places.gazetteer import gazetteer
from harborlight.web.directory.models import View, words_of
from harborlight.web.directory.niem import CATEGORIES
from harborlight.web.directory.unpack import OURS

#: Languages by the names that directories write, where they give no code.
LANGUAGES = {
    "english": "en", "spanish": "es", "español": "es", "hmong": "hmn", "somali": "so",
    "arabic": "ar", "amharic": "am", "french": "fr", "karen": "kar", "oromo": "om", "russian": "ru",
    "vietnamese": "vi", "chinese": "zh", "mandarin": "zh", "swahili": "sw", "ojibwe": "oj",
    "dakota": "dak", "american sign language": "ase", "urdu": "ur", "ukrainian": "uk",
    "portuguese": "pt", "lao": "lo", "khmer": "km", "korean": "ko", "tagalog": "tl",
}  # fmt: skip
THREE_TO_TWO = {
    "eng": "en", "spa": "es", "som": "so", "ara": "ar", "amh": "am", "fra": "fr", "rus": "ru",
    "vie": "vi", "zho": "zh", "swa": "sw", "urd": "ur",
}  # fmt: skip

Data = Mapping[str, Any]


def facts(
    service: Data, held: Callable[[str], Iterable[tuple[Data, int]]], *, confidential: bool
) -> dict[str, Any]:
    """The fields of an Offer. `held` gives the contents of what the service holds by the name of
    the list ("phones", "organization", "cities" ...), each with its rank; only open ones count."""

    def open_ones(name: str) -> list[Data]:
        return [data for data, rank in held(name) if rank == View.PUBLIC]

    ours: Data = service.get(OURS) or {}
    organization = next(iter(open_ones("organization")), {})
    areas = open_ones("service_areas")
    languages = [code for each in open_ones("languages") if (code := language_code(each))]
    counties = _listed(ours.get("counties")) or _counties(areas)
    return {
        "name": str(service.get("name") or "")[:255],
        "organization": str(organization.get("name") or "")[:255],
        "status": str(service.get("status") or ""),
        "categories": _categories(ours, open_ones("terms")),
        "counties": counties or None,
        "town": _town(ours, areas, open_ones("cities") if not confidential else []),
        "languages": sorted({*languages, *_listed(ours.get("languages"))}) or None,
        "minimum_age": _number(service.get("minimum_age")),
        "maximum_age": _number(service.get("maximum_age")),
        "genders": [g for g in _listed(ours.get("genders")) if g in GENDERS] or None,
        "children": _yes_no(ours.get("children")),
        "pets": _yes_no(ours.get("pets")),
        "accessible": _yes_no(ours.get("accessible")),
        "immigration_safe": _yes_no(ours.get("immigration_safe")),
        "cost": _cost(ours, open_ones("cost_options")),
        "confidential": confidential,
        "phones": _phones([*open_ones("phones"), *open_ones("organization_phones")]),
        "words": " ".join(
            [
                words_of("service", service),
                str(organization.get("name") or "").casefold(),
                *(words_of("service_area", each) for each in areas),
            ]
        ),
    }


GENDERS = ("female", "male", "other")


def language_code(data: Data) -> str:
    """The code of a language of HSDS, or nothing when it names none that is known."""
    code = str(data.get("code") or "").casefold().split("-")[0]
    if code:
        return THREE_TO_TWO.get(code, code)
    return LANGUAGES.get(str(data.get("name") or "").casefold().strip(), "")


def county_name(text: str) -> str:
    """ "Blue Earth County, Minnesota" is "Blue Earth"."""
    found = re.match(r"\s*(.+?)\s+county\b", text, re.IGNORECASE)
    return found.group(1) if found else text.strip()


def _counties(areas: Iterable[Data]) -> list[str]:
    named = (str(each.get(name) or "") for each in areas for name in ("name", "extent"))
    return sorted(
        {
            county_name(part)
            for text in named
            for part in re.split(r"[,;]| and ", text)
            if re.search(r"\bcounty\b", part, re.IGNORECASE)
        }
    )


def _town(ours: Data, areas: Iterable[Data], cities: Iterable[Data]) -> str:
    texts = [str(ours.get("town") or "")]
    texts += [str(each.get("name") or "") for each in areas]
    texts += [f"{each.get('city') or ''}, {each.get('state_province') or ''}" for each in cities]
    for text in texts:
        if text.strip(" ,") and len(text) < 80 and (key := gazetteer().resolve(text)):
            return key
    return ""


def _categories(ours: Data, terms: Iterable[Data]) -> list[str]:
    named = {*_listed(ours.get("categories")), *(str(each.get("name") or "") for each in terms)}
    named |= {str(each.get("code") or "") for each in terms}
    return [code for code in CATEGORIES if code in named]


def _cost(ours: Data, options: list[Data]) -> str:
    if ours.get("cost") in ("free", "sliding", "paid"):
        return str(ours["cost"])
    amounts = [each.get("amount") for each in options]
    if amounts and all(isinstance(each, int | float) for each in amounts):
        return "free" if not any(amounts) else "paid"
    return ""


def _phones(phones: Iterable[Data]) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in phones:
        number = str(each.get("number") or "").strip()
        if number and number not in found:
            extension = each.get("extension")
            found[number] = {
                "number": number,
                "extension": "" if extension is None else str(extension),
                "description": str(each.get("description") or "")[:200],
            }
    return list(found.values())


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
