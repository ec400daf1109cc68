"""The kinds of evidence say the same in every language."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import yaml

from harborlight.recognize.review.evidence import ENGLISH, LANGUAGES, catalogue
from harborlight.recognize.review.innocent_reading import innocent_reading

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
TOLD = {"name", "statement", "definition", "limits", "innocent"}


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_is_told_whole(language: str) -> None:
    text = (files("harborlight.recognize.review") / f"evidence.{language}.yaml").read_text("utf-8")
    words = yaml.safe_load(text)
    for key, kind in catalogue().kinds.items():
        told = words["kinds"][key]
        assert set(told) == TOLD, key
        assert all(told.values()), key
        assert told["statement"] != kind.statement
        assert re.findall(r"\{\w+\}", told["statement"]) == re.findall(r"\{\w+\}", kind.statement)
    for name, phrase in catalogue().phrases.items():
        assert re.findall(r"\{\w+\}", words["phrases"][name]) == re.findall(r"\{\w+\}", phrase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_innocent_reading_follows_the_same_rules(language: str) -> None:
    kinds = catalogue(language).kinds
    found = (kinds["circuit"], kinds["many_towns"], kinds["street_address"])
    told = innocent_reading(found, language)
    assert told.startswith(catalogue(language).phrases["open_business"])
    assert kinds["street_address"].innocent in told
    assert kinds["circuit"].innocent in told
    assert kinds["many_towns"].innocent not in told, "one family speaks once"
    assert told.endswith(catalogue(language).phrases["closing"])
