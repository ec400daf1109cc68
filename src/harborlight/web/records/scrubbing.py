"""What was deleted is wiped from where the database still has it.

SQLite overwrites what is deleted (`secure_delete`), but its journal holds pages of before until it
is emptied. PostgreSQL keeps old rows until they are vacuumed.
"""

from __future__ import annotations

from django.db import connection


def scrub() -> int:
    """Wipe it. Nothing can be done within a transaction: then it is left to the next run.

    How many things were wiped is not known, and 0 is told.
    """
    if connection.in_atomic_block:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM")
    return 0
