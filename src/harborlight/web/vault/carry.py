"""For migrations: rows whose words stood open go to a table in which they are sealed.

A sealed row has a key of its own as its number, so its table is made anew: the migration makes it
under another name, carries the rows over, deletes the old table and renames the new one.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

from harborlight.web.crypto import blind, sealing


def carry(
    app: str, old: str, new: str, sealed: tuple[str, ...], searched: Mapping[str, str] | None = None
) -> RunPython:
    """A migration step: each row of the model `old` becomes one of `new`, with `sealed` sealed.

    What is sealed is bound to the name `old`, which the new table gets when this is done.
    `searched` has the kind of blind index of each field that is found by value. It is not undone.
    """

    def forward(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        before, after = apps.get_model(app, old), apps.get_model(app, new)
        term = apps.get_model("vault", "Term")
        label = f"{app}.{old}".lower()
        kept = [each.attname for each in before._meta.concrete_fields if not each.primary_key]
        for row in before._default_manager.using(editor.connection.alias).order_by("pk"):
            key, content = uuid.uuid4(), {name: getattr(row, name) for name in sealed}
            values: dict[str, Any] = {
                name: getattr(row, name) for name in kept if name not in sealed
            }
            after._default_manager.create(id=key, **values, **_sealed(f"{label} {key}", content))
            for name, kind in (searched or {}).items():
                if content[name]:
                    term._default_manager.create(
                        kind=kind,
                        digest=blind.blind(_keys(), kind, content[name]),
                        model=label,
                        record=key,
                        field=name,
                    )

    return RunPython(forward)


def _sealed(about: str, content: Mapping[str, Any]) -> dict[str, Any]:
    data_key = sealing.new_data_key()
    key_id, wrapped = sealing.wrap(_keys(), data_key, about)
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return {
        "key_id": key_id,
        "wrapped_key": wrapped,
        "sealed": sealing.seal(data_key, plain, about),
    }


def _keys() -> Any:
    from harborlight.web.crypto.current import keys

    return keys()
