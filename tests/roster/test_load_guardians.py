"""A guardians' list into the register: which child is whose, what is held back, where people live."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.changes.models import ItemState
from app.core.audit import AuditEvent
from app.core.db import db
from app.roster.errors import RosterError
from app.roster.plan import Action, Kind
from app.school.models import Custody, Guardian, Guardianship, Household, MailState, Relation
from tests.roster.builders import NOOR, csv_list, edexml, pupil, row
from tests.roster.conftest import digest, guardians, link, pupils

HOME = {"straat": "Lindelaan", "huisnummer": "14", "postcode": "3581 KB", "woonplaats": "Utrecht"}
AWAY = {"straat": "Kade", "huisnummer": "3", "postcode": "3512 AA", "woonplaats": "Utrecht"}
SEM = {"leerlingnummer": "00124", "roepnaam": "Sem", "geboortedatum": "01-05-2018"}
JEROEN = {
    "v_voorletters": "J.",
    "v_roepnaam": "Jeroen",
    "v_tussenvoegsel": "",
    "v_achternaam": "Bakker",
    "relatie": "vader",
    "verzorger_volgnummer": "2",
    "email": "jeroen@example.nl",
    "mobiel": "0687654321",
}


def held(plan):
    return {change.field: change for step in plan.steps for change in step.held}


def error_keys(plan):
    return [problem.key for problem in plan.problems if problem.severity == "error"]


@pytest.fixture(autouse=True)
def children(desk):
    sem = pupil("00124", achternaam="Vries", voorvoegsel="de", roepnaam="Sem", geboortedatum="2018-05-01")
    desk.load(edexml(NOOR, sem, pupil("00200", geboortedatum="2017-07-07")))


class TestFirstTime:
    def test_it_works(self, desk):
        desk.load(csv_list(row(**HOME), row(**SEM, **HOME), row(**JEROEN, **AWAY, geheim_adres="ja")))
        lotte, jeroen = guardians()["Lotte"], guardians()["Jeroen"]
        noor = pupils()["Noor"]
        assert (lotte.email, lotte.mobile, lotte.initials) == ("lotte@example.nl", "+31648217703", "L")
        assert link(lotte, noor).relation is Relation.MOTHER
        assert link(lotte, noor).custody is Custody.FULL
        assert (link(jeroen, noor).call_order, link(jeroen, pupils()["Sem"])) == (2, None)
        assert (lotte.household.street, jeroen.household.postcode) == ("Lindelaan", "3512 AA")
        assert (lotte.address_hidden, jeroen.address_hidden) == (False, True)

    def test_twice_changes_nothing(self, desk):
        data = csv_list(row(**HOME), row(**SEM, **HOME), row(**JEROEN, **HOME))
        desk.load(data)
        before = digest()
        plan = desk.load(data)
        assert digest() == before
        assert plan.is_empty

    def test_a_list_without_numbers(self, desk):
        header = ["Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "E-mailadres ouder/verzorger 1"]
        data = csv_list(["Noor", "de", "Vries", "03-02-2016", "lotte@example.nl"], header=header)
        desk.load(data)
        before = digest()
        assert desk.load(data).is_empty
        assert digest() == before

    def test_a_name_comes_later_to_who_had_only_a_mail_address(self, desk):
        header = ["Leerlingnummer", "E-mailadres ouder/verzorger 1"]
        desk.load(csv_list(["00123", "lotte@example.nl"], header=header))
        desk.load(csv_list(row()))
        assert list(guardians()) == ["Lotte"]

    @pytest.mark.parametrize(
        ("said", "custody"),
        [("ja", Custody.FULL), ("", Custody.FULL), ("nee", Custody.NONE), ("onbekend", Custody.NONE)],
    )
    def test_custody(self, desk, said, custody):
        desk.load(csv_list(row(gezag=said)))
        assert link(guardians()["Lotte"], pupils()["Noor"]).custody is custody

    def test_errors_write_nothing(self, desk):
        before = digest()
        with pytest.raises(RosterError):
            desk.load(csv_list(row(), row(**SEM, gezag="misschien")))
        assert digest() == before


class TestWhichChild:
    def test_a_number_that_nobody_has(self, desk):
        plan = desk.plan(csv_list(row(leerlingnummer="999")))
        assert error_keys(plan) == ["plan.pupil_unknown"]
        assert plan.problems.in_order()[0].text.startswith("Regel 2, leerling 999: Dit leerlingnummer staat niet")

    def test_a_number_that_excel_cut_short(self, desk):
        desk.load(csv_list(row(leerlingnummer="123")))
        assert link(guardians()["Lotte"], pupils()["Noor"])

    @pytest.mark.parametrize("wrong", [{"roepnaam": "Sem"}, {"geboortedatum": "01-05-2018"}])
    def test_a_number_of_another_child_never_links(self, desk, wrong):
        assert error_keys(desk.plan(csv_list(row(**wrong)))) == ["plan.pupil_unknown"]

    def test_a_name_without_a_number_that_two_children_have(self, desk):
        desk.load(edexml(NOOR, NOOR.replace("00123", "9")))
        assert error_keys(desk.plan(csv_list(row(leerlingnummer="")))) == ["plan.pupil_unknown"]

    def test_a_child_that_left_is_skipped(self, desk):
        pupils()["Noor"].left_on = date(2026, 10, 1)
        db.session.flush()
        plan = desk.load(csv_list(row()))
        assert plan.skipped["left"] == 1
        assert guardians() == {}

    def test_swapped_rows_link_no_parent_to_another_child(self, desk):
        """C6: of 200 shuffled lists not one may link a parent to a child that is not named on the parent's row."""
        import random

        names = {"00123": ("Noor", "03-02-2016"), "00124": ("Sem", "01-05-2018"), "00200": ("Tygo", "07-07-2017")}
        for seed in range(200):
            shuffled = random.Random(seed).sample(sorted(names), 3)
            rows = [
                row(
                    leerlingnummer=number,
                    roepnaam=names[named][0],
                    geboortedatum=names[named][1],
                    email=f"p{n}@example.nl",
                )
                for n, (number, named) in enumerate(zip(shuffled, sorted(names), strict=True))
            ]
            plan = desk.plan(csv_list(*rows))
            assert plan.blocked == (shuffled != sorted(names))


