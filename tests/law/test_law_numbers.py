"""No number of any statute is in the source outside the parameters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from harborlight.law import current_law

SOURCE = Path(__file__).resolve().parents[2] / "src" / "harborlight"
PARAMETERS = SOURCE / "law" / "parameters"
#: Courses name their sources as a book does, each with its day and whether it was checked. Nothing
#: is computed from them.
COURSES = SOURCE / "courses" / "bundled"
KINDS = {".py", ".html", ".yaml", ".yml", ".toml", ".css", ".js", ".md"}  # .json, .txt: data

CITED = [
    r"\d+\s*U\.?\s?S\.?\s?C\b",
    r"\bU\.?S\.?C\.?\s*§?\s*\d",
    r"\bMinn\.?\s*(Stat|Laws|R)\b",
    r"\b(P\.?\s?L\.?|Pub\.?\s*L\.?)\s*(No\.?\s*)?\d",
    r"\bStat\.\s*\d",
    r"\bsubd?\.?\s*\d",
    r"\bsubdivision\s+\d",
    r"§\s*\d",
    r"\b(6[01]\d|145|260[A-Z]|357)\.\d{2,}\b",
    r"\b(F\.[234]d|U\.S\.)\s+\d",
    r"\bchapter\s+\d+",
    r"\bC\.?F\.?R\.?\s+\d",
    r"\bFAR\s+\d",
]

#: Whole-number constants of rules that are no law: percent, hundredths, the weekday.
PLAIN = {"SATURDAY": 5, "WHOLE": 100, "PERCENT": 100, "HUNDREDTHS": 100}
SMALL = {0, 1, 2}


def sources() -> list[Path]:
    return [
        file
        for file in sorted(SOURCE.rglob("*"))
        if file.suffix in KINDS
        and not file.is_relative_to(PARAMETERS)
        and not file.is_relative_to(COURSES)
        and "__pycache__" not in file.parts
    ]


def sections() -> set[str]:
    """Section numbers of everything cited, long enough not to be met by chance."""
    found: set[str] = set()
    for parameter in current_law():
        for each in parameter.values:
            text = f"{parameter.path} {each.cited.citation}"
            found |= set(re.findall(r"\b\d{3,5}[A-Z]?(?:\.\d{2,})?\b", text))
    years = {str(year) for year in range(1900, 2101)}
    return {each for each in found if (len(each) >= 4 or "." in each) and each not in years}


def faults(text: str, numbers: set[str]) -> list[str]:
    wrong = [found[0] for pattern in CITED for found in re.finditer(pattern, text)]
    words = set(re.findall(r"(?<![\w.#\\])\d{3,5}[A-Z]?(?:\.\d{2,})?(?![\w])", text))
    return wrong + sorted(words & numbers)


def test_the_search_finds_what_it_is_for() -> None:
    numbers = sections()
    assert {"3014", "1593", "2259A", "609.3241", "20341", "44734", "260B.007"} <= numbers | {
        "260B.007"
    }
    for planted in (
        "under 18 U.S.C. 1591 it is",
        "Minn. Stat. it is",
        "see 609.322 there",
        "P.L. 114-22",
        "x = 3014",
        "260C.007",
        "49 USC 44734",
        "subd. 16",
        "§ 5",
        '"44738"',
    ):
        assert faults(planted, numbers), planted
    for innocent in ("2024-03-08T16:30-06:00", "width: 960px", "10_000 rows", "a 5,000 b"):
        assert not faults(innocent, numbers), innocent


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_statute_is_cited_outside_the_parameters(file: Path) -> None:
    text = file.read_text(encoding="utf-8", errors="replace")
    # A telephone number is no section, whatever its last figures are.
    text = re.sub(r"\b\d{3}-\d{3}-\d{4}\b", "", text)
    assert faults(text, sections()) == []


def values_of_law() -> set[int]:
    """Every amount, age, term and share of the parameters, money in cents and in dollars."""
    found = set()
    for parameter in current_law():
        for each in parameter.values:
            if type(each.value) is int:
                found.add(each.value)
                if parameter.unit == "money":
                    found.add(each.value // 100)
    return found - SMALL


@pytest.mark.parametrize(
    "file", sorted((SOURCE / "law" / "provisions").glob("*.py")), ids=lambda f: f.name
)
def test_rules_hold_no_amount_age_or_term(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and PLAIN.get(node.targets[0].id) == node.value.value
    }
    law = values_of_law()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in named:
            assert node.value not in law, f"{file.name}:{node.lineno}: {node.value}"
            assert not 1900 <= node.value <= 2100, f"{file.name}:{node.lineno}: a year"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            dates = re.findall(r"\b(?:19|20)\d\d-\d\d-\d\d\b|\$\d", node.value)
            assert not dates, f"{file.name}:{node.lineno}: {dates}"


def test_rules_and_their_files_are_named_in_words() -> None:
    from harborlight.law import rules

    for rule in rules():
        assert not re.search(r"\d", rule.name)
    for file in (SOURCE / "law").rglob("*"):
        assert not re.search(r"\d", file.stem) or "__pycache__" in file.parts
