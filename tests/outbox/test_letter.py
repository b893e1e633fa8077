"""What a mail looks like when it arrives."""

from email.header import decode_header, make_header

import html5lib
import pytest

from app.core.db import begin_write, db
from tests.outbox.conftest import work


@pytest.fixture
def received(mail_server, post, factories):
    """`received(name="…")` gives the mail that a parent of that school gets."""

    def send(*, context=None, language="nl", **school):
        begin_write()
        board = factories.board(name="Bestuur")
        values = {"name": "Basisschool De Vlieger", "short_name": "Vlieger", "contact_name": "Ria de Boer", **school}
        school_id = factories.school(board=board, **values).id
        db.session.commit()
        post(1, school_id=school_id, language=language, context=context)
        work()
        return mail_server.wait_for(1)[0]

    return send


def test_text_and_html_say_the_same(received):
    mail = received(context={"name": "Lotte de Vries"})
    text = mail.text("plain")
    assert text == (
        "Beste Lotte de Vries,\n\nDit is proef k1.\n\n"
        "Bekijk de proef:\nhttps://portaal.example.nl/proef?a=1&b=2\n\n12 maart 2018\n\n"
        "Ria de Boer\nBasisschool De Vlieger\n030 234 5678\n\n"
        "U krijgt deze mail omdat de school dit e-mailadres van u heeft.\n"
    )
    page = html5lib.HTMLParser(strict=True).parse(mail.text("html"))
    words = " ".join("".join(page.itertext()).split())
    for line in text.replace("proef:\n", "proef\n").splitlines():
        assert line in words


def test_the_headers(received):
    mail = received().message
    assert mail["From"] == "Basisschool De Vlieger <portaal@example.nl>"
    assert mail["To"] == "ouder1@example.nl"
    assert mail["Reply-To"] == "administratie@example.nl"
    assert mail["Subject"] == "Proef k1"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["Message-ID"].endswith("@example.nl>")
    assert mail["Date"]
    assert mail["List-Id"] is None


def test_it_comes_from_the_portals_own_address(received):
    assert received().sender == "portaal@example.nl"


def test_without_a_name_it_greets_a_parent(received):
    assert received().text().startswith("Beste ouder,\n")


def test_values_are_escaped_in_html_only(received):
    mail = received(context={"name": "<i>Lotte</i> & co"})
    assert "Beste <i>Lotte</i> & co," in mail.text("plain")
    assert "Beste &lt;i&gt;Lotte&lt;/i&gt; &amp; co," in mail.text("html")
    assert 'href="https://portaal.example.nl/proef?a=1&amp;b=2"' in mail.text("html")


def test_the_html_needs_nothing_from_elsewhere(received):
    page = received().text("html")
    assert '<html lang="nl">' in page
    assert "max-width:600px" in page
    for wanted in ("<img", "<script", "<link", "url(", "@import", "src="):
        assert wanted not in page


def test_the_readers_language(received):
    mail = received(language="en")
    assert '<html lang="en">' in mail.text("html")
    assert "12 March 2018" in mail.text()


def test_a_language_that_the_portal_does_not_speak_becomes_dutch(received):
    assert "12 maart 2018" in received(language="fy").text()


@pytest.mark.parametrize(
    "name",
    [
        "De Vlieger\r\nBcc: dief@example.nl",
        "De Vlieger\nBcc: dief@example.nl\n\nKlik hier",
        'Vlieger" <dief@example.nl>, "',
        "Vlieger\u2028Bcc: dief@example.nl",
    ],
)
def test_a_schools_name_cannot_add_a_header(received, name):
    mail = received(name=name)
    assert mail.recipients == ("ouder1@example.nl",)
    assert mail.message["Bcc"] is None
    assert [address.addr_spec for address in mail.message["From"].addresses] == ["portaal@example.nl"]


@pytest.mark.parametrize(
    "name",
    [
        "Christelijke Basisschool ’t Één en Ander, locatie Noord",
        "Oecumenische Jenaplanschool " + "Zuiderzeé " * 8,
        "A, B",
    ],
)
def test_a_schools_name_arrives_as_it_is(received, name):
    mail = received(name=name.strip()).message
    assert [address.addr_spec for address in mail["From"].addresses] == ["portaal@example.nl"]
    # Read by RFC 2047's rule (no space between encoded words), which the parser of addresses in Python doesn't know.
    raw = dict(mail.raw_items())["From"]
    assert str(make_header(decode_header(raw))).replace('"', "") == f"{name.strip()} <portaal@example.nl>"


def test_an_answer_goes_nowhere_when_the_schools_address_is_no_address(received):
    assert received(administration_email="geen\r\nBcc: dief@example.nl").message["Reply-To"] is None


def test_a_mail_of_no_school_in_particular(mail_server, post):
    post(1)
    work()
    mail = mail_server.wait_for(1)[0]
    assert mail.message["From"] == "Ouderportaal <portaal@example.nl>"
    assert mail.message["Reply-To"] is None
