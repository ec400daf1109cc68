"""The innocent reading: how somebody with nothing to hide comes to post like this."""

from __future__ import annotations

from functools import lru_cache

from harborlight.recognize.review.evidence import AWAY, ENGLISH, TOWARD, Kind, catalogue

CAUSES = 3  # ordinary causes that the innocent reading names


@lru_cache(maxsize=4096)
def innocent_reading(kinds: tuple[Kind, ...], language: str = ENGLISH) -> str:
    """How somebody with nothing to hide comes to post like this, from the kinds that were found.

    Of each family the first kind speaks for it, and of those that look organized the first three.
    The kinds must be of the catalogue in that language.
    """
    say = catalogue(language).phrases
    keys = {kind.key for kind in kinds}
    first = {kind.family: kind for kind in reversed(kinds)}
    spoken = [kind for kind in kinds if first[kind.family] is kind]
    toward = [kind.innocent for kind in spoken if kind.direction == TOWARD]
    away = [kind.innocent for kind in spoken if kind.direction == AWAY]
    families = {kind.family for kind in kinds}
    if "reposting" in keys:
        opening = say["reposting"]
    elif "open business" in families:
        opening = say["open_business"]
    elif "one hand" in families:
        opening = say["one_hand"]
    else:
        opening = say["otherwise"]
    sentences = [opening]
    if away:
        sentences.append(say["away"].format(listed=_listed(away)))
    if toward:
        sentences.append(say["toward"].format(listed=_listed(toward[:CAUSES])))
    sentences.append(say["closing"])
    return " ".join(sentences)


def _listed(clauses: list[str]) -> str:
    return "; ".join(dict.fromkeys(clauses))
