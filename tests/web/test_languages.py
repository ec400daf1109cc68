"""Every string is translated: what stands in templates and in Python is in the catalogue of its
app, and every page is looked at in a language in which every message is marked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.db import transaction
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real, trim_whitespace
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

import objects
from pages import apps, pages

WEB = Path(__file__).resolve().parents[2] / "src" / "harborlight" / "web"
FOLDERS = sorted(each for each in WEB.iterdir() if (each / "apps.py").exists())
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
TWO = {"ngettext", "ngettext_lazy"}


def in_python(file: Path) -> Iterator[str]:
    """The messages of a Python file."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in ONE | TWO and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def in_template(file: Path) -> Iterator[str]:
    """The messages of a template."""
    template: Any = engines["django"].from_string(file.read_text("utf-8"))
    nodes = template.template.nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        if not node.noop and isinstance(node.filter_expression.var, str):
            yield node.filter_expression.var
        elif getattr(node.filter_expression.var, "literal", None):
            yield str(node.filter_expression.var.literal)
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        text, _names = node.render_token_list(node.singular)
        yield trim_whitespace(text) if node.trimmed else text


def messages(folder: Path) -> set[str]:
    """All messages of an app."""
    told: set[str] = set()
    for file in folder.rglob("*.py"):
        if "migrations" not in file.parts:
            told.update(in_python(file))
    for kind in ("*.html", "*.txt"):
        for file in (folder / "templates").rglob(kind):
            told.update(in_template(file))
    return told - {""}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_the_spanish_of_an_app_is_complete(folder: Path) -> None:
    wanted = messages(folder)
    file = folder / "locale" / "es" / "LC_MESSAGES" / "django.po"
    if not wanted:
        return
    assert file.exists(), f"{len(wanted)} messages and no catalogue"
    entries = [each for each in polib.pofile(str(file)) if not each.obsolete]
    assert sorted(wanted - {each.msgid for each in entries}) == []
    assert [each.msgid for each in entries if each.fuzzy] == []
    assert [each.msgid for each in entries if not each.translated()] == []
    for each in entries:
        names = re.compile(r"%\(\w+\)[sd]")
        told = [each.msgstr, *each.msgstr_plural.values()]
        for text in told:
            unknown = set(names.findall(text)) - {
                *names.findall(each.msgid),
                *names.findall(each.msgid_plural),
            }
            assert not unknown, each.msgid
    compiled = polib.mofile(str(file.with_suffix(".mo")))
    assert {(each.msgid, each.msgstr, str(each.msgstr_plural)) for each in compiled} == {
        (each.msgid, each.msgstr, str(each.msgstr_plural)) for each in entries
    }, "the .mo is not what the .po says: compilemessages"


# -- a language in which every message is marked ---------------------------------------------------

OPEN, CLOSE = "⟦", "⟧"


class Marked:
    """A catalogue in which every message is translated by itself, between marks."""

    def gettext(self, message: str) -> str:
        text = message.rpartition(CONTEXT_SEPARATOR)[2]
        return f"{OPEN}{text}{CLOSE}" if text.strip() else text

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)

    def to_language(self) -> str:
        return "es"

    def language(self) -> str:
        return "es"


#: What the tests put there, names that are the same in every language, and notations.
DATA = re.compile(
    r"""
    (A\ )?[Mm]ade-up.* | A\ [a-z]+ | Agency\ \d+ | \S+@\S+ | Harborlight | English
    | [Ee]spañol
    | \S*\d\S*                                # numbers, dates, keys
    | \b[A-Z]{2,5}\b                          # states, HSI, URL
    | \b(de|a|las|del|p|m)\b                  # of the Spanish form of dates
    | \b(user|test|member|system|reporter)\b  # actors, as the audit names them
    | https?://\S+ | [\w-]+\.[\w.-]+          # addresses, codes as `report.open`
    """,
    re.VERBOSE,
)
SKIPPED = {"script", "style", "code", "pre", "svg", "option"}
READ = ("aria-label", "title", "placeholder", "alt")
VOID = {"input", "br", "img", "meta", "link", "hr", "source", "wbr", "col", "area", "base"}


