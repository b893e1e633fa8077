"""The manifest says what a browser needs before it offers to install, and every picture in it is what it says."""

import io
import json
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from app.core.assets import SOURCE
from app.pwa import manifest
from app.school.models import Board


@pytest.fixture
def built(client):
    return json.loads(client.get("/manifest.webmanifest").data)


def picture(client, address):
    """The bytes of a file below /static/, which is served before Flask sees the request."""
    with client.get(address) as answer:  # a file, to be closed
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        return answer.data


def test_headers(client):
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers


def test_fields(built):
    assert built["id"] == built["scope"] == "/"
    assert built["start_url"] == "/?source=app"
    assert built["display"] == "standalone"
    assert built["orientation"] == "any"  # WCAG 1.3.4: no lock
    assert built["lang"] == "nl"
    assert built["name"]
    assert len(built["short_name"]) <= manifest.SHORT
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in built["icons"]}
    assert {icon.get("purpose", "any") for icon in built["icons"]} == {"any", "maskable", "monochrome"}
    assert [cut["url"] for cut in built["shortcuts"]] == ["/me", "/changes"]
    assert "launch_handler" not in built  # would throw away a half-filled form


def test_shortcuts_lead_somewhere(cast, login, built):
    client = login(cast.accounts["lotte"])
    for address in [built["start_url"], *(cut["url"] for cut in built["shortcuts"])]:
        assert client.get(address).status_code == 200


def test_every_icon_has_its_size(client, built):
    icons = built["icons"] + [icon for cut in built["shortcuts"] for icon in cut["icons"]]
    for icon in icons:
        body = picture(client, icon["src"])
        if icon["type"] == "image/svg+xml":
            assert ET.fromstring(body).get("viewBox")
            continue
        with Image.open(io.BytesIO(body)) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
            assert image.get_format_mimetype() == icon["type"]


def test_the_maskable_icon_has_no_holes(client, built):
    [icon] = [icon for icon in built["icons"] if icon.get("purpose") == "maskable"]
    with Image.open(io.BytesIO(picture(client, icon["src"]))) as image:
        assert image.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_the_record_names_files_that_exist():
    record = json.loads(manifest.RECORD.read_text())
    for icon in record["icons"]:
        assert (SOURCE / icon["src"]).is_file()


def test_screenshots_only_when_made(tmp_path):
    (tmp_path / "screenshots").mkdir()
    Image.new("RGB", (780, 1688)).save(tmp_path / "screenshots" / "record.png")
    built = manifest.build("", address=lambda name: f"/static/{name}", static=tmp_path)
    [shot] = built["screenshots"]
    assert shot["src"] == "/static/screenshots/record.png"
    assert shot["sizes"] == "780x1688"


def test_one_school_gives_its_name(client, factories, database):
    factories.school(board=factories.board(name="Stichting Wind"), name="De Vlieger")
    database.session.commit()
    built = json.loads(client.get("/manifest.webmanifest").data)
    assert built["name"] == "Ouderportaal De Vlieger"
    assert built["short_name"] == "De Vlieger"


def test_more_schools_give_the_board(client, cast, database):
    assert json.loads(client.get("/manifest.webmanifest").data)["name"] == "Ouderportaal Stichting Wind"
    database.session.add(Board(name="Stichting Water"))
    database.session.commit()
    assert json.loads(client.get("/manifest.webmanifest").data)["name"] == "Ouderportaal"


def test_a_long_name_does_not_go_under_the_icon():
    built = manifest.build("Openbare Basisschool De Vlieger", address=str, static=SOURCE)
    assert built["short_name"] == "Ouderportaal"
