"""What stood open in the tables of an earlier version is sealed when they are made anew."""

from __future__ import annotations

from pathlib import Path

from real_site import Site

EARLIER = (("protection", "0002_wall"), ("exchange", "0001_initial"), ("records", "0002_wall"))

#: Rows of the earlier tables, by the models of then.
WRITE = f"""
import uuid
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from harborlight.web.running.prepare import make_home
make_home()
earlier = {EARLIER!r}
MigrationExecutor(connection).migrate(list(earlier))
executor = MigrationExecutor(connection)
apps = executor.loader.project_state(list(earlier)).apps
def make(model, **values):
    return apps.get_model(model)._default_manager.create(**values)
now = timezone.now()
sealed = dict(key_id="x", wrapped_key=b"x", sealed=b"x")
agency = make("accounts.Agency", name="Made up", kind="law_enforcement", state="MN")
user = make("accounts.User", email="one@agency.example", name="One", password="x")
member = make("accounts.Member", user=user, agency=agency, role="supervisor")
case = make("cases.Case", id=uuid.uuid4(), agency=agency, number="1", opened_by=member,
            opened_at=now, **sealed)
person = make("cases.Person", id=uuid.uuid4(), agency=agency, added_at=now, **sealed)
referral = make("protection.ProtectionReferral", person=person, case=case, agency=agency,
                to_agency=agency, named=member, learned_at=now, made_at=now)
for kind, how in (("oral", "Called Zyzzyvason"), ("written", "")):
    make("protection.Clock", referral=referral, kind=kind, started_at=now, due_at=now,
         explanation={{"steps": [1]}}, stopped_how=how, stopped_at=now if how else None)
make("protection.Consent", person=person, recipient=agency, purpose="To help  Quokkabelle",
     given_at=now, recorded_by=member)
make("exchange.Sending", case=case, recipient=agency, purpose="For Zyzzyvason", form="json",
     by=member, at=now, digest="0" * 64, people=1, left_out=0, texts=True)
executor.migrate(executor.loader.graph.leaf_nodes())
"""
READ = """
from people import TESTER
from django.db import IntegrityError, connection, transaction
from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import act
from harborlight.web.cases.persons import Person
from harborlight.web.exchange.models import Sending
from harborlight.web.protection import consenting
from harborlight.web.protection.models import Clock, Consent
with act(TESTER, "test.open"):
    for clock in Clock.objects.order_by("kind"):
        print(clock.kind, clock.take(), clock.explanation, clock.stopped_at is not None)
    print(Consent.objects.get().take(), Sending.objects.get().take(), Sending.objects.get().people)
    print(consenting.consents(Person.objects.get(), Agency.objects.get(), "to help quokkabelle"))
for statement in ("UPDATE exchange_sending SET people = 2", "DELETE FROM exchange_sending"):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        print("refused")
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT * FROM "{table}"')
        for row in cursor.fetchall():
            assert "Zyzzyvason" not in str(row) and "Quokkabelle" not in str(row), table
"""


def test_the_words_are_sealed_and_none_is_lost(tmp_path: Path) -> None:
    site = Site(tmp_path / "home", fresh=True)
    assert site.run(WRITE + READ).splitlines() == [
        "oral {'stopped_how': 'Called Zyzzyvason'} {'steps': [1]} True",
        "written {'stopped_how': ''} {'steps': [1]} False",
        "{'purpose': 'To help  Quokkabelle'} {'purpose': 'For Zyzzyvason'} 1",
        "True",
        "refused",
        "refused",
    ]
