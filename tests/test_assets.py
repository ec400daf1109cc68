"""The package of assets holds what the style sheet names, and takes only the pinned one."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import harborlight_assets
import pytest

HOUSE = Path(__file__).resolve().parents[1]
USWDS = harborlight_assets.STATIC / "uswds"


def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", HOUSE / "assets/hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_that_the_style_sheet_names_is_there() -> None:
    css = (USWDS / "css/uswds.min.css").read_text("utf-8")
    named = {name for name in re.findall(r"url\(\"?([^)\"]+)\"?\)", css) if name[:5] != "data:"}
    assert len(named) > 30
    missing = [name for name in named if not (USWDS / "css" / re.split("[?#]", name)[0]).exists()]
    assert missing == []


def test_the_license_comes_with_it() -> None:
    assert "license" in (USWDS / "LICENSE.md").read_text("utf-8").lower()
    assert re.fullmatch(r"3\.\d+\.\d+", harborlight_assets.USWDS_VERSION)


def test_a_changed_package_is_refused() -> None:
    build = hook()
    lock = {"package": "@uswds/uswds", "version": "3.14.0", "sha512": "AAAA"}
    with pytest.raises(build.AssetsError, match="it was changed"):
        build.check(b"something else", lock)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("package/dist/css/uswds.min.css", "css/uswds.min.css"),
        ("package/dist/css/uswds.css", None),
        ("package/dist/img/material-icons/add.svg", None),
        ("package/dist/img/usa-icons/add.svg", "img/usa-icons/add.svg"),
        ("package/dist/fonts/../../../x", None),
        ("package/packages/usa-banner/src/x.scss", None),
    ],
)
def test_only_what_the_site_serves_is_taken(name: str, place: str | None) -> None:
    assert hook().wanted(name) == place
