"""The OpenAPI description of the HSDS API as it is served here."""

from __future__ import annotations

from typing import Any

from harborlight.web.directory.tables import VERSION, Table, tables

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "number": {"type": "number"},
    "email": {"type": "string", "format": "email"},
    "uri": {"type": "string", "format": "uri"},
    "date": {"type": "string"},
    "time": {"type": "string"},
    "datetime": {"type": "string"},
}
_TRUE: dict[str, Any] = {"type": "boolean"}
_TEXT: dict[str, Any] = {"type": "string"}
_FROM_1: dict[str, Any] = {"type": "integer", "minimum": 1}
_PAGED = {
    "search": _TEXT,
    "page": _FROM_1,
    "per_page": _FROM_1,
    "format": {"enum": ["json", "ndjson"]},
}
_TERMS = {"taxonomy_term_id": _TEXT, "taxonomy_id": _TEXT}
_CHANGED = {"organization_id": _TEXT, "modified_after": {"type": "string", "format": "date-time"}}

#: Each list: the table of its items, and its parameters beside those of pages.
LISTS: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "services": ("service", {**_TERMS, **_CHANGED, "minimal": _TRUE, "full": _TRUE}),
    "organizations": ("organization", {**_TERMS, "full": _TRUE, "full_service": _TRUE}),
    "service_at_locations": (
        "service_at_location",
        {**_TERMS, **_CHANGED, "full": _TRUE, "postcode": _TEXT, "proximity": _TEXT},
    ),
    "taxonomies": ("taxonomy", {}),
    "taxonomy_terms": (
        "taxonomy_term",
        {"taxonomy_id": _TEXT, "top_only": _TRUE, "parent_id": _TEXT},
    ),
}


def openapi(base: str) -> dict[str, Any]:
    """The description, with `base` as the address of the server."""
    paths: dict[str, Any] = {
        "/": {"get": _operation("about", "What this API is", {"type": "object"}, [], {})}
    }
    for name, (table, more) in LISTS.items():
        parameters = [
            {"name": key, "in": "query", "required": False, "schema": kind}
            for key, kind in {**_PAGED, **more}.items()
        ]
        item = {"$ref": f"#/components/schemas/{table}"}
        listed = {
            "allOf": [
                {"$ref": "#/components/schemas/Page"},
                {"properties": {"contents": {"type": "array", "items": item}}},
            ]
        }
        paths[f"/{name}"] = {
            method: _operation(f"{method}_{name}", f"A list: {name}", listed, parameters, _LINES)
            for method in ("get", "post")
        }
        key = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
        one = [key]
        if name == "organizations":
            one.append({"name": "full_service", "in": "query", "schema": _TRUE})
        paths[f"/{name}/{{id}}"] = {"get": _operation(f"one_of_{name}", "One", item, one, {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Directory of services (HSDS)", "version": VERSION,
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": {**{t.name: _schema(t) for t in tables().values()},
                                   "Page": _PAGE, "Error": _ERROR}},
    }  # fmt: skip


_LINES = {"application/x-ndjson": {"schema": {"type": "string"}}}
_PAGE = {
    "type": "object",
    "required": ["total_items", "total_pages", "page_number", "size", "first_page", "last_page",
                 "empty"],
    "properties": {
        **{n: {"type": "integer"} for n in ("total_items", "total_pages", "page_number", "size")},
        **{n: {"type": "boolean"} for n in ("first_page", "last_page", "empty")},
    },
}  # fmt: skip
_ERROR = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}


def _operation(
    name: str,
    summary: str,
    answer: dict[str, Any],
    parameters: list[dict[str, Any]],
    more: dict[str, Any],
) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": summary,
                "content": {"application/json": {"schema": answer}, **more},
            },
            "400": {"description": "What is wrong with the question", "content": error},
            "404": {"description": "There is none, or none for this view", "content": error},
        },
    }


def _schema(table: Table) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, kind in table.fields.items():
        properties[name] = {"enum": kind.split("/")} if "/" in kind else _TYPES[kind]
    for name, held in table.lists.items():
        item = {"$ref": f"#/components/schemas/{held}"}
        properties[name] = {"type": "array", "items": item}
    for name, held in table.ones.items():
        properties[name] = {"$ref": f"#/components/schemas/{held}"}
    # A location that is confidential for the view is told by its id alone.
    return {"type": "object", "required": ["id"], "properties": properties}
