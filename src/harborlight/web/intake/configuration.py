"""How a site has set up intake: `defaults.yaml`, and over it `intake.yaml` of its home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from harborlight.web.home import home
from harborlight.web.intake.labels import Danger, Outcome


class ConfigurationError(Exception):
    """The file intake.yaml says something that cannot be. Names file and key."""


@dataclass(frozen=True)
class Configuration:
    """What `defaults.yaml` describes, read."""

    state: str
    escalate_after: dict[str, timedelta]
    escalate_again: timedelta
    keep: dict[str, timedelta]


def configuration() -> Configuration:
    """The site's configuration, read again when its file has changed."""
    path = home().folder / "intake.yaml"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = -1
    return _read(path, changed)


@cache
def _read(path: Path, changed: int) -> Configuration:
    told = _load((files("harborlight.web.intake") / "defaults.yaml").read_text("utf-8"), "defaults")
    if changed >= 0:
        own = _load(path.read_text("utf-8"), str(path))
        for key, value in own.items():
            if key not in told:
                raise ConfigurationError(f"{path}: {key} is not known")
            told[key] = {**told[key], **value} if isinstance(told[key], dict) else value
    return Configuration(
        state=str(told["state"]),
        escalate_after={
            each.value: _time(path, "escalate_after_hours", told, each.value, hours=True)
            for each in Danger
        },
        escalate_again=_time(path, "escalate_again_hours", told, None, hours=True),
        keep={
            each.value: _time(path, "keep_days", told, each.value, hours=False) for each in Outcome
        },
    )


def _load(text: str, name: str) -> dict[str, Any]:
    told = yaml.safe_load(text)
    if not isinstance(told, dict):
        raise ConfigurationError(f"{name}: must hold names and values")
    return told


def _time(
    path: Path, key: str, told: dict[str, Any], part: str | None, *, hours: bool
) -> timedelta:
    value = told[key] if part is None else told[key][part]
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ConfigurationError(f"{path}: {key} {part or ''} must be a number above 0: {value!r}")
    return timedelta(hours=value) if hours else timedelta(days=value)
