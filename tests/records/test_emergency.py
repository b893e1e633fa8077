"""Section "emergency": third parties only (M10); each parent who lives apart keeps an own list; all without JavaScript."""

import html
import re
import uuid

import pytest
import sqlalchemy as sa

from app.core.db import begin_write, db
from app.records.models import EmergencyContact
from app.school.models import Guardian, Guardianship

MESSAGE = "Dit is een nummer van een ouder. Ouders bellen we altijd eerst."
NOTATIONS = [
    *("06 {rest}", "06{rest}", "06-{rest}", "(06) {rest}"),
    *("+316{rest}", "+31 6 {rest}", "00316{rest}", "0031 6 {rest}", "+31 (0)6 {rest}"),
]


@pytest.fixture
def path(cast):
    return f"/children/{cast.noor.id}/emergency/edit"


@pytest.fixture
def contacts(cast, factories):
    """Riet and Ans, everybody's."""
    begin_write()
    made = [
        factories.emergency_contact(pupil=cast.noor, name="Riet", phone="+31612340001", position=1),
        factories.emergency_contact(
            pupil=cast.noor, name="Ans", phone="+31612340002", position=2, relation="buurvrouw"
        ),
    ]
    db.session.commit()
    return [f"contact:{contact.id}" for contact in made]


def fields(text):
    """What the form holds, as a browser would send it: names and values."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", text):
        kind, name = (re.search(rf'\b{part}="([^"]*)"', tag) for part in ("type", "name"))
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if name and (kind is None or kind[1] != "checkbox" or "checked" in tag):
            found[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
    return found


def opened(client, path, **typed):
    return {**fields(client.get(path).text), **typed}


def send(client, path, **typed):
    return client.post(path, data=opened(client, path, **typed))


def new(name="Opa Wim", phone="0612349999", relation="opa", number=0):
    return {f"contacts-{number}-name": name, f"contacts-{number}-phone": phone, f"contacts-{number}-relation": relation}


def test_it_works(cast, login, path, asked):
    client = login(cast.accounts["lotte"])
    answer = send(client, path, **new())
    assert answer.status_code == 303
    ((key, value),) = asked().items()
    assert key.startswith("contact:")
    assert value == {"name": "Opa Wim", "relation": "opa", "phone": "+31612349999"}
    assert "Opa Wim (opa)" in client.get(f"/children/{cast.noor.id}/emergency").text


def test_changing_one(cast, login, path, contacts, asked):
    send(login(cast.accounts["lotte"]), path, **{"contacts-1-phone": "06 12 34 00 09"})
    assert asked() == {contacts[1]: {"name": "Ans", "relation": "buurvrouw", "phone": "+31612340009"}}


def test_removing_one(cast, login, path, contacts, asked):
    send(login(cast.accounts["lotte"]), path, **{"contacts-0-remove": "y"})
    assert asked()[contacts[0]] is None


def test_another_order(cast, login, path, contacts, asked):
    """The arrow gives the form back in its new order; nothing is sent by it."""
    client = login(cast.accounts["lotte"])
    shaped = client.post(path, data=opened(client, path, move="0:down"))
    assert shaped.status_code == 200
    assert asked() == {}
    assert [fields(shaped.text)[f"contacts-{place}-name"] for place in (0, 1)] == ["Ans", "Riet"]
    assert client.post(path, data=fields(shaped.text)).status_code == 303
    assert asked() == {"order": [[contacts[1], "Ans"], [contacts[0], "Riet"]]}


def test_a_new_one_above_others(cast, login, path, contacts, asked):
    """Its place is asked for with it; at the end of the list it stands there by itself."""
    client = login(cast.accounts["lotte"])
    form = fields(client.post(path, data=opened(client, path, add="1")).text) | new(number=2)
    shaped = client.post(path, data=form | {"move": "2:up"})
    assert client.post(path, data=fields(shaped.text)).status_code == 303
    (key,) = (key for key in asked() if key.startswith("contact:"))
    assert asked()["order"] == [[contacts[0], "Riet"], [key, "Opa Wim"], [contacts[1], "Ans"]]


def test_the_focus_goes_to_what_was_asked_for(cast, login, path, contacts):
    client = login(cast.accounts["lotte"])
    added = client.post(path, data=opened(client, path, add="1")).text
    assert re.findall(r'<input[^>]*autofocus[^>]*name="([^"]+)"', added) == ["contacts-2-name"]
    moved = client.post(path, data=opened(client, path, move="1:up")).text
    assert re.findall(r'<button[^>]*value="([^"]+)"[^>]*autofocus', moved) == ["0:down"]


def test_enter_sends_and_moves_nothing(cast, login, path, contacts):
    """Enter in a field presses the form's first button."""
    form = login(cast.accounts["lotte"]).get(path).text.partition("data-guard")[2]
    assert "name=" not in re.search(r'<button[^>]*type="submit"[^>]*>', form)[0]


