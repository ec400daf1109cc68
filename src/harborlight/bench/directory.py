"""Matching made-up needs with made-up services, next to a plain query of the same database.

A site of its own in a folder that is thrown away, on SQLite.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
import uuid
from typing import Any

from rich.console import Console

TOWNS = ("Mankato, MN", "Saint Peter, MN", "New Ulm, MN", "Rochester, MN", "Minneapolis, MN",
         "Duluth, MN", "Bemidji, MN", "Worthington, MN", "Saint Cloud, MN", "Moorhead, MN",
         "")  # fmt: skip
COUNTIES = ("Blue Earth", "Nicollet", "Brown", "Olmsted", "Hennepin", "Saint Louis", "Nobles")
LANGUAGES = ("en", "es", "so", "hmn", "am", "ar")
CATEGORIES = ("Basic Necessities", "Case Management Services", "Educational Services",
              "Employment Services", "Housing Services", "Language Services", "Legal Services",
              "Medical and Dental Services", "Mental Health Services", "Safety Planning",
              )  # fmt: skip
GENDERS = ("female", "male", "other")
STATUSES = ("active", "active", "active", "active", "inactive", "temporarily closed")


def services(count: int, seed: int) -> list[dict[str, Any]]:
    """What is known of made-up services: the fields of an Offer, many of them not said."""
    draw = random.Random(seed)  # noqa: S311 - made-up data, the same for the same seed

    def perhaps(value: Any) -> Any:
        return None if draw.random() < 0.35 else value

    def some(of: tuple[str, ...], most: int) -> list[str]:
        return sorted(draw.sample(of, draw.randint(1, most)))

    made = []
    for n in range(count):
        low = perhaps(draw.choice([0, 0, 12, 16, 18, 18, 21]))
        made.append(
            {
                "name": f"Service {n:05d}",
                "status": draw.choice(STATUSES),
                "categories": some(CATEGORIES, 3),
                "counties": perhaps(some(COUNTIES, 4)),
                "town": draw.choice(TOWNS),
                "languages": perhaps(some(LANGUAGES, 3)),
                "minimum_age": low,
                "maximum_age": perhaps((low or 0) + draw.choice([5, 9, 50])),
                "genders": perhaps(some(GENDERS, 3)),
                "children": perhaps(draw.random() < 0.5),
                "pets": perhaps(draw.random() < 0.3),
                "accessible": perhaps(draw.random() < 0.7),
                "immigration_safe": perhaps(draw.random() < 0.7),
                "cost": draw.choice(["", "free", "free", "sliding", "paid"]),
            }
        )
    return made


def needs(count: int, seed: int) -> list[dict[str, Any]]:
    """Made-up needs: the fields of a Need."""
    draw = random.Random(seed)  # noqa: S311
    made = []
    for _ in range(count):
        either = ("language", "children", "pets", "disability", "distance", "immigration", "cost",
                  "county")  # fmt: skip
        made.append(
            {
                "category": draw.choice(CATEGORIES),
                "age": draw.choice([None, 4, 12, 15, 16, 17, 18, 20, 21, 30, 66]),
                "gender": draw.choice(["", *GENDERS]),
                "language": draw.choice(["", "", *LANGUAGES]),
                "children": draw.random() < 0.3,
                "pets": draw.random() < 0.2,
                "disability": draw.random() < 0.2,
                "immigration": draw.random() < 0.3,
                "cost": draw.choice(["", "free", "sliding"]),
                "county": draw.choice(["", *COUNTIES]),
                "town": draw.choice(TOWNS),
                "kilometers": draw.choice([0.0, 30.0, 100.0]),
                "must": frozenset(draw.sample(either, draw.randint(0, 3))),
            }
        )
    return made


def plant(count: int, seed: int) -> None:
    """Keep made-up services in the directory of the site that is loaded."""
    from harborlight.web.accounts.models import Agency
    from harborlight.web.accounts.roles import AgencyKind
    from harborlight.web.audit.acts import SYSTEM, act
    from harborlight.web.directory.models import Offer, Record

    draw = random.Random(seed)  # noqa: S311
    with act(SYSTEM, "bench.plant"):
        name = f"Made up {uuid.UUID(int=draw.getrandbits(128))}"
        agency = Agency.objects.create(name=name, kind=AgencyKind.PROVIDER)
        made = services(count, seed)
        records = Record.objects.bulk_create(
            (
                Record(table="service", key=str(uuid.UUID(int=draw.getrandbits(128))),
                       agency=agency, name=each["name"],
                       data={"name": each["name"], "status": each["status"]})
                for each in made
            ),
            batch_size=500,
        )  # fmt: skip
        Offer.objects.bulk_create(
            (Offer(service=r, **each) for r, each in zip(records, made, strict=True)),
            batch_size=500,
        )


def run(count: int, asked: int, seed: int, console: Console) -> None:
    """Time each need's match, and a plain query for the services of its kind, and print both."""
    with tempfile.TemporaryDirectory(prefix="harborlight-bench-") as folder:
        for name in [each for each in os.environ if each.startswith("HARBORLIGHT_")]:
            del os.environ[name]
        os.environ["HARBORLIGHT_HOME"] = folder
        from harborlight.web.running.prepare import make_home, migrate, start_django

        make_home()
        start_django()
        migrate()
        plant(count, seed)
        _measure(count, asked, seed, console)
        from django.db import connections

        connections.close_all()


def _measure(count: int, asked: int, seed: int, console: Console) -> None:
    from harborlight.web.directory.models import Offer
    from harborlight.web.directory.projection import PUBLIC
    from harborlight.web.referral.matching import match
    from harborlight.web.referral.needs import Need

    all_needs = [Need(**each) for each in needs(asked, seed + 1)]
    match(all_needs[0], PUBLIC)  # read the towns once
    matching, plain, found = [], [], 0
    for need in all_needs:
        started = time.perf_counter()
        rows = list(Offer.objects.filter(categories__icontains=f'"{need.category}"').order_by())
        plain.append(time.perf_counter() - started)
        started = time.perf_counter()
        found += len(match(need, PUBLIC))
        matching.append(time.perf_counter() - started)
        del rows
    ours, theirs = statistics.median(matching), statistics.median(plain)
    console.print(f"{asked:,} needs, {count:,} services, seed {seed}")
    console.print(f"a match with its order: {ours * 1000:.1f} ms, median; {found:,} found")
    console.print(f"a plain query for services of its kind: {theirs * 1000:.1f} ms, median")
    console.print(f"ratio: {ours / theirs:.2f}")
