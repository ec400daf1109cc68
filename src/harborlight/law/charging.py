"""The sections that somebody can be charged with, as the law's files list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harborlight.law.explanation import Citation
from harborlight.law.parameter import Law, current_law

NODE = "charges"
JURISDICTIONS = ("minnesota", "federal")


@dataclass(frozen=True)
class Section:
    """A section of law under which somebody can be charged.

    ``key`` names it in the rules of law; ``conducts`` are what it is about: "hired"
    (having been sold), "hiring", "selling", "other"; ``nibrs`` is empty where no code is known.
    """

    key: str
    jurisdiction: str
    title: str
    conducts: tuple[str, ...]
    nibrs: str
    cited: Citation

    @property
    def code(self) -> str:
        """Unique over all jurisdictions."""
        return f"{self.jurisdiction}:{self.key}"


def sections(day: date, law: Law | None = None) -> list[Section]:
    """Every section of the law of a day, in the order of the files."""
    law = law or current_law()
    found = []
    for jurisdiction in JURISDICTIONS:
        branch = f"{NODE}.{jurisdiction}"
        for key in law.node(branch).children:
            path = f"{branch}.{key}"
            dated = law[f"{path}.conducts"].at(day)
            conducts = dated.value if isinstance(dated.value, tuple) else ()
            nibrs = law[f"{path}.nibrs"].at(day).value if f"{path}.nibrs" in law else ""
            found.append(
                Section(
                    key,
                    jurisdiction,
                    law.node(path).description,
                    conducts,
                    str(nibrs or ""),
                    dated.cited,
                )
            )
    return found
