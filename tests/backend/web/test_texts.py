"""Every text of the pages is translated, and none stands outside of the translation."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from backend.web.i18n import LANGUAGES, catalogue, sources
from scripts.texts import extract, folders

TEMPLATES = sorted(Path("backend").glob("*/templates/*.html"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w+}")
# What is no language: names and code.
NAMES = {"CityNet", "PostgreSQL", "GeoNames", "— CityNet", "DPI", "RVPI", "TVPI"}


@cache
def texts(folder: Path) -> tuple:
    """What `scripts/texts.py` finds in a folder."""
    return tuple(extract(folder))


@cache
def translations(folder: Path) -> dict:
    path = folder / "locale" / "ru.po"
    if not path.exists():
        return {}
    return {message.id: message for message in read_po(BytesIO(path.read_bytes()), locale="ru") if message.id}


@pytest.mark.parametrize("folder", folders().values(), ids=folders())
def test_every_text_has_a_russian_translation(folder: Path):
    known = translations(folder)
    lacking = [
        message.id
        for message in texts(folder)
        if message.id and (message.id not in known or not all(forms(known[message.id].string)))
    ]
    assert lacking == []


@pytest.mark.parametrize("folder", folders().values(), ids=folders())
def test_no_translation_is_left_over(folder: Path):
    assert set(translations(folder)) - {message.id for message in texts(folder)} == set()


def test_a_text_of_several_folders_is_translated_alike():
    seen: dict = {}
    for folder in folders().values():
        for text, message in translations(folder).items():
            assert seen.setdefault(text, message.string) == message.string, text


def everything() -> list:
    return [message for folder in folders().values() for message in translations(folder).values()]


def test_plurals_have_the_three_russian_forms():
    plurals = [message for message in everything() if isinstance(message.id, tuple)]
    assert plurals
    assert all(len(message.string) == 3 for message in plurals)


def test_translations_keep_the_placeholders():
    for message in everything():
        for original in forms(message.id):
            for translated in forms(message.string):
                assert set(PLACEHOLDER.findall(original)) == set(PLACEHOLDER.findall(translated)), message.id


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_no_text_stands_outside_of_translation(template: Path):
    assert [text for text in raw_texts(template.read_text()) if text not in NAMES] == []


@pytest.mark.parametrize(
    ("count", "written"),
    [(1, "1 заслуга"), (2, "2 заслуги"), (5, "5 заслуг"), (11, "11 заслуг"), (21, "21 заслуга")],
)
def test_russian_plural(count: int, written: str):
    text = catalogue("ru").ngettext("%(written)s merit", "%(written)s merits", count)
    assert text % {"written": count} == written


def test_languages_other_than_english_have_a_catalogue():
    assert all(sources(language) for language in set(LANGUAGES) - {"en"})


def test_texts_outside_of_translation_are_found():
    source = '<p title="raw title">{{ _("fine") }} raw text</p>{% trans %}fine{% endtrans %}'
    assert raw_texts(source) == ["raw text", "raw title"]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def raw_texts(source: str) -> list[str]:
    """Letters that a reader would see or hear and no translation covers, addresses aside."""
    source = re.sub(r"{%-?\s*trans\b.*?endtrans\s*-?%}", "", source, flags=re.S)
    source = re.sub(r"{#.*?#}|<pre>.*?</pre>", "", source, flags=re.S)
    # A template's own marks may hold a `>`: they go first.
    source = re.sub(r"{{.*?}}|{%.*?%}", "\0", source, flags=re.S)
    attributes = re.findall(r'\b(?:title|alt|aria-label|placeholder|data-name|content)="([^"]*)"', source)
    attributes = [a for a in attributes if not re.match(r"width=|#", a)]
    texts = re.sub(r"<[^>]*>", "\0", source).split("\0") + [
        part for a in attributes for part in a.split("\0")
    ]
    return [text.strip() for text in texts if re.search(r"[^\W\d_]{2}", text) and text.strip()[0] not in "/."]
