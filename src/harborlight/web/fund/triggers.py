"""The triggers of the ledger, for SQLite and PostgreSQL. Their refusals reach Django as
IntegrityError.

- a seal is added only to an entry of two or more postings that sum to zero
- nothing is posted to an entry that is sealed, and no entry is added to a closed time
- a closing is never before another one
- balances, and places in the pool of the safe-harbor account, follow each posting
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_KEPT = """
    INSERT INTO fund_balance (account_id, month, what, rule, debit, credit, lines)
    SELECT NEW.account_id, {month}, e.what, NEW.rule,
        CASE WHEN NEW.cents > 0 THEN NEW.cents ELSE 0 END,
        CASE WHEN NEW.cents < 0 THEN -NEW.cents ELSE 0 END, 1
    FROM fund_entry e WHERE e.number = NEW.entry_id
    ON CONFLICT (account_id, month, what, rule) DO UPDATE SET
        debit = fund_balance.debit + excluded.debit,
        credit = fund_balance.credit + excluded.credit,
        lines = fund_balance.lines + 1;
    INSERT INTO fund_holding (account_id, source, number, cents)
    SELECT NEW.account_id, NEW.source, NEW.number, NEW.cents
    FROM fund_account a WHERE a.code = NEW.account_id AND a.held
    ON CONFLICT (source, number, account_id) DO UPDATE SET
        cents = fund_holding.cents + excluded.cents;
    INSERT INTO fund_share (entry, line, side, source, number, starts, ends)
    SELECT NEW.entry_id, NEW.line, 'in', NEW.source, NEW.number, p.at, p.at - NEW.cents
    FROM (SELECT COALESCE(MAX(ends), 0) AS at FROM fund_share WHERE side = 'in') p
    WHERE NEW.account_id = 'Equity:SafeHarbor:Available' AND NEW.cents < 0;
    INSERT INTO fund_share (entry, line, side, source, number, starts, ends)
    SELECT NEW.entry_id, NEW.line, 'out', NEW.source, NEW.number, p.at, p.at + NEW.cents
    FROM (SELECT COALESCE(MAX(ends), 0) AS at FROM fund_share WHERE side = 'out') p
    WHERE NEW.account_id = 'Equity:SafeHarbor:Available' AND NEW.cents > 0;
"""
SQLITE = {
    "fund_seal_checks": """
        CREATE TRIGGER fund_seal_checks BEFORE INSERT ON fund_seal BEGIN
            SELECT RAISE(ABORT, 'the entry has no two postings that sum to zero')
            WHERE (SELECT COUNT(*) FROM fund_posting WHERE entry_id = NEW.number) < 2
               OR (SELECT SUM(cents) FROM fund_posting WHERE entry_id = NEW.number) <> 0;
            SELECT RAISE(ABORT, 'the entry is sealed')
            WHERE EXISTS (SELECT 1 FROM fund_seal WHERE number = NEW.number);
        END""",
    "fund_posting_frozen": """
        CREATE TRIGGER fund_posting_frozen BEFORE INSERT ON fund_posting BEGIN
            SELECT RAISE(ABORT, 'the entry is sealed')
            WHERE EXISTS (SELECT 1 FROM fund_seal WHERE number = NEW.entry_id);
            SELECT RAISE(ABORT, 'cents are whole') WHERE typeof(NEW.cents) <> 'integer';
        END""",
    "fund_entry_open": """
        CREATE TRIGGER fund_entry_open BEFORE INSERT ON fund_entry BEGIN
            SELECT RAISE(ABORT, 'the books are closed for that day')
            WHERE NEW.day <= (SELECT MAX(through) FROM fund_closing);
            -- INSERT OR REPLACE would delete without asking the trigger that refuses it.
            SELECT RAISE(ABORT, 'the entry is there')
            WHERE EXISTS (SELECT 1 FROM fund_entry WHERE number = NEW.number);
        END""",
    "fund_closing_onward": """
        CREATE TRIGGER fund_closing_onward BEFORE INSERT ON fund_closing BEGIN
            SELECT RAISE(ABORT, 'the books are closed for that day already')
            WHERE NEW.through <= (SELECT MAX(through) FROM fund_closing);
        END""",
    "fund_posting_kept": "CREATE TRIGGER fund_posting_kept AFTER INSERT ON fund_posting BEGIN"
    + _KEPT.replace(
        # SQLite needs a WHERE before ON CONFLICT of a SELECT; there is one.
        "{month}", "substr(e.day, 1, 7)"
    )
    + "END",
}  # fmt: skip
_BODIES = {
    "fund_seal_checks": (
        "BEFORE INSERT ON fund_seal",
        """
        IF (SELECT COUNT(*) < 2 OR SUM(cents) <> 0 FROM fund_posting
            WHERE entry_id = NEW.number) THEN
            RAISE EXCEPTION 'the entry has no two postings that sum to zero'
                USING ERRCODE = '23514';
        END IF;""",
    ),
    "fund_posting_frozen": (
        "BEFORE INSERT ON fund_posting",
        """
        IF EXISTS (SELECT 1 FROM fund_seal WHERE number = NEW.entry_id) THEN
            RAISE EXCEPTION 'the entry is sealed' USING ERRCODE = '23514';
        END IF;""",
    ),
    "fund_entry_open": (
        "BEFORE INSERT ON fund_entry",
        """
        IF NEW.day <= (SELECT MAX(through) FROM fund_closing) THEN
            RAISE EXCEPTION 'the books are closed for that day' USING ERRCODE = '23514';
        END IF;""",
    ),
    "fund_closing_onward": (
        "BEFORE INSERT ON fund_closing",
        """
        IF NEW.through <= (SELECT MAX(through) FROM fund_closing) THEN
            RAISE EXCEPTION 'the books are closed for that day already' USING ERRCODE = '23514';
        END IF;""",
    ),
    "fund_posting_kept": (
        "AFTER INSERT ON fund_posting",
        _KEPT.replace("{month}", "to_char(e.day, 'YYYY-MM')"),
    ),
}


def expected(vendor: str) -> set[str]:
    """The names of all triggers that keep the ledger, those of its append-only tables too."""
    from harborlight.web.audit.triggers import names

    return set(SQLITE) | {name for table in APPEND_ONLY for name in names(vendor, table)}


APPEND_ONLY = ("fund_entry", "fund_posting", "fund_seal", "fund_closing", "fund_account")


def ledger() -> RunPython:
    """A migration step: the triggers named above."""

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            for statement in SQLITE.values():
                editor.execute(statement, params=None)
            return
        for name, (on, body) in _BODIES.items():
            editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} "
                "RETURN NEW; END $$",
                params=None,
            )
            editor.execute(
                f"CREATE TRIGGER {name} {on} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None
            )

    def backward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for name, (on, _body) in _BODIES.items():
            if editor.connection.vendor == "postgresql":
                editor.execute(f"DROP TRIGGER {name} {on[on.index('ON ') :]}", params=None)
                editor.execute(f"DROP FUNCTION {name}()", params=None)
            else:
                editor.execute(f"DROP TRIGGER {name}", params=None)

    return RunPython(forward, backward)
