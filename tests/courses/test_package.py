"""A package is a zip with a manifest that says what is in it, and always the same bytes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from course_files import FILES, write
from lxml import etree
from typer.testing import CliRunner

import npm
from harborlight.cli import app
from harborlight.courses.course import Course, bundled, load
from harborlight.courses.package import PLAYER, content, package

IMS = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
CMI5 = "{https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd}"
COURSES = sorted(bundled().values(), key=lambda each: each.code)
FORMATS = ("scorm", "cmi5")


def opened(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        assert files.testzip() is None
        return {name: files.read(name) for name in files.namelist()}


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_course_gives_the_same_bytes(tmp_path: Path, format: str) -> None:  # noqa: A002
    out = []
    for number, zone in ((1, "Asia/Tokyo"), (2, "America/Chicago")):
        file = tmp_path / f"{number}.zip"
        code = "from harborlight.cli import main; main()"
        command = ["training", "export", "ground", "--format", format, "--out", str(file)]
        subprocess.run(
            [sys.executable, "-c", code, *command],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number)},
            check=True,
            capture_output=True,
            umask=0o077 * (number - 1),
        )
        out.append(file.read_bytes())
    assert out[0] == out[1]
    with zipfile.ZipFile(io.BytesIO(out[0])) as files:
        names = files.namelist()
        assert names == sorted(names)
        assert {each.date_time for each in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.compress_type for each in files.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("course", COURSES, ids=lambda each: each.code)
def test_the_scorm_manifest_is_as_its_schema_has_it(course: Course) -> None:
    it = course
    files = opened(package(it, "scorm"))
    root = ElementTree.fromstring(files["imsmanifest.xml"])  # noqa: S314 - our own
    # The order and number of elements of imscp_rootv1p1p2.xsd and adlcp_rootv1p2.xsd.
    assert root.tag == f"{IMS}manifest"
    assert re.fullmatch(r"[A-Za-z_][\w.-]*", root.attrib["identifier"])  # xsd:ID
    assert [each.tag for each in root] == [
        f"{IMS}{name}" for name in ("metadata", "organizations", "resources")
    ]
    metadata, organizations, resources = root
    assert [(each.tag, each.text) for each in metadata] == [
        (f"{IMS}schema", "ADL SCORM"),
        (f"{IMS}schemaversion", "1.2"),
    ]
    (organization,) = organizations
    assert organizations.attrib == {"default": organization.attrib["identifier"]}
    assert [each.tag for each in organization] == [f"{IMS}title", f"{IMS}item"]
    title, item = organization
    assert title.text == it.title["en"]
    (resource,) = resources
    assert item.attrib["identifierref"] == resource.attrib["identifier"]
    assert [each.tag for each in item] == [f"{IMS}title"]
    assert resource.attrib[f"{ADL}scormtype"] == "sco"
    assert resource.attrib["type"] == "webcontent"
    named = [each.attrib["href"] for each in resource]
    assert resource.attrib["href"] in named
    assert sorted([*named, "imsmanifest.xml"]) == sorted(files)
    ids = [each.attrib["identifier"] for each in root.iter() if "identifier" in each.attrib]
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """SCORM 1.2 as ADL's schemas have it."""
    folder = tmp_path_factory.mktemp("schemas")
    within = "lib/schemas/definitionFiles/scorm12edition"
    for name in ("imscp_rootv1p1p2", "imsmd_rootv1p2p1", "adlcp_rootv1p2", "ims_xml"):
        schemas = npm.text(npm.SCORM_SCHEMAS, f"{within}/{name}.xsd")
        (folder / f"{name}.xsd").write_text(schemas, "utf-8")
    imports = "".join(
        f'<import namespace="{space[1:-1]}" schemaLocation="{name}.xsd"/>'
        for space, name in ((IMS, "imscp_rootv1p1p2"), (ADL, "adlcp_rootv1p2"))
    )
    both = folder / "both.xsd"
    both.write_text(f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>')
    return etree.XMLSchema(file=str(both))


@pytest.mark.parametrize("course", COURSES, ids=lambda each: each.code)
def test_the_scorm_manifest_is_valid_by_adls_own_schemas(
    course: Course, schema: etree.XMLSchema
) -> None:
    raw = opened(package(course, "scorm"))["imsmanifest.xml"]
    assert schema.validate(etree.fromstring(raw)), schema.error_log
    for good, bad in ((b'scormtype="sco"', b'scormtype="page"'), (b"<resources>", b"<resource>")):
        wrong = raw.replace(good, bad).replace(good.replace(b"<", b"</"), bad.replace(b"<", b"</"))
        assert wrong != raw
        assert not schema.validate(etree.fromstring(wrong))


@pytest.mark.parametrize("course", COURSES, ids=lambda each: each.code)
def test_the_cmi5_structure_is_as_its_schema_has_it(course: Course) -> None:
    it = course
    files = opened(package(it, "cmi5"))
    root = ElementTree.fromstring(files["cmi5.xml"])  # noqa: S314 - our own
    assert root.tag == f"{CMI5}courseStructure"
    assert [each.tag for each in root] == [f"{CMI5}course", f"{CMI5}au"]
    whole, unit = root
    assert [each.tag for each in whole] == [f"{CMI5}title", f"{CMI5}description"]
    assert [each.tag for each in unit] == [
        f"{CMI5}{name}" for name in ("title", "description", "url")
    ]
    assert unit.attrib["moveOn"] == "CompletedAndPassed"
    assert float(unit.attrib["masteryScore"]) == it.pass_at
    assert unit.attrib["launchMethod"] in ("AnyWindow", "OwnWindow")
    assert unit[2].text in files
    assert [each.attrib["lang"] for each in unit[0]] == ["en", "es"]
    assert [each.text for each in unit[0]] == [it.title["en"], it.title["es"]]
    ids = [whole.attrib["id"], unit.attrib["id"]]
    assert len(set(ids)) == 2
    assert all(urlsplit(each).scheme == "urn" for each in ids)
    newer = opened(package(replace(it, version="f" * 64), "cmi5"))["cmi5.xml"]
    again, other = ElementTree.fromstring(newer)  # noqa: S314 - our own
    assert again.attrib["id"] == whole.attrib["id"]
    assert other.attrib["id"] != unit.attrib["id"]


@pytest.mark.parametrize("format", FORMATS)
def test_the_whole_course_is_in_it_and_nothing_of_others(format: str) -> None:  # noqa: A002
    course = bundled()["cabin"]
    files = opened(package(course, format))  # type: ignore[arg-type]
    script = files["course.js"].decode()
    told = json.loads(script.split("const COURSE = ", 1)[1].rsplit(";", 1)[0].replace("<\\/", "</"))
    assert told == content(course)
    assert told["version"] == course.version
    assert {each["code"] for each in told["scenarios"]} == {e.code for e in course.scenarios}
    page = files["index.html"].decode()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in page
    assert ("connect-src 'none'" in page) == (format == "scorm")
    assert course.title["en"] in page
    for name, text in files.items():
        if name.endswith((".js", ".html", ".css")) and name != "course.js":
            assert not re.search(rb"<script>|\son\w+=\"|style=|eval\(|src=\"//|@import", text), name
    links = set(re.findall(r"(?:src|href)=\"([^\"]+)\"", page))
    assert links <= set(files)
    # What is no file of the package is a name of the standard or a source that is shown as text.
    assert {urlsplit(each.decode()).netloc for each in re.findall(
        rb"https?://[^\"'\s]+", files["link.js"] + files["player.js"] + files["state.js"])
    } <= {"adlnet.gov", "w3id.org"}  # fmt: skip


def test_a_course_cannot_break_out_of_its_script(tmp_path: Path) -> None:
    lesson = FILES["01-what.en.md"] + "\n<script>alert(1)</script> [x](javascript:alert(1))\n"
    title = FILES["course.yaml"].replace("A small course", '"A </script><b>small</b> & course"')
    folder = write(tmp_path, **{"01_what_en_md": lesson, "course_yaml": title})
    files = opened(package(load(folder), "scorm"))
    assert b"</script" not in files["course.js"]
    assert b"<script>alert" not in files["course.js"]
    assert b'href=\\"javascript' not in files["course.js"]
    assert b"<title>A &lt;/script>&lt;b>small&lt;/b> &amp; course</title>" in files["index.html"]


def test_a_question_with_too_many_options(tmp_path: Path) -> None:
    course = load(write(tmp_path))
    many = tuple({"en": str(n), "es": str(n)} for n in range(37))
    asked = replace(course, questions=(replace(course.questions[0], options=many),))
    with pytest.raises(ValueError, match="whom has more than 36 options"):
        package(asked, "scorm")


def test_every_word_of_the_player_is_in_both_languages() -> None:
    text = (PLAYER / "words.js").read_text("utf-8")
    english, spanish = text.split("\n  es: {")
    names = [re.findall(r"^    (\w+):", each, re.M) for each in (english, spanish)]
    assert names[0] == names[1]
    values = [re.findall(r"^    \w+: (.+),$", each, re.M) for each in (english, spanish)]
    assert len(values[0]) == len(names[0])
    assert not set(values[0]) & set(values[1])
    code = "".join((PLAYER / name).read_text("utf-8") for name in ("player.js", "cmi5.js"))
    used = set(re.findall(r"words\(\)\.(\w+)", code))
    assert used <= set(names[0])
    assert set(names[0]) - used == {"name"}


def test_the_command(tmp_path: Path) -> None:
    run = CliRunner()
    out = tmp_path / "small.zip"
    done = run.invoke(app, ["training", "export", str(write(tmp_path)), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "small, version " in done.output
    assert "imsmanifest.xml" in opened(out.read_bytes())
    done = run.invoke(app, ["training", "export", "cabin", "--format", "cmi5", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "cmi5.xml" in opened(out.read_bytes())


@pytest.mark.parametrize(
    ("course", "out", "told"),
    [
        ("pilot", "x.zip", "pilot is no folder, and no course that comes with Harborlight: cabin"),
        ("cabin", "nowhere/x.zip", "cannot write"),
        (".", "x.zip", "no part of a course is called so|the file is missing"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, course: str, out: str, told: str) -> None:
    where = str(tmp_path) if course == "." else course
    file = tmp_path / out
    done = CliRunner().invoke(app, ["training", "export", where, "--out", str(file)])
    assert done.exit_code == 2
    assert re.search(told, done.output)
    assert "Traceback" not in done.output
    assert not file.exists()
