"""Forms take what pages and programs send, and say of the rest which field is wrong."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.content.documents import Text, TextIn
from backend.domains import actions
from backend.errors import Problem
from backend.kit.forms import Form
from backend.relay.service import validated

ACTIONS = tuple(actions().values())
NASTY = (
    None, True, -1, 2**300, 1.5, 1e300, "", " ", "0x", "0x" + "11" * 20, "0x" + "11" * 32, "\u0661", "\u00b2",
    "1" * 5000, "\x00", "-0", "2026-02-30", "0001-01-01", "9999-12-31", [], [[]], [None], [{}], ["0x"], {},
    {"": ""}, {"ru": None}, {"ru": []}, {"citizen": 1}, [{"citizen": "0x" + "11" * 20, "times": 2**70}],
)  # fmt: skip


class Notice(Form):
    title: TextIn
    number: int | None = None


class Posted:
    """An action whose form is a notice, for what says which field is wrong."""

    form = Notice


def said(fields: Any) -> Text:
    return validated(Posted, fields).title  # type: ignore[arg-type]


def faults(action: Any, fields: Any) -> list[str]:
    with pytest.raises(Problem) as caught:
        validated(action, fields)
    assert caught.value.status == 422
    assert all(message for _, message in caught.value.errors)
    return [field for field, _ in caught.value.errors]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": {"ru": "Да", "en": "Yes"}},
        {"title.ru": "Да", "title.en": "Yes"},
        {"title": {"ru": "Да"}, "title.en": "Yes", "number": ""},
    ],
)
def test_a_text_is_taken_nested_or_flat(fields: dict[str, Any]) -> None:
    assert said(fields) == Text(ru="Да", en="Yes")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Да"},
        {"title": {"ru": "Да"}},
        {"title": {"ru": "Да", "en": "  "}},
        {"title.ru": "Да", "title.en": ""},
        {"title.en": "Да"},
    ],
)
def test_a_text_in_one_language_stands_for_both(fields: dict[str, Any]) -> None:
    assert said(fields) == Text(ru="Да", en="Да")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": " "}, "title.ru"),
        ({"title": {"ru": 5}}, "title.ru"),
        ({"title.ru": "Да", "title.de": "Ja"}, "title.de"),
        ({"title": "Да", "title.ru": "Да"}, "title.ru"),
        ({"title": "Да", "number": "many"}, "number"),
        ({"title": "Да", "colour": "red"}, "colour"),
        ({"title": ["Да"]}, "title"),
        ({"title": "x" * 20_001}, "title.ru"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], fault: str) -> None:
    assert fault in faults(Posted, fields)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_action_names_what_it_lacks_and_what_it_does_not_know(action: Any) -> None:
    required = {name for name, field in action.form.model_fields.items() if field.is_required()}
    assert set(faults(action, {"unheard_of": 1})) == required | {"unheard_of"}


def test_what_was_given_stays_as_it_was() -> None:
    title = {"en": "Yes"}
    assert said({"title": title, "title.ru": "Да"}) == Text(ru="Да", en="Yes")
    assert title == {"en": "Yes"}


def test_fields_without_end_are_refused() -> None:
    fields: dict[str, Any] = {}
    for _ in range(2_000):
        fields = {"title": fields}
    with pytest.raises(Problem) as refused:
        validated(ACTIONS[0], fields)
    assert refused.value.errors == [("fields", "are nested too deeply")]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_form_stumbles_over_anything(data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(ACTIONS))
    names = st.sampled_from([*action.form.model_fields, "title.ru", "title.en.ru", ".", "", "a.", ".a"])
    fields = data.draw(st.dictionaries(names, st.sampled_from(NASTY), max_size=8))
    with suppress(Problem):
        assert isinstance(validated(action, fields), Form)
