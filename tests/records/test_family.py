"""Section "family": names and relations of today. No pencil, and never how to reach the other parent."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import begin_write, db
from app.school.models import Custody, Guardian, Guardianship


def test_it_works(card):
    text = card("lotte", "family")
    for line in ("Lotte de Vries (moeder)", "Jeroen Bakker (vader)", "Karim Aziz (verzorger)", "Sem de Vries"):
        assert line in text


@pytest.mark.parametrize("role", ["lotte", "jeroen", "karim"])
def test_it_has_no_contact_data(cast, card, role):
    text = card(role, "family").replace(" ", "")
    others = {"lotte": cast.lotte, "jeroen": cast.jeroen, "karim": cast.karim}
    for name, guardian in others.items():
        if name != role:
            assert guardian.email not in text
            assert not guardian.mobile or guardian.mobile[3:] not in text
    assert "Geheimstraat" not in text


def test_it_has_no_pencil(cast, login):
    client = login(cast.accounts["lotte"])
    assert client.get(f"/children/{cast.noor.id}/family/edit").status_code == 404
    assert "/family/edit" not in client.get(f"/children/{cast.noor.id}").text


def test_brothers_and_sisters_of_another_family_of_the_other_parent(cast, card, factories):
    begin_write()
    half = factories.pupil(school=cast.school, first_name="Bram", surname="Bakker", group=cast.group)
    factories.guardianship(guardian=cast.jeroen, pupil=half)
    db.session.commit()
    assert "Bram" in card("jeroen", "family")
    assert "Bram" not in card("lotte", "family")


@pytest.mark.parametrize("ended", [{"custody": Custody.NONE}, {"ends_on": clock.today() - timedelta(days=1)}])
def test_who_is_no_guardian_any_more(cast, card, ended):
    one = (Guardianship.guardian_id == cast.jeroen.id, Guardianship.pupil_id == cast.noor.id)
    begin_write()
    db.session.execute(sa.update(Guardianship).where(*one).values(**ended))
    db.session.commit()
    assert "Jeroen" not in card("lotte", "family")
    # And Jeroen, who still sees Sem, no longer reads that Noor is there.
    assert "Noor" not in card("jeroen", "family", cast.sem)


def test_who_died_is_not_named(cast, card):
    begin_write()
    db.session.execute(sa.update(Guardian).where(Guardian.id == cast.jeroen.id).values(deceased_on=clock.today()))
    db.session.commit()
    assert "Jeroen" not in card("lotte", "family")
