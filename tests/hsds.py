"""The official schemas and examples of HSDS 3.1, where they are beside the checkout."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

STANDARD = Path(__file__).resolve().parents[2] / "shared" / "standards" / "hsds-3.1"
EXAMPLES = STANDARD / "examples"
there = pytest.mark.skipif(
    not STANDARD.is_dir(), reason="../shared/standards/hsds-3.1 is not beside this checkout"
)


def example(name: str) -> Any:
    """An official example."""
    return json.loads((EXAMPLES / name).read_text("utf-8"))


WHERE = "https://schemas.example/"


@cache
def validator(table: str) -> Any:
    """A validator of the official schema of a table, formats checked too."""
    from jsonschema_rs import Draft202012, Draft202012Validator, Registry

    files = [file for file in STANDARD.glob("*.json") if file.name != "openapi.json"]
    named = [(WHERE + file.name, json.loads(file.read_text("utf-8"))) for file in files]
    registry = Registry(named, draft=Draft202012)
    schema = {"$ref": f"{WHERE}{table}.json"}
    return Draft202012Validator(schema, registry=registry, validate_formats=True)


def wrong(table: str, document: Any) -> list[str]:
    """What the official schema of a table finds wrong with a document."""
    return [f"{e.instance_path}: {e.message}" for e in validator(table).iter_errors(document)]
