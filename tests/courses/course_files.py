"""A small course as files, for tests that need one of their own."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "course.yaml": """\
code: small
role: cabin
minutes: 5
expires_days: 365
pass_at: 0.8
languages: [en, es]
title: {en: A small course, es: Un curso breve}
""",
    "01-what.en.md": "# What it is\n\nWork or sex by *force*.\n",
    "01-what.es.md": "# Qué es\n\nTrabajo o sexo por la *fuerza*.\n",
    "scenarios.yaml": """\
- code: papers
  text: {en: A man holds her passport., es: Un hombre guarda su pasaporte.}
  concern: true
  why: {en: Somebody else holds the papers., es: Otra persona guarda los documentos.}
  sources: [list]
- code: family-a
  text: {en: A white father carries his child., es: Un padre blanco lleva a su hija.}
  concern: false
  why: {en: This is a family., es: Es una familia.}
  pair: family
  variant: a
  trait: race
- code: family-b
  text: {en: A Black father carries his child., es: Un padre negro lleva a su hija.}
  concern: false
  why: {en: This is a family., es: Es una familia.}
  pair: family
  variant: b
  trait: race
""",
    "questions.yaml": """\
- code: whom
  text: {en: "Whom do you tell?", es: "¿A quién se lo dice?"}
  options:
    - {en: The captain, es: Al comandante}
    - {en: The passenger, es: Al pasajero}
  right: 1
  why: {en: The captain has it passed on., es: El comandante lo transmite.}
  retrieval: true
""",
    "sources.yaml": """\
- code: list
  title: A list
  publisher: An office
  url: https://office.example/list
  date: 2020-01-31
  verified: false
""",
}


def write(folder: Path, **changed: str) -> Path:
    """The small course in a new folder `small`; `changed` maps names (_ for . and -) to texts."""
    place = folder / "small"
    place.mkdir()
    for name, text in FILES.items():
        key = name.replace(".", "_").replace("-", "_")
        (place / name).write_text(changed.pop(key, text), "utf-8")
    assert not changed, f"the small course has no {changed}"
    return place
