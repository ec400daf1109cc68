"""The standard's lists as they are bundled, and how their defects are read and written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harborlight.web.cases.events import HTCDS_EVENTS, HTCDS_TIES
from harborlight.web.cases.handing import Why
from harborlight.web.cases.persons import Person
from harborlight.web.exchange import cells, exporting, standard

HOUSE = Path(__file__).resolve().parents[2]
SOURCE = HOUSE.parent / "shared" / "standards" / "htcds" / "htcds_2.0_fields.json"
GUIDE = (HOUSE / "docs" / "exchange.md").read_text("utf-8")


@pytest.mark.skipif(not SOURCE.exists(), reason="the standard is not beside the checkout")
def test_the_bundled_lists_are_those_of_the_standard() -> None:
    source = json.loads(SOURCE.read_text("utf-8"))
    assert source["version"] == standard.VERSION
    told = {
        each["field"]: (each["type"], {code["code"]: code["label"] for code in each["codes"]})
        for each in source["fields"]
    }
    assert {each.name: (each.type, each.codes) for each in standard.fields().values()} == told


def test_every_code_and_label_of_every_list_is_read_as_its_code() -> None:
    for field in standard.fields().values():
        for code, label in field.codes.items():
            for text in (code, label, code.lower(), label.upper()):
                assert standard.read(field.name, text) == (code, ""), (field.name, text)


@pytest.mark.parametrize(
    ("field", "text", "fit", "rest"),
    [
        ("vic_RelationshipToTrafficker", "Unacquainted", "Unaquainted", ""),
        ("vic_RelationshipToTrafficker", "Unaquainted", "Unaquainted", ""),
        ("prs_Gender", "NotSpecifiedUnknown", "NonSpecifiedUnknown", ""),
        ("vic_MethodsOfControl", "MethodsOfControlDebtBondage", "DebtBondage", ""),
        ("vic_MethodsOfControl", "PsychoactiveSubstances", "PsychoactiveSubstance", ""),
        (
            "vic_MethodsOfControl",
            "MethodsOfControlThreatOfLawEnforcement;TakesEarnings",
            "ThreatsLawEnforcement;TakesEarnings",
            "",
        ),
        # Of another meaning than any code of the list: never read as one of them.
        ("vic_MethodsOfControl", "MethodsOfControlThreats", "Other", "MethodsOfControlThreats"),
        (
            "vic_MethodsOfControl",
            "RestrictsMovement;DebtBondage",
            "DebtBondage;Other",
            "RestrictsMovement",
        ),
        ("vic_MethodsOfControl", "UsesChildren", "Other", "UsesChildren"),
        ("vic_TypeOfSexExploitation", "something", "", "something"),
        ("prs_Birthdate", "01/02/2003", "", "01/02/2003"),
        ("prs_MobilePhone", "507-555-0101", "", "507-555-0101"),
        ("con_Consent", "perhaps", "", "perhaps"),
    ],
)  # fmt: skip
def test_defects_of_the_lists(field: str, text: str, fit: str, rest: str) -> None:
    assert standard.read(field, text) == (fit, rest)
    again, _rest = standard.read(field, fit)
    assert again == fit, "what was read once is read the same again"


def test_our_columns_and_codes_are_those_of_the_standard() -> None:
    known = standard.fields()
    for table, columns in cells.MAPPED.items():
        of_standard = {each for each in columns if re.match(r"^[a-z]{3}_", each)}
        assert of_standard <= set(known), table
    assert set(cells.OF_PERSON) <= set(Person.SEALED)
    assert {str(each) for each in HTCDS_EVENTS} == set(known["hte_Type"].codes)
    assert set(HTCDS_TIES.values()) <= set(known["vic_RelationshipToTrafficker"].codes)
    assert set(Why.values) == set(known["cas_ReasonForOutgoingReferral"].codes)
    assert set(cells.ORGANIZATION_TYPES.values()) <= set(known["org_Type"].codes)
    assert set(known["per_RoleInProcess"].codes) > standard.DONE_TO_SOMEBODY
    assert set(exporting.FINER) < set(known["cas_Status"].codes)


def test_the_guide_lists_every_defect_and_every_column_of_ours() -> None:
    for name, meant in standard.READ_AS.items():
        assert f"`{name}`" in GUIDE
        assert all(f"`{code}`" in GUIDE for code in meant.values())
    assert all(f"`{code}`" in GUIDE for code in standard.DONE_TO_SOMEBODY)
    ours = {
        each for columns in cells.MAPPED.values() for each in columns if each.startswith("harb")
    }
    assert sorted(each for each in ours if f"`{each}`" not in GUIDE) == []
    assert "CC BY 4.0" in GUIDE
