"""The common words of ads, for deciding between readings of an obfuscated word."""

from __future__ import annotations

from importlib.resources import files


def _load() -> frozenset[str]:
    lines = (files("harborlight.recognize.text") / "lexicon.txt").read_text("utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())


#: Lower-case words; see lexicon.txt.
LEXICON = _load()
