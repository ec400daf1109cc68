"""The triggers of training, for SQLite and PostgreSQL: answers never change, what is finished never
changes, nothing is deleted before its day. Their refusals reach Django as IntegrityError."""

from __future__ import annotations

from harborlight.web.audit.triggers import Refusal

KEPT = ("taking", "answer", "check", "certificate")


def _early(name: str) -> Refusal:
    table = f"training_{name}"
    # Both databases have CURRENT_DATE, in UTC; SQLite compares the dates as ISO texts.
    return Refusal(
        f"{table}_kept",
        "DELETE",
        table,
        "OLD.keep_until > CURRENT_DATE",
        "records of training are kept",
    )


def _shorter(name: str) -> Refusal:
    table = f"training_{name}"
    return Refusal(
        f"{table}_kept_as_long",
        "UPDATE",
        table,
        "NEW.keep_until < OLD.keep_until",
        "a record of training is kept as long as was said",
    )


REFUSALS: tuple[Refusal, ...] = (
    *(_early(name) for name in KEPT),
    *(_shorter(name) for name in ("taking", "check")),
    Refusal("training_answer_frozen", "UPDATE", "training_answer", "1 = 1", "an answer stays"),
    Refusal(
        "training_certificate_frozen",
        "UPDATE",
        "training_certificate",
        "1 = 1",
        "a certificate stays",
    ),
    Refusal(
        "training_taking_frozen",
        "UPDATE",
        "training_taking",
        "OLD.finished_at IS NOT NULL",
        "a finished course stays as it is",
    ),
    Refusal(
        "training_check_frozen",
        "UPDATE",
        "training_check",
        "OLD.done_at IS NOT NULL",
        "a finished check stays as it is",
    ),
)
