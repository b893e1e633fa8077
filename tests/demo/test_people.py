"""Who is in the demo, and that all of it is data as the portal itself would take it."""

from collections import defaultdict

import phonenumbers
import pytest
import sqlalchemy as sa

from app.accounts import guardian_list
from app.accounts.models import Account
from app.accounts.password_rules import check
from app.accounts.queries import actor_for
from app.core import clock
from app.core.forms import POSTCODE, normal_email
from app.demo import faces
from app.demo.logins import LOGINS, PASSWORD
from app.records.models import EmergencyContact, MedicalRecord
from app.school.models import (
    Custody,
    Group,
    Guardian,
    Guardianship,
    Household,
    Placement,
    Pupil,
    Relation,
    School,
    Staff,
)


@pytest.fixture
def vlieger(session):
    return session.scalar(sa.select(School).where(School.name == "De Vlieger"))


def test_numbers(session, vlieger):
    def count(model, *conditions, school=vlieger):
        return session.scalar(sa.select(sa.func.count(model.id)).where(model.school_id == school.id, *conditions))

    kade = session.scalar(sa.select(School).where(School.name == "De Kade"))
    assert count(Pupil, Pupil.left_on.is_(None)) == 220
    assert count(Pupil, Pupil.left_on.is_not(None)) == 1
    assert count(Pupil, Pupil.enrolled_on > clock.today()) <= 4
    assert 335 <= count(Guardian) <= 365
    assert count(Pupil, school=kade) == 60
    assert set(session.scalars(sa.select(Group.name).where(Group.school_id == vlieger.id))) == {
        f"Groep {level}" for level in range(1, 9)
    }
    with_medical = session.scalar(
        sa.select(sa.func.count(MedicalRecord.pupil_id)).where(MedicalRecord.school_id == vlieger.id)
    )
    assert 70 <= with_medical <= 125


def test_groups_are_of_a_size_as_in_a_school(session, vlieger):
    sizes = session.execute(
        sa.select(Group.name, sa.func.count(Placement.id))
        .join(Placement, Placement.group_id == Group.id)
        .join(Pupil, Pupil.id == Placement.pupil_id)
        .where(Group.school_id == vlieger.id, Pupil.left_on.is_(None))
        .group_by(Group.name)
    )
    assert {name: size for name, size in sizes if not 26 <= size <= 28} == {}


def test_phones_addresses_and_mail_addresses_are_valid(session):
    for guardian in session.scalars(sa.select(Guardian)):
        for number in guardian.phones:
            assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number
        if guardian.email:
            assert normal_email(guardian.email) == guardian.email
    for contact in session.scalars(sa.select(EmergencyContact)):
        assert phonenumbers.is_valid_number(phonenumbers.parse(contact.phone)), contact.phone
    for home in session.scalars(sa.select(Household)):
        assert home.abroad or (POSTCODE.match(home.postcode.replace(" ", "")) and home.street and home.house_number)


def test_emergency_numbers_are_of_third_parties(session):
    numbers = defaultdict(set)
    for link, guardian in session.execute(sa.select(Guardianship, Guardian).join(Guardianship.guardian)):
        numbers[link.pupil_id] |= set(guardian.phones)
    for contact in session.scalars(sa.select(EmergencyContact)):
        assert contact.phone not in numbers[contact.pupil_id]


def test_brothers_and_sisters_have_other_colours(session):
    homes = defaultdict(list)
    for pupil in session.scalars(sa.select(Pupil).where(Pupil.household_id.is_not(None))):
        homes[pupil.household_id, pupil.surname].append(pupil.colour)
    assert any(len(colours) > 1 for colours in homes.values())
    assert all(len(set(colours)) == len(colours) for colours in homes.values())


def test_the_cases_of_a_register(session, vlieger):
    guardians = list(session.scalars(sa.select(Guardian).where(Guardian.school_id == vlieger.id)))
    custody = set(session.scalars(sa.select(Guardianship.custody)))
    relations = set(session.scalars(sa.select(Guardianship.relation)))
    assert custody == set(Custody)
    assert {Relation.STEP_PARENT, Relation.FOSTER_PARENT} < relations
    assert sum(guardian.deceased_on is not None for guardian in guardians) == 1
    assert any(guardian.household_id is None for guardian in guardians)
    assert any(guardian.address_hidden for guardian in guardians)
    assert any(guardian.left_on for guardian in guardians)
    assert any(guardian.language == "en" for guardian in guardians)
    addresses = [guardian.email for guardian in guardians if guardian.email]
    assert len(addresses) - len(set(addresses)) == 1
    without = sa.select(Pupil).where(~sa.exists().where(EmergencyContact.pupil_id == Pupil.id))
    assert session.scalars(without).first()


def test_every_pupil_has_a_guardian_and_a_group_with_a_teacher(session):
    children = set(session.scalars(sa.select(Guardianship.pupil_id)))
    assert children == set(session.scalars(sa.select(Pupil.id)))
    assert all(group.teachers for group in session.scalars(sa.select(Group)))
    assert not set(session.scalars(sa.select(Staff.form_of_address))) - {"juf", "meester"}


def actor_of(session, username):
    return actor_for(session.scalar(sa.select(Account.id).where(Account.username == username)))


def test_every_state_of_an_invitation(session):
    listing = guardian_list.listing(actor_of(session, "marijke"), guardian_list.Wanted())
    assert set(listing.counts) == set(guardian_list.State)


def test_who_the_offered_people_are(session):
    by_name = {login.username: actor_of(session, login.username) for login in LOGINS}
    assert [len(by_name[name].guardian_ids) for name in ("lotte", "jeroen", "els", "samira")] == [1, 1, 2, 1]
    assert {name: by_name[name].posts[0].role.value for name in ("samira", "marijke", "ruud")} == {
        "samira": "teacher",
        "marijke": "administrator",
        "ruud": "director",
    }


def test_the_password_would_pass_the_rules():
    for login in LOGINS:
        check(PASSWORD, (login.username, login.title, "De Vlieger", "De Kade"))


def test_faces_are_drawn_as_the_page_draws_them(session, demo_app):
    face = demo_app.jinja_env.get_template("components/avatar.html").module.face
    for pupil in session.scalars(sa.select(Pupil)):
        assert faces.style_of(pupil.id) == face(pupil.id.int).strip()
        assert faces.style_of(pupil.id) in faces.SUITS[pupil.sex]
