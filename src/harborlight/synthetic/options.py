"""What a planted corpus is like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Options:
    """What a planted corpus is like. Shares are in 0..1."""

    singles: float = 0.35  # share of ads that follow no template
    tiers: tuple[float, float, float] = (0.34, 0.33, 0.33)  # easy, medium, hard among the rest
    medium_noise: float = 0.08  # share of words changed
    hard_noise: float = 0.18
    disguised: float = 0.2  # share of words of a hard ad written in other letters
    words: tuple[int, int] = (30, 90)  # length of an ad
    boilerplate: tuple[int, int] = (1, 4)  # common sentences of a single ad
    mostly_boilerplate: float = 0.17  # share of singles of which over half is common sentences
    template_boilerplate: tuple[int, int] = (0, 2)
    vocabulary: float = 1.0  # share of the word lists that is used
    spanish: float = 0.03  # share of singles in Spanish
    reposts: float = 0.02  # share of ads that are one poster's same ad two or three times
    decoys: float = 0.015  # share of ads with the hotline; link, placeholder, blank image likewise
    largest: int | None = None  # ads of the largest template; by default grows with the corpus
    start: datetime = datetime(2016, 10, 1, tzinfo=UTC)
    end: datetime = datetime(2017, 4, 1, tzinfo=UTC)
    closed: tuple[str, str, datetime] | None = None  # site, section and when it closes