class Texts(HTMLParser):
    """The texts that somebody reads or hears, outside of what is in a language of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        own = tag != "html" and ("lang" in given or "data-own" in given)
        away = bool(self.stack and self.stack[-1]) or tag in SKIPPED or own
        if tag not in VOID:
            self.stack.append(away)
        if not away:
            self.found += [given[name] or "" for name in READ if name in given]

    def handle_endtag(self, tag: str) -> None:
        if self.stack and tag not in VOID:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if not (self.stack and self.stack[-1]):
            self.found.append(data)


def unmarked(page: str) -> list[str]:
    """What is left of the page's texts without marked messages and without data."""
    texts = Texts()
    texts.feed(page)
    left = []
    made = re.compile("|".join(objects.WORDS) or "$.", re.VERBOSE)
    for text in texts.found:
        rest, before = text, ""
        while rest != before:  # messages within messages
            before, rest = rest, re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", rest)
        rest = made.sub(" ", DATA.sub(" ", rest))
        if re.search(r"[^\W\d_]{2,}", rest):
            left.append(" ".join(rest.split()))
    return left


def test_a_text_that_is_not_translated_is_found() -> None:
    page = "<p>⟦Name⟧</p><p>Hard-coded</p><input aria-label='Also'><p lang='en'>Own</p>"
    assert unmarked(page) == ["Hard-coded", "Also"]


@pytest.mark.django_db
@pytest.mark.parametrize("app", apps())
def test_no_page_says_anything_that_is_not_translated(
    app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    wrong: list[str] = []
    for page in pages(app):
        with transaction.atomic():
            page.client.cookies["django_language"] = "en"
            plain = page.client.get(page.path, page.query)
            transaction.set_rollback(True)
        with monkeypatch.context() as patch, transaction.atomic():
            patch.setitem(trans_real._translations, "es", Marked())  # type: ignore[attr-defined]
            page.client.cookies["django_language"] = "es"
            answer = page.client.get(page.path, page.query)
            transaction.set_rollback(True)
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        looked += 1
        # What reads otherwise in Spanish comes from data that are kept in both languages.
        english = set(unmarked(plain.content.decode()))
        left = [each for each in unmarked(answer.content.decode()) if each in english]
        wrong += [f"{page.url.name}: {each}" for each in left]
    assert wrong == [], "\n".join(sorted(set(wrong)))
    print(f"{app}: {looked} pages")


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "itself"), [("hmn", "Hmoob"), ("so", "Soomaali")])
def test_another_language_is_a_catalogue_and_a_line_in_the_settings(
    code: str, itself: str, tmp_path: Path, settings: Any
) -> None:
    """Made-up words stand for the translation; what is not translated yet stays English."""
    names = ("get_languages", "_get_supported_language_variant")
    known = [getattr(trans_real, name) for name in names]  # what was found out, and is kept
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": code}
    made.append(polib.POEntry(msgid="Tell us something", msgstr="Made-up words"))
    folder = tmp_path / code / "LC_MESSAGES"
    folder.mkdir(parents=True)
    made.save_as_mofile(str(folder / "django.mo"))
    try:
        settings.LOCALE_PATHS = [str(tmp_path)]
        settings.LANGUAGES = [*settings.LANGUAGES, (code, itself)]
        for each in known:
            each.cache_clear()
        client = Client()
        assert itself in client.get("/").content.decode(), "it is offered under its own name"
        client.post(reverse("set_language"), {"language": code, "next": "/reports/help/"})
        page = client.get("/reports/help/").content.decode()
        assert f'<html lang="{code}">' in page
        assert "Made-up words" in page
        assert "Numbers to call" in page
    finally:
        for each in known:
            each.cache_clear()
