"""STARTTLS: the line is encrypted with the right server, or nothing is sent."""

import socket
import ssl
import subprocess

import pytest
from aiosmtpd.controller import Controller

from app.outbox import smtp
from app.outbox.models import MessageState
from tests.outbox.conftest import row, work
from tests.support.smtp import MailServer


def certificate(folder, name):
    """A self-signed certificate for that name, made on the spot: one that is kept would expire."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@pytest.fixture
def tls_server(app, canaries, tmp_path, monkeypatch):
    """`tls_server("localhost")` starts a server with a certificate for that name; gives it and the certificate."""
    running = []

    def start(name):
        cert, key = certificate(tmp_path, name)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        handler = MailServer()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        listener.close()
        controller = Controller(
            handler, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, ready_timeout=10
        )
        controller.start()
        running.append(controller)
        monkeypatch.setitem(app.config, "MAIL_SERVER", "localhost")
        monkeypatch.setitem(app.config, "MAIL_PORT", port)
        monkeypatch.setitem(app.config, "MAIL_USE_TLS", True)
        return handler, cert

    yield start
    smtp.close()
    for controller in running:
        controller.stop()


def test_the_right_name_and_a_known_issuer(app, tls_server, post, monkeypatch):
    server, cert = tls_server("localhost")
    monkeypatch.setitem(app.config, "MAIL_CA_FILE", str(cert))
    message_id = post(1)
    work()
    assert len(server.messages) == 1
    assert row(message_id).state == MessageState.SENT


@pytest.mark.parametrize(("name", "known"), [("elders.example.nl", True), ("localhost", False)])
def test_another_name_or_an_unknown_issuer_gets_nothing(app, tls_server, post, monkeypatch, name, known):
    server, cert = tls_server(name)
    monkeypatch.setitem(app.config, "MAIL_CA_FILE", str(cert) if known else None)
    message_id = post(1)
    work()
    assert server.messages == []
    assert row(message_id).state == MessageState.QUEUED
    assert row(message_id).error.endswith("SSLCertVerificationError")


def test_a_server_without_encryption_gets_nothing(app, mail_server, post, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_USE_TLS", True)
    message_id = post(1)
    work()
    assert mail_server.messages == []
    assert row(message_id).error == "SMTPNotSupportedError"


def test_a_silent_server_is_not_waited_for(app, canaries, post, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setitem(app.config, "MAIL_PORT", listener.getsockname()[1])
        monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 0.3)
        message_id = post(1)
        work()
    assert row(message_id).state == MessageState.QUEUED
    assert row(message_id).error