class TestWhoIsWho:
    def test_a_new_mail_address_of_a_known_parent(self, desk):
        desk.load(csv_list(row()))
        desk.load(csv_list(row(email="lotte@nieuw.example.nl")))
        assert [guardian.email for guardian in guardians().values()] == ["lotte@nieuw.example.nl"]

    def test_a_younger_child_of_a_known_parent(self, desk):
        desk.load(csv_list(row()))
        plan = desk.load(csv_list(row(), row(**SEM)))
        assert plan.of(Kind.GUARDIAN)[0].action is Action.CHANGED
        assert link(guardians()["Lotte"], pupils()["Sem"])

    def test_two_parents_who_share_initials_and_surname(self, desk):
        mother = row(v_roepnaam="", v_voorletters="J.", email="een@example.nl", mobiel="")
        father = row(
            v_roepnaam="",
            v_voorletters="J.",
            email="twee@example.nl",
            mobiel="",
            relatie="vader",
            verzorger_volgnummer=2,
        )
        desk.load(csv_list(mother, father))
        before = digest()
        desk.load(csv_list(father, mother))
        assert digest() == before

    def test_the_father_does_not_become_the_mother(self, desk):
        father = row(v_roepnaam="", v_voorletters="J.", email="twee@example.nl", mobiel="", relatie="vader")
        desk.load(csv_list(father))
        mother = row(v_roepnaam="", v_voorletters="J.", email="een@example.nl", mobiel="", verzorger_volgnummer=2)
        desk.load(csv_list(mother, father))
        assert db.session.scalar(sa.select(sa.func.count(Guardian.id))) == 2

    def test_who_died_is_left_alone(self, desk):
        desk.load(csv_list(row()))
        guardians()["Lotte"].deceased_on = date(2026, 11, 1)
        db.session.flush()
        before = digest()
        desk.load(csv_list(row(mobiel="0612345678")))
        assert digest() == before

    def test_absent_with_a_child_that_is_there(self, desk):
        desk.load(csv_list(row(), row(**JEROEN)))
        data = csv_list(row())
        plan = desk.load(data)
        assert plan.totals()["absent"] == 1
        noor = pupils()["Noor"]
        assert link(guardians()["Jeroen"], noor).ends_on is None
        (step,) = [step for step in plan.steps if step.action is Action.GONE]
        desk.load(data, step.choice)
        assert link(guardians()["Jeroen"], noor).ends_on == date(2026, 11, 23)
        kinds = db.session.scalars(sa.select(AuditEvent.kind)).all()
        assert "roster:link-end" in kinds


