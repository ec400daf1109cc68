"""What somebody needs, as it is asked of the directory. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass

#: What can be required or preferred. The rest is required always.
EITHER = frozenset(
    {"language", "children", "pets", "disability", "distance", "immigration", "cost", "county"}
)


@dataclass(frozen=True)
class Need:
    """One need. None, or an empty text, is "not asked" or "not known"."""

    category: str
    """A code of NIEM's ServiceCategoryCode."""
    age: int | None = None
    """In whole years. None: not known, and then nobody is taken for an adult."""
    gender: str = ""
    """female, male or other."""
    language: str = ""
    """A two-letter code."""
    children: bool = False
    """Comes with children."""
    pets: bool = False
    disability: bool = False
    """Needs a place that is accessible."""
    immigration: bool = False
    """Must not be asked for immigration papers."""
    cost: str = ""
    """free, or sliding: no more than that."""
    county: str = ""
    town: str = ""
    """A key of the gazetteer; distances are to the towns that services name as theirs."""
    kilometers: float = 0.0
    """How far is not too far; 0: no limit."""
    bed: bool = False
    must: frozenset[str] = frozenset()
    """Those of EITHER that are required. The others are preferred."""
