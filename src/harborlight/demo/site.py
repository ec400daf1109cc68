"""The site of the demonstration: a home of its own, made-up agencies and people, the leads loaded.

Everything is imported when it is called: the settings of the site read the environment, which is
set here first. A home that holds anything but a demonstration is never touched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from harborlight.recognize.errors import InputError

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Agency

MARK = "demonstration"
PASSWORD = "harborlight demonstration"  # noqa: S105 - of made-up people, on this machine alone


@dataclass(frozen=True)
class LogIn:
    """Somebody of the demonstration."""

    role: str
    name: str
    email: str
    agency: str


def prepare(out: Path) -> Path:
    """The home of the demonstration, and the environment that goes with it.

    InputError when HARBORLIGHT_HOME names a home that is no demonstration's.
    """
    named = os.environ.get("HARBORLIGHT_HOME")
    home = (Path(named).expanduser() if named else out / "site").absolute()
    if home.is_dir() and any(home.iterdir()) and not (home / MARK).exists():
        raise InputError(
            f"{home} holds a site that is no demonstration: set HARBORLIGHT_HOME to a new folder"
        )
    for name in [each for each in os.environ if each.startswith("HARBORLIGHT_")]:
        del os.environ[name]
    os.environ["HARBORLIGHT_HOME"] = str(home)
    os.environ["HARBORLIGHT_DEMO"] = "1"
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / MARK).write_text("Made-up people. Delete this folder at any time.\n", "utf-8")
    except OSError as error:
        raise InputError(f"cannot write to {home}: {error.strerror or error}") from None
    return home


def load(found: Path) -> list[LogIn]:
    """Make the tables, the people and the leads of a run, where they are not there yet."""
    from harborlight.web.running import prepare as running

    running.make_home()
    running.start_django()
    running.migrate()
    running.collect_static()

    from harborlight.recognize.output import results
    from harborlight.web.audit.acts import Actor
    from harborlight.web.leads.importing import import_results

    actor = Actor("demonstration")
    people = _source("people.yaml")
    agencies = [_agency(each, actor) for each in people]
    logins = [one for each, agency in zip(people, agencies, strict=True)
              for one in _members(each, agency, actor)]  # fmt: skip
    import_results(results.read(found), agencies[0], actor)
    _reports()
    _training(actor)
    _operations()
    _cases()
    _records()
    return logins


def _source(name: str) -> Any:
    return yaml.safe_load((files("harborlight.demo") / name).read_text("utf-8"))


def _agency(told: dict[str, Any], actor: Any) -> Agency:
    from harborlight.web.accounts.models import Agency
    from harborlight.web.audit.acts import act

    with act(actor, "demo.load"):
        agency, _ = Agency.objects.get_or_create(
            name=told["agency"],
            defaults={
                "kind": told["kind"],
                "state": "MN",
                "counties": told.get("counties", []),
                "takes_reports": told.get("takes_reports", False),
            },
        )
    return agency


def _members(told: dict[str, Any], agency: Agency, actor: Any) -> list[LogIn]:
    from django.contrib.auth.hashers import make_password

    from harborlight.web.accounts.models import Member, User
    from harborlight.web.accounts.roles import Role
    from harborlight.web.audit.acts import act

    made = []
    for role, name in told["people"].items():
        email = f"{role}@demo.example"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create(email=email, name=name, password=make_password(PASSWORD))
        with act(actor, "demo.load"):
            Member.objects.get_or_create(user=user, agency=agency, role=role)
        made.append(LogIn(str(Role(role).label), name, email, agency.name))
    return made


def _reports() -> None:
    """A few reports, unless there are some."""
    from harborlight.web.intake import receipts
    from harborlight.web.intake.models import Report
    from harborlight.web.intake.receiving import Incoming, receive

    if Report.objects.exists():
        return
    for told in _source("reports.yaml"):
        codes = {"danger": "no", "age": "unknown", "category": "other", "language": "en"}
        content = {"observed": told["observed"], "inferred": told["inferred"]}
        receive(
            receipts.mint(),
            Incoming(content=content, codes={**codes, "state": "MN", "county": told["county"]}),
        )


def _training(actor: Any) -> None:
    """Staff and a course for the airline, unless there are some."""
    from harborlight.demo import training
    from harborlight.web.accounts.models import Member
    from harborlight.web.accounts.roles import Role

    by_role = {each.role: each for each in Member.objects.filter(agency__kind="airline")}
    crew, trainer = by_role[Role.CREW], by_role[Role.TRAINER]
    training.load(crew.agency, crew, trainer, actor)


def _operations() -> None:
    """Operations of the task force and those who help."""
    from harborlight.demo import operation
    from harborlight.web.accounts.models import Member

    operation.load({each.role: each for each in Member.objects.select_related("agency", "user")})


def _cases() -> None:
    """A made-up case of the navigator, offered to child protection."""
    from harborlight.demo import cases
    from harborlight.web.accounts.models import Agency, Member
    from harborlight.web.accounts.roles import AgencyKind, Role

    county = Agency.objects.filter(kind=AgencyKind.CHILD_PROTECTION).first()
    navigator = Member.objects.filter(role=Role.NAVIGATOR).first()
    if navigator is not None and county is not None:
        cases.load(navigator, county)


def _records() -> None:
    """A package brought in, a hold, a record to be removed and a case to be deleted."""
    from harborlight.demo import records
    from harborlight.web.accounts.models import Member
    from harborlight.web.accounts.roles import Role

    by_role = {each.role: each for each in Member.objects.select_related("agency", "user")}
    who = (Role.SUPERVISOR, Role.INVESTIGATOR, Role.NAVIGATOR)
    if all(role in by_role for role in who):
        records.load(*(by_role[role] for role in who))
