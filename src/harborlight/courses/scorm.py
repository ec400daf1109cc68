"""The manifest of a SCORM 1.2 package with one SCO.

Source: ADL, SCORM 1.2 Content Aggregation Model (2001): IMS content packaging 1.1.2 with ADL's
extensions. A mastery score is left out on purpose: with one, some LMSs put their own passed or
failed over what the course says.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

from harborlight.courses.course import Course

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def manifest(course: Course, files: Sequence[str]) -> dict[str, str]:
    """`imsmanifest.xml` for a course whose package has these files; index.html starts it."""
    title = course.title[course.languages[0]]
    root = ElementTree.Element(
        "manifest",
        {
            "identifier": f"harborlight-{course.code}-{course.version[:16]}",
            "version": "1.0",
            "xmlns": IMSCP,
            "xmlns:adlcp": ADLCP,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{IMSCP} imscp_rootv1p1p2.xsd {ADLCP} adlcp_rootv1p2.xsd",
        },
    )
    metadata = ElementTree.SubElement(root, "metadata")
    ElementTree.SubElement(metadata, "schema").text = "ADL SCORM"
    ElementTree.SubElement(metadata, "schemaversion").text = "1.2"
    organizations = ElementTree.SubElement(root, "organizations", {"default": "course"})
    organization = ElementTree.SubElement(organizations, "organization", {"identifier": "course"})
    ElementTree.SubElement(organization, "title").text = title
    item = ElementTree.SubElement(
        organization,
        "item",
        {"identifier": "taking", "identifierref": "sco", "isvisible": "true"},
    )
    ElementTree.SubElement(item, "title").text = title
    resources = ElementTree.SubElement(root, "resources")
    resource = ElementTree.SubElement(
        resources,
        "resource",
        {
            "identifier": "sco",
            "type": "webcontent",
            "adlcp:scormtype": "sco",
            "href": "index.html",
        },
    )
    for name in files:
        ElementTree.SubElement(resource, "file", {"href": name})
    return {"imsmanifest.xml": document(root)}


def document(root: ElementTree.Element) -> str:
    """An XML document, indented, with its declaration."""
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
