"""Rules about addresses: each says whom it is for, reads well, and takes ids as ids."""

import re

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?\Z")
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>\Z")
UNTYPED = {"token", "section_key"}


def rules(app):
    found = list(app.url_map.iter_rules())
    assert len(found) > 40
    return found


def test_every_route_declares_its_audience(app):
    silent = [
        rule.endpoint for rule in rules(app) if getattr(app.view_functions[rule.endpoint], "audience", None) is None
    ]
    assert silent == []


def test_addresses_are_kebab_case_with_typed_arguments(app):
    for rule in rules(app):
        for part in rule.rule.strip("/").split("/"):
            argument = ARGUMENT.match(part)
            if argument is None:
                assert part == "" or KEBAB.match(part), rule.rule
            elif argument[1] is None:
                assert argument[2] in UNTYPED, f"{rule.rule}: {argument[2]} has no type"
            else:
                assert argument[1] == "uuid", rule.rule
                assert argument[2].endswith("_id"), rule.rule


def test_no_address_ends_with_a_slash(app):
    assert [rule.rule for rule in rules(app) if rule.rule.endswith("/") and rule.rule != "/"] == []


def test_unsafe_methods_are_only_post(app):
    for rule in rules(app):
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule
