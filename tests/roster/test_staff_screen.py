"""The staff's screens: hand in, look, tick, apply; and who may not."""

import io
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import begin_write, db
from app.core.jobs import Job
from app.roster import operations
from app.roster.models import ImportState, RosterImport
from app.school.models import Pupil
from tests.roster.builders import NOOR, csv_list, edexml, pupil, row
from tests.roster.conftest import digest

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def marijke(cast, login):
    return login(cast.accounts["marijke"])


def send(client, data: bytes, name="EDEX.XML"):
    form = {"file": (io.BytesIO(data), name), "school": school_of(client)}
    response = client.submit("/desk/roster", form, content_type="multipart/form-data")
    response.request.environ["wsgi.input"].close()  # the test client's own temporary file
    return response


def school_of(client) -> str:
    found = re.search(r'name="school" value="([^"]*)"', client.get("/desk/roster").get_data(as_text=True))
    return found[1] if found else ""


def work() -> None:
    while jobs.run_next("test"):
        pass


def handed_in(client, data: bytes) -> str:
    """Hand a file in and have it read; gives the import's address."""
    response = send(client, data)
    assert response.status_code == 303, response.get_data(as_text=True)
    work()
    return response.location


def latest() -> RosterImport:
    db.session.expire_all()
    return db.session.scalar(sa.select(RosterImport).order_by(RosterImport.uploaded_at.desc()))


def text(response) -> str:
    return response.get_data(as_text=True)


class TestTheWay:
    def test_it_works(self, marijke):
        address = handed_in(marijke, edexml(NOOR))
        page = text(marijke.get(address))
        assert "Er is nog niets overgenomen" in page
        assert "Nieuw (" in page
        marijke.submit(f"{address}/application", form_at=address)
        work()
        assert "Het bestand is overgenomen" in text(marijke.get(address))
        assert db.session.scalar(sa.select(Pupil).where(Pupil.key == "00123")).first_name == "Noor"
        assert latest().data is None

    def test_while_the_worker_is_at_it_the_page_says_so_and_asks_again(self, marijke):
        address = send(marijke, edexml()).location
        page = text(marijke.get(address))
        assert "Het bestand wordt nagekeken" in page
        assert "Ververs" in page
        job = db.session.scalar(sa.select(Job))
        job.progress_done, job.progress_total = 3, 7
        db.session.commit()
        fragment = text(marijke.get(address, headers=FRAGMENT))
        assert 'value="3"' in fragment
        assert 'hx-trigger="load delay:1s"' in fragment
        assert "<html" not in fragment

    def test_problems_with_their_lines_and_no_button(self, marijke):
        before = digest()
        data = edexml(pupil("7"), pupil("7", geboortedatum="nooit"))
        line = data[: data.index(b"nooit")].count(b"\n") + 1
        address = handed_in(marijke, data)
        page = text(marijke.get(address))
        assert f"Regel {line}, leerling 7: Deze sleutel" in page
        assert f'action="{address}/application"' not in page
        assert digest() == before

    def test_a_list_after_the_pupils(self, marijke):
        address = handed_in(marijke, edexml(NOOR))
        marijke.submit(f"{address}/application", form_at=address)
        work()
        address = handed_in(marijke, csv_list(row(v_roepnaam="<b>Zoë</b>")))
        page = text(marijke.get(address))
        assert "&lt;b&gt;Zoë&lt;/b&gt;" in page
        assert "kind: leeg → Noor de Vries" in page

    def test_what_is_ticked_is_applied(self, marijke, cast):
        address = handed_in(marijke, edexml(NOOR))
        assert "Staat niet in het bestand" in text(marijke.get(address))
        marijke.submit(f"{address}/application", {"choice": f"gone:pupil:{cast.tygo.id}"}, form_at=address)
        work()
        db.session.expire_all()
        assert db.session.get(Pupil, cast.tygo.id).left_on is not None
        assert db.session.get(Pupil, cast.sem.id).left_on is None

    def test_what_was_not_offered_cannot_be_ticked(self, marijke, cast):
        address = handed_in(marijke, edexml(NOOR))
        marijke.submit(f"{address}/application", {"choice": f"gone:pupil:{cast.fien.id}"}, form_at=address)
        assert latest().choices == []

    def test_the_register_changed_in_between(self, marijke, cast):
        address = handed_in(marijke, edexml(NOOR))
        begin_write()
        db.session.add(Pupil(school_id=cast.school.id, first_name="Nieuw", surname="Kind"))
        db.session.commit()
        marijke.submit(f"{address}/application", form_at=address)
        work()
        page = text(marijke.get(address))
        assert "Het portaal is veranderd sinds het nakijken" in page
        assert db.session.scalar(sa.select(Pupil).where(Pupil.key == "00123")) is None
        marijke.submit(f"{address}/reading", form_at=address)
        work()
        assert latest().state is ImportState.READY

    def test_thrown_away(self, marijke):
        address = handed_in(marijke, edexml(NOOR))
        response = marijke.submit(f"{address}/removal", form_at=address)
        assert response.location == "/desk/roster"
        assert (latest().state, latest().data, latest().report) == (ImportState.DISCARDED, None, None)

    def test_applied_once(self, marijke):
        address = handed_in(marijke, edexml(NOOR))
        token = marijke.csrf(address)
        statuses = [marijke.post(f"{address}/application", data={"csrf_token": token}).status_code for _ in range(2)]
        assert statuses == [303, 409]

    def test_a_job_that_dies_half_way_leaves_nothing(self, marijke, monkeypatch):
        address = handed_in(marijke, edexml(NOOR))
        marijke.submit(f"{address}/application", form_at=address)
        before = digest()
        monkeypatch.setattr(operations, "note_applied", lambda *_: 1 / 0)
        jobs.run_next("test")
        db.session.rollback()
        assert digest() == before


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "words"),
        [(b"%PDF-1.7", "Dit is een PDF"), (b"", "leeg"), (b"\xd0\xcf\x11\xe0....", "wachtwoord")],
    )
    def test_at_once(self, marijke, data, words):
        response = send(marijke, data)
        assert response.status_code == 422
        assert words in text(response)
        assert latest() is None

    def test_after_reading(self, marijke):
        address = handed_in(marijke, edexml()[:300])
        page = text(marijke.get(address))
        assert "Het bestand houdt hier plotseling op" in page
        assert latest().data is None

    def test_no_file(self, marijke):
        response = marijke.submit("/desk/roster", {"school": school_of(marijke)})
        assert response.status_code == 422
        assert "Kies een bestand." in text(response)

    def test_larger_than_a_request_may_be(self, marijke, app, monkeypatch):
        monkeypatch.setitem(app.config, "ROSTER_MAX_BYTES", 1_000)
        response = send(marijke, b"<EDEX>" + b" " * 100_000)
        assert response.status_code == 413
        assert "Dit bestand is te groot" in text(response)

    def test_larger_than_other_forms_may_be_is_fine(self, marijke, app):
        padding = b"<!--" + b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1) + b"-->"
        assert send(marijke, edexml().replace(b"<EDEX>", padding + b"<EDEX>")).status_code == 303

    def test_without_its_token(self, marijke):
        response = marijke.post("/desk/roster", data={"file": (io.BytesIO(edexml()), "x.xml")})
        assert response.status_code == 400
        assert latest() is None

    def test_another_schools_file(self, marijke):
        address = handed_in(marijke, edexml().replace(b"99AB", b"88ZZ"))
        assert "BRIN-code 88ZZ" in text(marijke.get(address))


