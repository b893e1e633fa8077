import smtplib
from email.message import EmailMessage

import pytest

from tests.support.smtp import running_smtp


@pytest.fixture
def smtp():
    with running_smtp() as server:
        yield server


def send(smtp, to="lotte@example.nl", timeout=5):
    message = EmailMessage()
    message["From"] = "school@example.nl"
    message["To"] = to
    message["Subject"] = "Een wijziging – één"
    message["Message-ID"] = "<1@example.nl>"
    message.set_content("Goedgekeurd.\n")
    with smtplib.SMTP(smtp.host, smtp.port, timeout=timeout) as client:
        client.send_message(message)


def test_a_mail_is_kept_as_it_is_read(smtp):
    send(smtp)

    [received] = smtp.wait_for(1)
    assert received.recipients == ("lotte@example.nl",)
    assert received.message["Subject"] == "Een wijziging – één"
    assert received.text() == "Goedgekeurd.\n"
    assert received.message_id == "<1@example.nl>"
    assert smtp.connections == 1


@pytest.mark.parametrize("code", [451, 550])
def test_one_recipient_can_be_refused(smtp, code):
    smtp.refuse("weg@example.nl", code)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp, to="weg@example.nl")
    assert refused.value.recipients["weg@example.nl"][0] == code

    send(smtp)
    assert smtp.to("weg@example.nl") == []
    assert len(smtp.to("lotte@example.nl")) == 1


def test_the_content_can_be_refused(smtp):
    smtp.refuse_content(554)

    with pytest.raises(smtplib.SMTPDataError):
        send(smtp)
    assert smtp.messages == []


def test_it_hangs_after_the_data(smtp):
    smtp.hang_after_data()

    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(smtp, timeout=0.5)
    assert [received.answered for received in smtp.messages] == [False]

    smtp.behave()
    send(smtp)
    assert [received.answered for received in smtp.messages] == [False, True]


def test_it_breaks_the_connection_after_the_data(smtp):
    smtp.drop_after_data()

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(smtp)
    assert len(smtp.messages) == 1


def test_it_can_be_away_and_come_back(smtp):
    smtp.stop()
    with pytest.raises(ConnectionRefusedError):
        send(smtp)

    smtp.start()
    send(smtp)
    assert len(smtp.messages) == 1
