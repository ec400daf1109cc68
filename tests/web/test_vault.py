"""Sealed records and files: nothing readable at rest, every opening told, keys renewed."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import NoAct, act
from harborlight.web.audit.models import Entry
from harborlight.web.crypto import blind, keyring, sealing
from harborlight.web.crypto.current import keys
from harborlight.web.home import home
from harborlight.web.vault import files, rewrap
from harborlight.web.vault.cleaning import clean, kind_of
from harborlight.web.vault.files import StoredFile, Upload, keep
from people import SECRET, TESTER, make_agency, make_member, second_factor_of

pytestmark = pytest.mark.django_db
CANARY = "Canary-" + uuid.uuid4().hex


def all_bytes() -> bytes:
    """Every cell of every table, and every file of the home but the keys."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                found += [
                    bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in row
                ]
    folder = home().folder
    found += [
        each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file() and each != home().keys and "postgresql" not in each.parts
    ]
    return b"\n".join(found)


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()


def a_file(content: bytes, name: str = "note.txt") -> StoredFile:
    agency = make_agency()
    with act(TESTER, "test.keep"):
        return keep(Upload(name, content), agency)


def a_picture(form: str = "JPEG") -> bytes:
    picture = Image.new("RGB", (40, 20), "#336699")
    exif = Image.Exif()
    exif[0x010F] = CANARY
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    return out.getvalue()


def test_nothing_of_a_file_is_readable_at_rest() -> None:
    kept = a_file(CANARY.encode() * 50, f"{CANARY}.txt")
    assert CANARY.encode() not in all_bytes()
    with act(TESTER, "test.read"):
        assert kept.original() == CANARY.encode() * 50
        assert kept.take("name")["name"] == f"{CANARY}.txt"
    told = Entry.objects.filter(kind="vault.storedfile", record=str(kept.pk), operation="read")
    assert told.count() == 1
    assert not list(home().files.rglob("*.part"))


def test_nothing_is_opened_outside_of_an_act() -> None:
    kept = a_file(b"text")
    with pytest.raises(NoAct):
        kept.original()
    with pytest.raises(NoAct):
        kept.take("name")


def test_a_picture_is_shared_without_what_the_camera_wrote() -> None:
    original = a_picture()
    assert CANARY.encode() in original
    kept = a_file(original, "photo.jpg")
    with act(TESTER, "test.read"):
        assert kept.original() == original
        copy = kept.copy()
    assert CANARY.encode() not in copy
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.size == (20, 40)  # turned as the camera said
        assert not picture.getexif()


def test_a_pdf_is_shared_without_its_author_scripts_and_attachments() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": CANARY})
    script = DictionaryObject()
    script[NameObject("/S")] = NameObject("/JavaScript")
    script[NameObject("/JS")] = TextStringObject("app.alert('x')")
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)
    writer.add_attachment("secret.txt", CANARY.encode())
    out = io.BytesIO()
    writer.write(out)
    copy = clean(out.getvalue(), kind_of(out.getvalue()))
    assert copy is not None
    reader = PdfReader(io.BytesIO(copy))
    assert len(reader.pages) == 1
    assert not reader.attachments
    for hidden in (CANARY.encode(), b"JavaScript", b"EmbeddedFile"):
        assert hidden not in copy


@pytest.mark.parametrize(
    "content", [b"plain text", b"\xff\xd8\xff broken", b"%PDF-1.4 broken", b"\x00\x01\x02"]
)
def test_what_cannot_be_cleaned_has_no_copy_and_is_kept(content: bytes) -> None:
    kept = a_file(content)
    assert not kept.cleaned
    with act(TESTER, "test.read"), pytest.raises(files.FileError):
        kept.copy()
    with act(TESTER, "test.read"):
        assert kept.original() == content


def test_sealed_bytes_open_in_their_place_only() -> None:
    one, two = a_file(b"one"), a_file(b"two")
    place = files.place_of(two.pk, "original")
    place.write_bytes(files.place_of(one.pk, "original").read_bytes())
    with act(TESTER, "test.read"), pytest.raises(sealing.SealError):
        two.original()


def test_a_renewed_key_loses_nothing_and_the_old_one_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrap, "PATIENCE", 0)
    before = keys()
    kept = a_file(b"content")
    stale = StoredFile.objects.get(pk=kept.pk)
    try:
        assert rewrap.rotate(TESTER) >= 1
        assert set(keys().wrapping) == {keys().active} != {before.active}
        with act(TESTER, "test.read"):
            assert StoredFile.objects.get(pk=kept.pk).original() == b"content"
        # A row that was read before and is written now does not bring the old key back.
        keyring.write(home().keys, keyring.with_new_wrapping_key(keys()))
        fresh = StoredFile.objects.get(pk=kept.pk)
        with act(TESTER, "test.write"):
            fresh.save()
        assert StoredFile.objects.get(pk=kept.pk).key_id == keys().active
    finally:
        keyring.write(home().keys, before)
    assert stale.key_id == before.active


def test_a_renewed_key_takes_nobodys_second_factor_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrap, "PATIENCE", 0)
    before = keys()
    member = make_member(Role.TRIAGE)
    app = second_factor_of(member)
    codes = RecoveryCodes.activate(member.user)
    unused = codes.get_unused_codes()
    try:
        rewrap.rotate(TESTER)
        assert before.active not in keys().wrapping
        app.refresh_from_db()
        codes.instance.refresh_from_db()
        assert decrypt(TOTP(app).instance.data["secret"]) == SECRET
        assert RecoveryCodes(codes.instance).get_unused_codes() == unused
        assert rewrap.rotate(TESTER) >= 2  # and again from the renewed one
    finally:
        keyring.write(home().keys, before)


def test_a_renewal_that_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrap, "PATIENCE", 0)
    monkeypatch.setattr(rewrap, "BATCH", 1)
    before = keys()
    kept = [a_file(f"content {number}".encode()) for number in range(3)]

    try:
        keyring.write(home().keys, keyring.with_new_wrapping_key(before))
        with act(TESTER, "keys.rotate"):
            rewrap.rewrap(StoredFile.objects.get(pk=kept[0].pk))
        active = keys().active
        assert rewrap.rotate(TESTER) >= 2
        assert keys().active == active  # no second new key
        assert set(keys().wrapping) == {active}
        with act(TESTER, "test.read"):
            for number, each in enumerate(kept):
                row = StoredFile.objects.get(pk=each.pk)
                assert row.original() == f"content {number}".encode()
    finally:
        keyring.write(home().keys, before)


@given(st.sampled_from(["phone", "name", "plate"]), st.text(), st.text())
def test_the_blind_index_is_keyed_and_tells_values_apart(kind: str, one: str, two: str) -> None:
    same = blind.canonical(kind, one) == blind.canonical(kind, two)
    assert (blind.blind(keys(), kind, one) == blind.blind(keys(), kind, two)) is same


@pytest.mark.parametrize(
    "written", ["507-555-0142", "(507) 555 0142", "+1 507.555.0142", "5075550142"]
)
def test_a_phone_is_found_however_it_is_written(written: str) -> None:
    known = blind.blind(keys(), "phone", "507-555-0142")
    assert blind.blind(keys(), "phone", written) == known


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "keys.json"
    keyring.create(place)
    place.chmod(0o644)
    with pytest.raises(keyring.KeyringError, match="chmod 600"):
        keyring.read(place)
    with pytest.raises(keyring.KeyringError, match="never overwritten"):
        keyring.create(place)
