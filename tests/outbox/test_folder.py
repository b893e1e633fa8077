"""Mail as files, in a demo."""

import email
import email.policy

import pytest

from app.outbox.models import MessageState
from tests.outbox.conftest import make_due, row, work


@pytest.fixture
def folder(app, canaries, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "")
    monkeypatch.setitem(app.config, "DEMO", True)
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    return tmp_path / "mail"


def test_a_demo_writes_its_mail_to_files(folder, post):
    message_id = post(1)
    work()
    (path,) = folder.iterdir()
    message = row(message_id)
    assert path.name == f"{message.not_before:%Y%m%dT%H%M%SZ}-{message_id}.eml"
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["Message-ID"] == message.message_id
    assert "k1" in mail.get_body(("plain",)).get_content()
    assert message.state == MessageState.SENT


def test_a_second_delivery_is_the_same_file(folder, post, monkeypatch):
    from app.outbox import sending

    post(1)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_write_down", lambda message: 1 / 0)
        work()
    make_due()
    work()
    assert len(list(folder.iterdir())) == 1


def test_a_mail_server_wins_over_the_folder(app, mail_server, post, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", True)
    post(1)
    work()
    assert len(mail_server.messages) == 1
