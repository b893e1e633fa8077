"""What a parent's phone fetches at the first visit to a child's page: everything, as it goes over the line."""

import re

import brotli
import pytest
from flask.testing import FlaskClient

FIRST_PAINT = 14_000  # HTML and style sheet
COLD_VISIT = 44_000
REQUESTS = 6
SCRIPT = 2_100
BROWSER = {"Accept-Encoding": "gzip, br"}
LINKED = re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"')
NOT_AT_FIRST = ("apple-touch-icon",)  # fetched when somebody puts the portal on a phone


def weigh(client, address):
    """What an answer weighs on the line. Without the checks of the test client, which can't read compressed pages."""
    with FlaskClient.open(client, address, headers=BROWSER) as answer:
        assert answer.status_code == 200, address
        if address.endswith((".css", ".js")):
            assert answer.headers["Content-Encoding"] == "br", address
        return len(answer.data)


def fonts_of(page, style):
    """The addresses of the font files that the page's characters ask for."""
    found = []
    for face in re.findall(r"@font-face\{.*?\}", style):
        ranges = re.search(r"unicode-range:([^;}]+)", face)
        if ranges and any(_holds(ranges[1], ord(sign)) for sign in set(page)):
            found.append(re.search(r"url\(([^)]+)\)", face)[1])
    return found


def _holds(ranges, code):
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        if int(first, 16) <= code <= int(last or first, 16):
            return True
    return False


@pytest.fixture
def visit(cast, login):
    """The weight of each address that a first visit to Noor's page fetches; the page itself is "page"."""
    client = login(cast.accounts["lotte"])
    address = f"/children/{cast.noor.id}"
    page = client.get(address).get_data(as_text=True)
    links = [tag for tag in re.findall(r"<[^>]+>", page) if not any(word in tag for word in NOT_AT_FIRST)]
    linked = LINKED.findall("".join(tag for tag in links if tag.startswith(("<link", "<script", "<img"))))
    [sheet] = [name for name in linked if name.endswith(".css")]
    with client.get(sheet) as answer:
        style = answer.get_data(as_text=True)
    fonts = fonts_of(re.sub(r"<[^>]+>", "", page), style)
    return {"page": weigh(client, address), **{name: weigh(client, name) for name in [*linked, *fonts]}}


def test_first_paint(visit):
    [sheet] = [size for name, size in visit.items() if name.endswith(".css")]
    assert visit["page"] + sheet <= FIRST_PAINT


def test_cold_visit(visit):
    assert len(visit) <= REQUESTS, sorted(visit)
    assert any("/fonts/" in name for name in visit)
    assert sum(visit.values()) <= COLD_VISIT, visit


def test_our_own_script_is_small(client, app):
    address = app.extensions["assets"].url("js/app.js")
    assert weigh(client, address) <= SCRIPT


def test_a_page_draws_only_the_faces_of_its_children(cast, login):
    page = login(cast.accounts["lotte"]).get(f"/children/{cast.noor.id}").get_data(as_text=True)
    drawn, used = set(re.findall(r'id="a-(\w+)"', page)), set(re.findall(r'href="#a-(\w+)"', page))
    assert drawn == used
    assert len(used) >= 1


def test_squeezed_scripts_say_the_same(app):
    """Only comments and indentation are gone."""
    from app.core.assets import SOURCE, _squeeze_script

    for path in sorted((SOURCE / "js").glob("*.js")):
        source = path.read_text()
        squeezed = _squeeze_script(source)
        kept = [line.strip() for line in source.splitlines()]
        assert all(line in kept for line in squeezed.splitlines())
        assert "/*" not in squeezed
        assert len(brotli.compress(squeezed.encode())) < len(brotli.compress(source.encode()))
        without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
        assert "".join(squeezed.split()) == "".join(without_comments.split())