class TestHeld:
    @pytest.fixture(autouse=True)
    def known(self, desk, children):
        desk.load(csv_list(row(**HOME), row(**JEROEN, **AWAY, geheim_adres="ja", geheim_telefoon="ja")))

    def test_a_pending_phone(self, desk, factories):
        factories.change_request(
            guardian=guardians()["Lotte"], section="contact", items={"mobile": ("+31648217703", "+31611112222")}
        )
        data = csv_list(row(mobiel="0612345678"))
        plan = desk.load(data)
        assert held(plan)["mobile"].held == "pending"
        assert guardians()["Lotte"].mobile == "+31648217703"
        desk.load(data, held(plan)["mobile"].choice)
        assert guardians()["Lotte"].mobile == "+31612345678"

    def test_a_pending_address(self, desk, factories):
        factories.change_request(
            guardian=guardians()["Lotte"], section="address", items={"address": (None, {"street": "Elders"})}
        )
        plan = desk.load(csv_list(row(**AWAY)))
        assert held(plan)["address"].held == "pending"
        assert guardians()["Lotte"].household.street == "Lindelaan"

    def test_an_approved_change_that_the_file_does_not_know_yet(self, desk, factories):
        request = factories.change_request(
            guardian=guardians()["Lotte"], section="contact", items={"mobile": ("+31648217703", "+31611112222")}
        )
        request.items[0].state, request.items[0].previous, request.open = ItemState.APPROVED, "+31648217703", False
        guardians()["Lotte"].mobile = "+31611112222"
        db.session.flush()
        plan = desk.load(csv_list(row()))
        assert held(plan)["mobile"].held == "stale"
        assert guardians()["Lotte"].mobile == "+31611112222"

    def test_more_right_waits_and_less_right_does_not(self, desk):
        noor = pupils()["Noor"]
        desk.load(csv_list(row(gezag="nee")))
        assert link(guardians()["Lotte"], noor).custody is Custody.NONE
        data = csv_list(row(gezag="ja"))
        plan = desk.load(data)
        assert held(plan)["custody:Noor de Vries"].held == "custody"
        assert link(guardians()["Lotte"], noor).custody is Custody.NONE
        desk.load(data, held(plan)["custody:Noor de Vries"].choice)
        assert link(guardians()["Lotte"], noor).custody is Custody.FULL
        events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "roster:custody")).all()
        assert [event.details["custody"] for event in events] == ["none", "full"]

    def test_informed_only_is_no_contradiction_of_nee(self, desk):
        noor = pupils()["Noor"]
        link(guardians()["Lotte"], noor).custody = Custody.INFORMED
        db.session.flush()
        desk.load(csv_list(row(gezag="nee")))
        assert link(guardians()["Lotte"], noor).custody is Custody.INFORMED

    @pytest.mark.parametrize(
        ("column", "field"), [("geheim_adres", "address_hidden"), ("geheim_telefoon", "phone_hidden")]
    )
    def test_what_is_secret_stays_so(self, desk, column, field):
        plan = desk.load(csv_list(row(**JEROEN, **{column: "nee"})))
        assert held(plan)[field].held == "secrecy"
        assert getattr(guardians()["Jeroen"], field) is True

    def test_an_ended_link_is_not_opened_again_by_itself(self, desk):
        noor = pupils()["Noor"]
        link(guardians()["Jeroen"], noor).ends_on = date(2026, 11, 1)
        db.session.flush()
        plan = desk.load(csv_list(row(**JEROEN)))
        assert "custody:Noor de Vries" in held(plan)
        assert link(guardians()["Jeroen"], noor).ends_on == date(2026, 11, 1)


