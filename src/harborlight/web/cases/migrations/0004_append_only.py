from django.db import migrations

from harborlight.web.audit.triggers import Refusal, append_only, frozen, refusing

#: A transfer goes by its steps, whoever writes: no import, shell or statement gets round it.
STEPS = Refusal(
    "cases_transfer_steps",
    "UPDATE",
    "cases_transfer",
    "NEW.state <> OLD.state AND NOT ("
    "(OLD.state = 'offered' AND NEW.state IN ('accepted', 'rejected', 'revoked')) OR "
    "(OLD.state = 'accepted' AND NEW.state IN ('done', 'revoked')))",
    "a transfer goes by its steps",
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_work_of_cases")]

    operations = [
        append_only("cases_transferstep"),
        frozen(
            "cases_transfer",
            "case_id",
            "number",
            "from_agency_id",
            "to_agency_id",
            "offered_by_id",
            "offered_at",
        ),
        frozen("cases_note", "case_id", "agency_id", "member_id", "audience", "at", "sealed"),
        refusing((STEPS,)),
    ]
