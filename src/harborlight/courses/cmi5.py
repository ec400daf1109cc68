"""The course structure of a cmi5 package with one assignable unit.

Source: AICC and ADL, cmi5 Specification Profile for xAPI (quartz, 2016), section 13.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from harborlight.courses.course import Course
from harborlight.courses.scorm import document

STRUCTURE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"

#: The names of our courses and units are made in this space, so that they are always the same.
SPACE = uuid.UUID("5b0a3a0e-5c0e-4a6e-9d5b-6a1f0e6c1a27")


def manifest(course: Course, files: Sequence[str]) -> dict[str, str]:
    """`cmi5.xml` for a course; `files` are not named in it. Another version is another unit."""
    root = ElementTree.Element("courseStructure", {"xmlns": STRUCTURE})
    whole = ElementTree.SubElement(root, "course", {"id": _urn(course.code)})
    unit_attributes = {
        "id": _urn(f"{course.code} {course.version}"),
        "moveOn": "CompletedAndPassed",
        "masteryScore": f"{course.pass_at:.4f}",
        "launchMethod": "AnyWindow",
        "activityType": "http://adlnet.gov/expapi/activities/course",
    }
    unit = ElementTree.SubElement(root, "au", unit_attributes)
    for element in (whole, unit):
        for name in ("title", "description"):
            words = ElementTree.SubElement(element, name)
            for language in course.languages:
                string = ElementTree.SubElement(words, "langstring", {"lang": language})
                string.text = course.title[language]
    ElementTree.SubElement(unit, "url").text = "index.html"
    return {"cmi5.xml": document(root)}


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(SPACE, name)}"
