"""What is a reason to report, and what is a description only. The words stand in `reasons.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _file() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "reasons.yaml").read_text("utf-8")
    )
    return told


def observed(language: str) -> list[tuple[str, str]]:
    """The reasons that can be chosen: code and words."""
    return [(row["code"], row.get(language, row["en"])) for row in _file()["observed"]]


def codes() -> frozenset[str]:
    """Every code there is."""
    return frozenset(row["code"] for row in _file()["observed"])


@cache
def words(kind: str) -> frozenset[str]:
    """All words of a kind (`traits` or `small`), of every language."""
    return frozenset(word for listed in _file()[kind].values() for word in listed)


def only_describes(text: str) -> bool:
    """Whether a text has words for how somebody looks or what they are, and tells of no act.

    Such a text is no reason. A text without any such word is not judged here.
    """
    found = re.findall(r"[^\W\d_]+", text.casefold())
    told = [word for word in found if word not in words("small")]
    return bool(told) and all(word in words("traits") for word in told)


def has_reason(reasons: list[str], seen: list[str]) -> bool:
    """Whether a report names something that was done or said."""
    acts = [text for text in seen if text.strip() and not only_describes(text)]
    chosen = [code for code in reasons if code in codes() and code != "other"]
    return bool(acts or chosen)