class TestWhoMay:
    @pytest.mark.parametrize("who", ["lotte", "samira", "ruud"])
    def test_nobody_without_the_permission(self, cast, login, who):
        client = login(cast.accounts[who])
        assert client.get("/desk/roster").status_code == 404
        assert client.get(f"/desk/roster/{uuid.uuid4()}").status_code == 404
        assert client.post("/desk/roster").status_code == 404

    def test_nobody_who_is_not_logged_in(self, client):
        assert client.get("/desk/roster").status_code == 303
        assert client.post("/desk/roster", data={"file": (io.BytesIO(edexml()), "x.xml")}).status_code == 303

    def test_another_schools_import_does_not_exist(self, marijke, cast, login):
        address = handed_in(marijke, edexml(NOOR))
        anna = login(cast.accounts["anna"])
        token = anna.csrf("/desk/roster")
        assert anna.get(address).status_code == 404
        for verb in ("application", "reading", "removal"):
            assert anna.post(f"{address}/{verb}", data={"csrf_token": token}).status_code == 404
        assert "EDEX.XML" not in text(anna.get("/desk/roster"))

    def test_a_school_where_one_may_not_import(self, marijke, cast):
        response = marijke.submit(
            "/desk/roster",
            {"file": (io.BytesIO(edexml()), "x.xml"), "school": str(cast.kade.id)},
            content_type="multipart/form-data",
        )
        assert latest() is None or latest().school_id == cast.school.id
        assert response.status_code in (303, 422)


def test_files_and_dry_runs_do_not_stay(marijke):
    handed_in(marijke, edexml(NOOR))
    begin_write()
    db.session.execute(sa.update(RosterImport).values(uploaded_at=clock.now() - timedelta(days=8)))
    operations.sweep()
    db.session.commit()
    assert (latest().state, latest().data, latest().report) == (ImportState.DISCARDED, None, None)
