"""The package of assets holds what the style sheet names, and takes only the pinned one."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import harborlight_assets
import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

HOUSE = Path(__file__).resolve().parents[1]
USWDS = harborlight_assets.STATIC / "uswds"
FILES = [file for file in harborlight_assets.STATIC.rglob("*") if file.is_file()]


def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", HOUSE / "assets/hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sum_of(package: bytes) -> str:
    return base64.b64encode(hashlib.sha512(package).digest()).decode("ascii")


def packed(files: dict[str, str]) -> bytes:
    """A package as npm packs it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


SMALL = packed(
    {
        "package.json": '{"name": "@uswds/uswds", "version": "3.14.0"}',
        "LICENSE.md": "The licenses",
        "dist/css/uswds.min.css": "@font-face{src:url(../fonts/a/used.woff2?v=1)}"
        "a{background:url( '../img/x.svg#i' )}b{background:url(data:image/png;base64,AA)}",
        "dist/fonts/a/used.woff2": "used",
        "dist/fonts/a/unused.woff2": "unused",
        "dist/img/x.svg": "<svg/>",
    }
)


@contextmanager
def registry(package: bytes) -> Iterator[str]:
    """A registry on this machine with one version of one package, 3.14.0 of USWDS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(".tgz"):
                answer = package
            else:
                release = {
                    "name": "@uswds/uswds",
                    "version": "3.14.0",
                    "dist": {
                        "tarball": f"{address}/uswds.tgz",
                        "integrity": f"sha512-{sum_of(package)}",
                    },
                }
                answer = json.dumps(
                    {
                        "name": "@uswds/uswds",
                        "dist-tags": {"latest": "3.14.0"},
                        "versions": {"3.14.0": release},
                    }
                ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield address
        finally:
            server.shutdown()


@pytest.fixture
def npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The real npm, asking a registry that gives out SMALL."""
    with registry(SMALL) as address:
        monkeypatch.setenv("npm_config_registry", address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        yield


def test_the_folders_and_the_files_that_the_pages_ask_for_are_there() -> None:
    for name in ("css/uswds.min.css", "js/uswds.min.js", "js/uswds-init.min.js", "img/sprite.svg"):
        assert (USWDS / name).stat().st_size > 100, name
    assert not (USWDS / "img/material-icons").exists()
    assert not (USWDS / "img/uswds-icons").exists()


def test_every_file_that_the_style_sheet_names_is_there_and_no_other_font() -> None:
    css = (USWDS / "css/uswds.min.css").read_text("utf-8")
    names = {name for name in re.findall(r"url\(\"?([^)\"]+)\"?\)", css) if name[:5] != "data:"}
    files = {(USWDS / "css" / re.split("[?#]", name)[0]).resolve() for name in names}
    assert len(files) > 30
    assert [file for file in files if not file.is_file()] == []
    fonts = {file.resolve() for file in (USWDS / "fonts").rglob("*") if file.is_file()}
    assert fonts
    assert fonts <= files


def test_django_can_name_every_file_by_its_content(tmp_path: Path) -> None:
    """As collectstatic does it: to name a file that is not there is an error."""
    assert str(harborlight_assets.STATIC) in settings.STATICFILES_DIRS
    storage = CompressedManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    source = FileSystemStorage(location=str(harborlight_assets.STATIC))
    paths = {}
    for path in sorted(file.relative_to(harborlight_assets.STATIC).as_posix() for file in FILES):
        with source.open(path) as content:
            storage.save(path, content)
        paths[path] = (storage, path)
    wrong = [
        (path, done) for path, _, done in storage.post_process(paths) if isinstance(done, Exception)
    ]
    assert wrong == []
    assert re.fullmatch(
        r"/static/uswds/css/uswds\.min\.\w+\.css", storage.url("uswds/css/uswds.min.css")
    )


def test_the_licenses_come_with_it() -> None:
    assert "license" in (USWDS / "LICENSE.md").read_text("utf-8").lower()
    assert (HOUSE / "assets/LICENSE").read_bytes() == (HOUSE / "LICENSE").read_bytes()


def test_the_version_is_the_pinned_one() -> None:
    lock = json.loads((HOUSE / "assets/uswds.lock.json").read_text("utf-8"))
    assert lock["version"] == harborlight_assets.USWDS_VERSION


def test_a_changed_package_is_refused() -> None:
    build = hook()
    lock = {"package": "@uswds/uswds", "version": "3.14.0", "sha512": sum_of(SMALL)}
    build.check(SMALL, lock)
    changed = bytearray(SMALL)
    changed[len(changed) // 2] ^= 1
    with pytest.raises(build.AssetsError, match="it was changed"):
        build.check(bytes(changed), lock)


@pytest.mark.usefixtures("npm")
def test_a_build_ends_in_one_line_when_npm_gives_another_package() -> None:
    """npm is content, as the registry vouches for what it gives: our own sum refuses it."""
    build = hook()
    built = build.AssetsHook.__new__(build.AssetsHook)
    included: dict[str, dict[str, str]] = {"force_include": {}}
    with pytest.raises(SystemExit, match=r"^harborlight-assets: .*it was changed[^\n]*$"):
        built.initialize("standard", included)
    assert included == {"force_include": {}}


@pytest.mark.usefixtures("npm")
def test_a_package_that_cannot_be_had_is_told_in_one_line_with_the_reason() -> None:
    build = hook()
    lock = {"package": "@uswds/uswds", "version": "3.14.0", "sha512": ""}
    assert build.fetch(lock) == SMALL
    with pytest.raises(
        build.AssetsError, match=r"uswds@3\.14\.999: [^\n]*No matching version[^\n]*$"
    ):
        build.fetch(lock | {"version": "3.14.999"})


def test_fonts_that_no_style_names_are_left_out(tmp_path: Path) -> None:
    hook().unpack(SMALL, tmp_path, {"version": "3.14.0"})
    files = {
        file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()
    }
    assert files == {
        "LICENSE.md",
        "css/uswds.min.css",
        "fonts/a/used.woff2",
        "img/x.svg",
        "version.json",
    }


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
