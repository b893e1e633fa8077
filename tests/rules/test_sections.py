"""Rules about the pencil's declarations: every state has its words, every section what the engine asks of it."""

import re

import pytest

from app.changes.models import ItemState, Subject
from app.changes.plain import PlainSection
from app.changes.registry import STRICTNESS, Item, Policy, Risk, Section, sections
from tests.rules.code import TEMPLATES, templates

PARTS = [name for name in (*vars(Section), *Section.__annotations__) if not name.startswith("_")]


@pytest.fixture
def declared(app):
    found = [section for subject in Subject for section in sections(subject)]
    assert len(found) == 7
    return found


def test_every_state_of_an_item_has_words_and_a_look():
    page = templates()["changes/index.html"]
    named = set(re.findall(r'"(\w+)": \(_\(', page))
    assert named == {state.value for state in ItemState}
    looks = set(re.findall(r'"\w+": \(_\([^)]*\), "(\w+)"\)', page))
    styles = (TEMPLATES.parent / "static/css/tag.css").read_text()
    for look in looks:
        assert f"tag-{look}" in styles, look


def test_policies_are_ordered_by_strictness():
    assert set(STRICTNESS) == set(Policy)


def test_a_section_has_what_the_engine_asks(app, declared):
    assert len(PARTS) > 12
    for section in declared:
        for part in PARTS:
            assert hasattr(section, part), f"{section.key}: {part}"
        assert section.form_template in templates(), section.key
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", section.key), section.key


def test_items_are_declared_whole(app, declared):
    with app.test_request_context():
        for section in declared:
            for item in getattr(section, "declared", ()) or section.items({}):
                assert isinstance(item, Item)
                assert item.policy in Policy, item.key
                assert item.risk in Risk, item.key
                assert str(item.label), item.key
                assert item.show(None) == [], item.key
                assert item.show("") == [], item.key


def test_a_plain_sections_items_are_columns_and_fields(app, declared):
    with app.test_request_context():
        for section in declared:
            if not isinstance(section, PlainSection):
                continue
            for item in section.declared:
                assert hasattr(section.model, item.key), f"{section.key}.{item.key} is no column"
                if item.policy is Policy.CHANGE:
                    assert item.key in section.form()._fields, f"{section.key}.{item.key} is not in the form"


def test_a_form_has_no_field_that_is_not_asked_for(app, declared):
    """What is told to the school (M8) or only read is never a field."""
    with app.test_request_context():
        for section in declared:
            if isinstance(section, PlainSection):
                fields = {name for name in section.form()._fields if name != "csrf_token"}
                asked = {item.key for item in section.declared if item.policy is Policy.CHANGE}
                assert fields == asked, section.key


def test_text_fields_are_no_longer_than_their_column(app, declared):
    with app.test_request_context():
        for section in declared:
            if not isinstance(section, PlainSection):
                continue
            for name, field in section.form()._fields.items():
                column = getattr(section.model, name, None)
                limit = (field.render_kw or {}).get("maxlength")
                if column is not None and not name.endswith(("phone", "mobile")):
                    assert limit <= column.type.length, f"{section.key}.{name}"