@pytest.mark.parametrize("move", ["0:up", "1:down", "9:up", "9:down", "x:up", "0:sideways", ""])
def test_an_arrow_that_leads_nowhere(cast, login, path, contacts, asked, move):
    client = login(cast.accounts["lotte"])
    answer = client.post(path, data=opened(client, path, move=move))
    assert answer.status_code in (200, 303)
    assert asked() == {}


def test_adding_a_row(cast, login, path, contacts, asked):
    client = login(cast.accounts["lotte"])
    shaped = client.post(path, data=opened(client, path, add="1", **{"contacts-0-name": "Riet getypt"}))
    assert shaped.status_code == 200
    form = fields(shaped.text)
    assert "contacts-2-name" in form
    assert form["contacts-0-name"] == "Riet getypt"
    assert client.post(path, data=form | new(number=2)).status_code == 303
    assert {value["name"] for value in asked().values()} == {"Riet getypt", "Opa Wim"}


def test_no_more_than_six(cast, login, path):
    client = login(cast.accounts["lotte"])
    form = opened(client, path)
    for _ in range(8):
        form = fields(client.post(path, data=form | {"add": "1"}).text)
    assert sum(name.endswith("-name") for name in form) == 6


def test_an_empty_row_is_no_contact(cast, login, path, asked):
    client = login(cast.accounts["lotte"])
    assert send(client, path).status_code == 303
    assert asked() == {}


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("rest", ["12345678", "87654321"])
def test_a_parents_number_is_refused_in_any_notation(cast, login, path, asked, notation, rest):
    """One's own and the co-parent's: the same words, and the number only as it was typed."""
    typed = notation.format(rest=rest)
    answer = send(login(cast.accounts["lotte"]), path, **new(phone=typed))
    assert answer.status_code == 422
    assert MESSAGE in answer.text
    assert f'value="{typed}"' in answer.text
    assert asked() == {}
    text = answer.text.replace(f'value="{typed}"', "")
    assert rest not in re.sub(r"[\s\-()]", "", text)
    assert "Jeroen" not in re.sub(r"<header.*?</header>", "", text, flags=re.DOTALL)


def test_the_answer_is_the_same_for_both(cast, login, path):
    client = login(cast.accounts["lotte"])
    answers = []
    for typed in ("06 12 34 56 78", "06 87 65 43 21"):
        text = send(client, path, **new(phone=typed)).text.replace(typed, "")
        answers.append(re.sub(r'value="[^"]*"|[0-9a-f-]{36}', "", text))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("column", ["mobile", "other_phone", "work_phone"])
def test_every_number_of_a_parent_counts(cast, login, path, asked, column):
    begin_write()
    db.session.execute(sa.update(Guardian).where(Guardian.id == cast.karim.id).values({column: "+31687650000"}))
    db.session.commit()
    assert MESSAGE in send(login(cast.accounts["lotte"]), path, **new(phone="06 87 65 00 00")).text
    assert asked() == {}


def test_one_number_stands_there_once(cast, login, path, contacts, asked):
    answer = send(login(cast.accounts["lotte"]), path, **{"contacts-1-phone": "06 12 34 00 01"})
    assert answer.status_code == 422
    assert "Dit nummer staat er al. Elk noodnummer hoeft maar één keer." in answer.text
    assert asked() == {}


