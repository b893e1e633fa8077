"""The whole line: from a school's files to a parent who reads that her number was changed, every mail over SMTP."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.core.db import begin_read, db
from app.core.worker import Worker
from app.outbox import smtp
from app.school.models import Guardian
from tests.e2e.steps import link_in
from tests.roster import builders
from tests.support.browser import DESK, PHONE, visit
from tests.support.smtp import running_smtp

pytestmark = pytest.mark.e2e

PASSWORD = "een kat op de vensterbank"
OLD, NEW = "06 48 21 77 03", "06 12 34 56 78"
LOTTE = builders.row(mobiel=OLD, straat="Lindelaan", huisnummer="14", postcode="3581 KB")
FILES = {"leerlingen.xml": builders.edexml(), "verzorgers.csv": builders.csv_list(LOTTE)}


class Post:
    """A mail server, and the worker that brings the mails there."""

    def __init__(self, app, server):
        self.app, self.server = app, server

    def bring(self):
        """Do everything that waits, as `flask worker --idle-exit` does."""
        Worker(self.app).run(idle_exit=True)
        begin_read()

    def to(self, address):
        self.bring()
        return self.server.to(address)


@pytest.fixture
def post(app, portal, monkeypatch):
    with running_smtp() as server:
        monkeypatch.setitem(app.config, "MAIL_PORT", server.port)
        monkeypatch.setitem(app.config, "PUBLIC_URL", portal.url)
        yield Post(app, server)
        smtp.close()


@pytest.fixture
def school(factories):
    """What an operator makes: a school, and its first administrator by the command."""
    school = factories.school(board=factories.board(name="Stichting Wind"), name="De Vlieger", brin="99AB")
    db.session.commit()
    begin_read()
    return school


def appoint(app, school):
    command = "accounts staff add --school 99AB --role administrator --email marijke@example.nl --name".split()
    done = app.test_cli_runner().invoke(args=[*command, "Marijke Boer"])
    assert done.exit_code == 0, done.output
    begin_read()


def make_password(page, received):
    page.goto(link_in(received, "/setup/"))
    expect(page.locator("h1")).to_have_text("Maak uw wachtwoord")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Wachtwoord maken")


def load(page, post, name):
    """Choose a file, look at what it would do, have it done."""
    page.goto("/desk/roster")
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/plain", "buffer": FILES[name]})
    page.click("text=Kijk na")
    expect(page.locator("main")).to_contain_text("wordt nagekeken")
    post.bring()
    _shown(page, "main button:has-text('Neem over')")
    page.click("text=Neem over")
    post.bring()
    _shown(page, "main .bar-ok")
    expect(page.locator("main .bar-ok")).to_contain_text("overgenomen")


def _shown(page, selector):
    """With scripts the page asks by itself; without, a person presses Ververs."""
    if not page.evaluate("typeof htmx === 'object'"):
        page.reload()
    page.locator(selector).first.wait_for()


def invite(page):
    page.goto("/desk/guardians")
    page.click("text=Nodig iedereen uit")
    page.click("text=Verstuur 1 uitnodiging")
    expect(page.locator("main .bar-ok")).to_contain_text("1 uitnodiging gaat nu weg.")


def propose(page):
    """From home: the child, the pencil, another number."""
    page.click("text=Noor")
    expect(page.locator("h1")).to_contain_text("Noor")
    expect(page.locator("#guardian-contact")).to_contain_text(OLD)
    page.click("#guardian-contact-pencil")
    page.fill("[name=mobile]", NEW)
    page.click("text=Wijziging doorgeven")
    expect(page.locator("#guardian-contact .tag-pending")).to_have_text("In behandeling")
    expect(page.locator("#guardian-contact")).to_contain_text(f"Nu bij school: {OLD}")


def approve(page, received):
    page.goto(link_in(received, "/desk/changes/"))
    expect(page.locator("#detail h1")).to_have_text("Noor de Vries")
    page.click("text=Alles goedkeuren")
    expect(page.locator("main")).to_contain_text("Alles is nagekeken.")


def number_of_lotte():
    begin_read()
    return db.session.scalar(sa.select(Guardian.mobile).where(Guardian.first_name == "Lotte"))


DEVICES = [
    pytest.param(PHONE, DESK, True, id="phone and tablet"),
    pytest.param(PHONE, DESK, False, id="phone and tablet, no JavaScript"),
    pytest.param(DESK, PHONE, True, id="tablet and phone"),
]


@pytest.mark.parametrize(("at_home", "at_school", "javascript"), DEVICES)
def test_the_whole_line(app, portal, school, post, chromium, later, at_home, at_school, javascript):
    options = {"base_url": portal.url, "javascript": javascript}
    with (
        visit(chromium, viewport=at_school, **options) as marijke,
        visit(chromium, viewport=at_home, **options) as lotte,
    ):
        appoint(app, school)
        [letter] = post.to("marijke@example.nl")
        make_password(marijke.page, letter)
        marijke.page.wait_for_url("**/desk")
        for name in FILES:
            load(marijke.page, post, name)
        invite(marijke.page)

        [letter] = post.to("lotte@example.nl")
        make_password(lotte.page, letter)
        expect(lotte.page.locator("h1")).to_have_text("Overzicht")
        propose(lotte.page)
        [receipt] = post.to("lotte@example.nl")[1:]
        assert receipt.message["Subject"] == "We hebben uw wijziging ontvangen"

        [call] = post.to("administratie@example.nl")
        approve(marijke.page, call)
        assert number_of_lotte() == "+31612345678"

        assert len(post.to("lotte@example.nl")) == 2  # while the answer can be undone, nothing is told
        later(minutes=11)
        [answer] = post.to("lotte@example.nl")[2:]
        assert answer.message["Subject"] == "De school heeft uw wijziging nagekeken"
        lotte.page.goto(link_in(answer, "/changes/"))
        card = lotte.page.locator("#guardian-contact")
        expect(card).to_contain_text(NEW)
        expect(card.locator(".tag-ok")).to_contain_text("Aangepast op")
        expect(card).not_to_contain_text("In behandeling")

        for visitor in (marijke, lotte):
            assert visitor.log.problems() == []
    for received in post.server.messages:
        assert not any(word in received.text() + received.text("html") for word in (OLD, NEW, "Noor", "Lindelaan"))


def test_an_empty_database_takes_the_files_by_command(app, database, tmp_path):
    """The other way in: the EDEXML file makes the school."""
    begin_read()
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    done = app.test_cli_runner().invoke(args=["roster", "import", *(str(tmp_path / name) for name in FILES)])
    assert done.exit_code == 0, done.output
    assert number_of_lotte() == "+31648217703"
