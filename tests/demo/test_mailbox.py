"""The letterbox of the demo: shows what stands in the folder, and nothing else of the machine."""

from email.message import EmailMessage

import pytest

from app import create_app
from app.demo import mailbox
from tests.client import CheckingClient
from tests.conftest import settings_for


def put(
    folder, name, *, subject="Welkom", text="Dag Lotte,\n\nMaak uw wachtwoord:\nhttp://localhost/p/abc\n", when="1"
):
    mail = EmailMessage()
    mail["From"] = "De Vlieger <portaal@example.nl>"
    mail["To"] = "Lotte de Vries <lotte@example.nl>"
    mail["Subject"] = subject
    mail["Date"] = f"Mon, 0{when} Sep 2025 08:14:00 +0200"
    mail.set_content(text)
    mail.add_alternative("<p>Dag <script>alert(1)</script></p>", subtype="html")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(mail.as_bytes())


def client_of(folder, *, demo=True):
    app = create_app(settings_for("sqlite://", folder))
    if "mailbox" not in app.blueprints:
        app.register_blueprint(mailbox.blueprint)
    app.config["DEMO"] = demo
    app.test_client_class = CheckingClient
    return app


@pytest.fixture
def reader(tmp_path):
    app = client_of(tmp_path)
    with app.app_context():
        yield app.test_client()


def test_empty(reader):
    answer = reader.get("/demo/mail")
    assert answer.status_code == 200
    assert "Er is nog geen e-mail" in answer.get_data(as_text=True)


def test_newest_first(reader, tmp_path):
    put(tmp_path / "mail", "20250901T061400Z-a.eml", subject="Eerste")
    put(tmp_path / "mail", "20250903T061400Z-b.eml", subject="Derde", when="3")
    put(tmp_path / "mail", "20250902T061400Z-c.eml", subject="Tweede & één", when="2")
    (tmp_path / "mail" / ".20250904T061400Z-d.eml.77").write_text("a draft")
    text = reader.get("/demo/mail").get_data(as_text=True)
    assert text.index("Derde") < text.index("Tweede &amp; één") < text.index("Eerste")
    assert "lotte@example.nl" in text
    assert text.count("list-row") == 3


def test_one_letter(reader, tmp_path):
    put(tmp_path / "mail", "20250901T061400Z-a.eml")
    text = reader.get("/demo/mail/20250901T061400Z-a.eml").get_data(as_text=True)
    assert '<a href="http://localhost/p/abc"' in text
    assert "1 september" in text
    assert "alert(1)" not in text


def test_markup_in_a_letter_stays_text(reader, tmp_path):
    put(tmp_path / "mail", "a.eml", subject="<b>x</b>", text="<img src=x onerror=alert(1)> javascript:alert(1)")
    for path in ("/demo/mail", "/demo/mail/a.eml"):
        text = reader.get(path).get_data(as_text=True)
        assert "<b>x</b>" not in text
        assert "<img" not in text
        assert 'href="javascript' not in text


def test_a_long_letter_is_listed_by_its_head(reader, tmp_path):
    put(tmp_path / "mail", "a.eml", text="woorden\n" * 20_000)
    assert "Welkom" in reader.get("/demo/mail").get_data(as_text=True)


def test_a_broken_file(reader, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "broken.eml").write_bytes(b"\xff\xfe\x00 no mail at all")
    assert reader.get("/demo/mail").status_code == 200
    assert reader.get("/demo/mail/broken.eml").status_code == 200


@pytest.mark.parametrize(
    "name", ["none.eml", "..%2Fsecret.eml", "%2e%2e%2fsecret.eml", ".hidden.eml", "a.txt", "a.eml%00"]
)
def test_nothing_outside_the_folder(reader, tmp_path, name):
    put(tmp_path, "secret.eml", subject="Geheim")
    put(tmp_path / "mail", ".hidden.eml", subject="Geheim")
    (tmp_path / "mail" / "a.txt").write_text("Geheim")
    answer = reader.get(f"/demo/mail/{name}")
    assert answer.status_code == 404
    assert "Geheim" not in answer.get_data(as_text=True)
    assert mailbox.letter(tmp_path / "mail", "../secret.eml") is None


def test_not_outside_a_demo(tmp_path):
    put(tmp_path / "mail", "a.eml")
    app = client_of(tmp_path, demo=False)
    with app.app_context():
        client = app.test_client()
        assert client.get("/demo/mail").status_code == 404
        assert client.get("/demo/mail/a.eml").status_code == 404
