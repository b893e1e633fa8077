"""What htmx gets: each piece has one root with an id (and may bring pieces for elsewhere, with hx-swap-oob)."""

import html5lib

from app.core import fragments
from tests.rules.access_scopes import addresses

HTMX = {"HX-Request": "true"}


def roots(text):
    tree = html5lib.parseFragment(text, namespaceHTMLElements=False)
    assert not (tree.text or "").strip(), f"text outside a root: {tree.text!r}"
    for element in tree:
        assert not (element.tail or "").strip(), f"text outside a root: {element.tail!r}"
    return [element for element in tree if isinstance(element.tag, str)]


def test_every_fragment_has_one_root_with_an_id(app, world, monkeypatch):
    rendered = set()
    render = fragments.render_template

    def remember(template, **context):
        rendered.add(template)
        return render(template, **context)

    monkeypatch.setattr(fragments, "render_template", remember)
    seen = set()
    for role in ("lotte", "marijke"):
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint.startswith(("pwa.", "core.")):
                continue
            for path, _args in addresses(world, role, rule):
                rendered.clear()
                with world.clients[role].keeping():
                    answer = world.clients[role].get(path, headers=HTMX)
                names = {name for name in rendered if name.rpartition("/")[2].startswith("_")}
                if answer.mimetype == "text/html" and names and answer.status_code == 200:
                    check(answer.text, path)
                    seen |= names
    assert len(seen) >= 4, seen


def check(text, path):
    found = roots(text)
    found = [element for element in found if element.tag != "title"]  # htmx gives it to the window
    own = [element for element in found if not element.get("hx-swap-oob")]
    assert len(own) == 1, f"{path}: {[element.tag for element in own]}"
    assert own[0].get("id"), f"{path}: the root has no id"
    for element in found:
        assert element.get("id"), f"{path}: <{element.tag}> goes elsewhere without an id"