class TestHouseholds:
    def test_parents_and_children_at_one_address_are_one_household(self, desk):
        desk.load(csv_list(row(**HOME), row(**SEM, **HOME), row(**JEROEN, **HOME)))
        lotte, jeroen = guardians()["Lotte"], guardians()["Jeroen"]
        assert lotte.household_id == jeroen.household_id == pupils()["Noor"].household_id

    def test_neighbours_at_one_address_are_not(self, desk):
        els = {"leerlingnummer": "00200", "roepnaam": "Tygo", "geboortedatum": "07-07-2017", "v_roepnaam": "Els"}
        desk.load(csv_list(row(**HOME), row(**els, **HOME, email="els@example.nl", mobiel="")))
        assert guardians()["Els"].household_id != guardians()["Lotte"].household_id

    def test_a_child_of_parents_who_live_apart_gets_no_address(self, desk):
        desk.load(csv_list(row(**HOME), row(**JEROEN, **AWAY, geheim_adres="ja")))
        assert pupils()["Noor"].household_id is None

    def test_nor_does_one_of_whom_one_parents_address_is_not_known(self, desk):
        desk.load(csv_list(row(**HOME), row(**JEROEN)))
        assert pupils()["Noor"].household_id is None

    def test_a_move_of_all(self, desk):
        desk.load(csv_list(row(**HOME), row(**JEROEN, **HOME)))
        old = guardians()["Lotte"].household_id
        desk.load(csv_list(row(**AWAY), row(**JEROEN, **AWAY)))
        new = guardians()["Lotte"].household_id
        assert new == guardians()["Jeroen"].household_id == pupils()["Noor"].household_id != old
        assert db.session.get(Household, old).street == "Lindelaan"

    def test_one_of_two_moves(self, desk):
        desk.load(csv_list(row(**HOME), row(**JEROEN, **HOME)))
        old = guardians()["Lotte"].household_id
        desk.load(csv_list(row(**HOME), row(**JEROEN, **AWAY)))
        assert guardians()["Jeroen"].household_id not in (old, None)
        assert guardians()["Lotte"].household_id == pupils()["Noor"].household_id == old

    def test_half_an_address_changes_nothing(self, desk):
        desk.load(csv_list(row(**HOME)))
        before = digest()
        desk.load(csv_list(row(straat="Kade")))
        assert digest() == before

    def test_a_bad_address_state_is_cleared_by_a_new_address_only(self, desk):
        desk.load(csv_list(row()))
        guardians()["Lotte"].email_state = MailState.BOUNCED
        db.session.flush()
        desk.load(csv_list(row()))
        assert guardians()["Lotte"].email_state is MailState.BOUNCED
        desk.load(csv_list(row(email="nieuw@example.nl")))
        assert guardians()["Lotte"].email_state is MailState.OK


def test_links_are_as_many_as_rows(desk):
    desk.load(csv_list(row(), row(**SEM), row(**JEROEN), row(**SEM | JEROEN)))
    assert db.session.scalar(sa.select(sa.func.count(Guardianship.id))) == 4
