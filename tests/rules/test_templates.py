"""Rules about templates: they compile, take only from where they may, and hold nothing inline."""

import re

import pytest
from jinja2 import nodes

from app.changes.registry import Subject, sections
from tests.rules.code import TEMPLATES, templates, without_comments

SHELLS = {"base.html", "bare.html", "parent.html", "staff.html"}
SHARED = ("components/", "errors/")
OF_HOME = {"home/_band.html", "home/_flashes.html"}
# Lines of a mail and the shells are no fragments; a shell's parts and a list's rows have no root of their own.
PARTS = {"changes/_fields.html", "changes/_ask.html"}

ALL = templates()


def parsed(app, name):
    return app.jinja_env.parse(ALL[name], name)


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(app, name):
    app.jinja_env.get_template(name)


def test_there_are_templates():
    assert len(ALL) > 60


def section_templates():
    declared = [section for subject in Subject for section in sections(subject)]
    return {section.form_template for section in declared}


def test_they_take_only_from_their_own_folder_shells_and_components(app):
    for name in ALL:
        own = name.rpartition("/")[0] + "/"
        for node in parsed(app, name).find_all((nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)):
            if not isinstance(node.template, nodes.Const):
                continue  # `include place.section.form_template`, which the registry answers for
            target = node.template.value
            allowed = target in SHELLS | OF_HOME or target.startswith((own, *SHARED))
            allowed = allowed or (name.startswith("mail/") and target.startswith("mail/_base"))
            allowed = allowed or (target.startswith("changes/") and name.startswith(("home/", "records/")))  # the card
            assert allowed, f"{name} takes {target}"


def test_what_is_taken_exists(app):
    for name in ALL:
        for node in parsed(app, name).find_all((nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)):
            if isinstance(node.template, nodes.Const):
                assert (TEMPLATES / node.template.value).exists(), f"{name}: {node.template.value}"
    for target in section_templates():
        assert target in ALL


def test_every_macro_that_is_imported_exists_and_is_used(app):
    for name in ALL:
        tree = parsed(app, name)
        text = without_comments(ALL[name])
        for node in tree.find_all(nodes.FromImport):
            macros = {macro.name for macro in parsed(app, node.template.value).find_all(nodes.Macro)}
            for given in node.names:
                macro, alias = given if isinstance(given, tuple) else (given, given)
                assert macro in macros, f"{name}: {node.template.value} has no {macro}"
                assert len(re.findall(rf"\b{alias}\b", text)) > 1, f"{name} does not use {alias}"


def test_a_fragment_extends_nothing(app):
    for name in ALL:
        if name.rpartition("/")[2].startswith("_") and not name.startswith("mail/"):
            assert not list(parsed(app, name).find_all(nodes.Extends)), name


JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
INLINE = (
    (re.compile(r"<style\b", re.IGNORECASE), "inline style sheet"),
    (re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE), "style attribute"),
    (re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE), "inline script"),
    (re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE), "inline handler"),
    (re.compile(r"\bhx-on\b", re.IGNORECASE), "hx-on"),
    (re.compile(r"hx-(vals|headers)\s*=\s*[\"']js:", re.IGNORECASE), "js: in hx-vals"),
    (re.compile(r"javascript:", re.IGNORECASE), "javascript:"),
)


def test_nothing_is_inline():
    for name, text in templates(mail=False).items():
        for pattern, what in INLINE:
            assert not pattern.search(JINJA.sub("x", without_comments(text))), f"{name}: {what}"


def test_nothing_is_called_safe(app):
    for name in ALL:
        filters = {node.name for node in parsed(app, name).find_all(nodes.Filter)}
        assert "safe" not in filters, name
        assert not re.search(r"\bautoescape\s+false", ALL[name]), name
        assert "Markup" not in without_comments(ALL[name]), name


def test_whatever_has_hx_also_works_without():
    """An element with hx-get has an href, one with hx-post an action, beside it (the same element)."""
    for name, text in templates(mail=False).items():
        for tag in re.findall(r"<[a-z]+\s[^<>]*\bhx-(?:get|post)=[^<>]*>", without_comments(text), re.DOTALL):
            if "hx-trigger" in tag:
                continue  # something that asks for itself: without JavaScript one reloads
            wanted = "href=" if "hx-get=" in tag else "action="
            assert wanted in tag or 'type="submit"' in tag, f"{name}: {tag[:120]}"
            assert "hx-target=" in tag, f"{name}: {tag[:120]}"


def test_every_post_form_has_a_token():
    for name, text in templates(mail=False).items():
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", without_comments(text), re.DOTALL):
            assert "csrf_token" in form or "caller()" in form, f"{name}: {form[:120]}"