def test_invalid(cast, login, path, asked):
    client = login(cast.accounts["lotte"])
    for typed, message in (
        (new(name=""), "Vul een naam in."),
        (new(phone=""), "Vul een telefoonnummer in."),
        (new(phone="06 12"), "Vul een nummer in van 10 cijfers. Bijvoorbeeld 06 12 34 56 78."),
        (new(name="x" * 81), "Dit is te lang."),
        (new(name="Opa\x00"), "Er staat een teken in dat we niet kunnen bewaren"),
    ):
        answer = send(client, path, **typed)
        assert answer.status_code == 422
        assert message in answer.text
    assert asked() == {}


# --- parents who live apart


def private(factories, cast, guardian, name):
    begin_write()
    made = factories.emergency_contact(pupil=cast.noor, name=name, phone="+31612340077", guardian=guardian)
    db.session.commit()
    return made.id


def test_each_has_an_own_list(cast, card, factories, contacts):
    private(factories, cast, cast.jeroen, "Nieuwe Partner")
    private(factories, cast, cast.lotte, "Tante Bep")
    assert "Nieuwe Partner" in card("jeroen", "emergency")
    assert "Tante Bep" in card("lotte", "emergency")
    assert "Nieuwe Partner" not in card("lotte", "emergency")
    assert "Tante Bep" not in card("jeroen", "emergency")
    for role in ("lotte", "jeroen"):
        assert "Riet" in card(role, "emergency")
    assert "Nieuwe Partner" not in card("karim", "emergency")


def test_two_whose_address_is_not_known_do_not_live_together(cast, card, factories):
    """No address is no shared address."""
    begin_write()
    db.session.execute(sa.update(Guardian).values(household_id=None))
    db.session.commit()
    private(factories, cast, cast.jeroen, "Nieuwe Partner")
    assert "Nieuwe Partner" in card("jeroen", "emergency")
    assert "Nieuwe Partner" not in card("lotte", "emergency")


def test_the_others_number_may_be_ones_own_contact(cast, login, path, factories, asked):
    """Whether it is on the other's list is not said."""
    private(factories, cast, cast.jeroen, "Nieuwe Partner")
    assert send(login(cast.accounts["lotte"]), path, **new(phone="06 12 34 00 77")).status_code == 303
    assert len(asked()) == 1


def test_who_lives_together_shares(cast, card, factories):
    begin_write()
    db.session.execute(
        sa.update(Guardian).where(Guardian.id == cast.jeroen.id).values(household_id=cast.lotte.household_id)
    )
    db.session.commit()
    private(factories, cast, cast.jeroen, "Opa Piet")
    assert "Opa Piet" in card("lotte", "emergency")


@pytest.mark.parametrize("whose", ["jeroens", "tygos", "made up"])
def test_a_contact_of_somebody_else_is_not_touched(cast, login, path, factories, asked, whose):
    """Its key, posted by hand, asks for nothing that is the other parent's or another child's."""
    begin_write()
    tygos = factories.emergency_contact(pupil=cast.tygo, name="Oma Bos", phone="+31612340088")
    db.session.commit()
    key = {
        "jeroens": private(factories, cast, cast.jeroen, "Nieuwe Partner"),
        "tygos": tygos.id,
        "made up": uuid.uuid4(),
    }[whose]
    client = login(cast.accounts["lotte"])
    answer = send(client, path, **new(), **{"contacts-0-key": f"contact:{key}"})
    if whose == "made up":
        assert answer.status_code == 303
    else:
        assert answer.status_code == 422
        assert asked() == {}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EmergencyContact)) == 2


def test_the_key_of_a_contact_is_one(cast, login, path, asked):
    client = login(cast.accounts["lotte"])
    for key in ("", "order", "contact:x", "contact:" + "z" * 36, "mobile"):
        assert send(client, path, **new(), **{"contacts-0-key": key}).status_code == 422
    assert asked() == {}


def test_who_is_only_informed_reads_what_is_everybodys(cast, card, contacts, login, path):
    assert "Riet" in card("karim", "emergency")
    assert login(cast.accounts["karim"]).get(path).status_code == 404


def test_who_is_no_guardian_any_more_is_not_asked_about(cast, login, path, asked):
    """A former step-parent's number is not refused for ever: only guardians of the child count."""
    begin_write()
    db.session.execute(sa.delete(Guardianship).where(Guardianship.guardian_id == cast.jeroen.id))
    db.session.commit()
    assert send(login(cast.accounts["lotte"]), path, **new(phone="06 87 65 43 21")).status_code == 303
    assert len(asked()) == 1
