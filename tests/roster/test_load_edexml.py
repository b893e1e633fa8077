"""EDEXML into the register: who is new, changed, moved, gone; and that nobody becomes somebody else."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.core.audit import AuditEvent
from app.core.db import db
from app.roster.errors import RosterError
from app.roster.plan import Action, Kind
from app.school.models import Pupil, SchoolYear, Sex, Staff
from tests.roster.builders import GROUPS, NOOR, SCHOOL, edexml, pupil
from tests.roster.conftest import digest, groups_of, pupils

SAMIRA = """<leerkracht key="L1"><achternaam>Haddad</achternaam><roepnaam>Samira</roepnaam>
<emailadres>samira@example.nl</emailadres><rol>LRK</rol><groepen><groep key="g5"/></groepen></leerkracht>"""
LATER = SCHOOL.replace("2026-10-01", "2026-11-01")
NEXT_YEAR = SCHOOL.replace("2026-2027", "2027-2028").replace("2026-10-01", "2027-08-20")


def outcomes(plan, kind=Kind.PUPIL):
    return {step.key or step.name: step.action for step in plan.of(kind)}


def error_keys(plan):
    return [problem.key for problem in plan.problems if problem.severity == "error"]


class TestFirstTime:
    def test_it_works(self, desk):
        plan = desk.load(edexml(teachers=SAMIRA))
        noor = pupils()["Noor"]
        assert (noor.key, noor.number, noor.sex, noor.birth_date) == ("00123", "00123", Sex.FEMALE, date(2016, 2, 3))
        assert groups_of(noor) == [("5A", "5", date(2026, 10, 1), None)]
        year = db.session.scalar(sa.select(SchoolYear))
        assert (year.name, year.starts_on, year.ends_on) == ("2026-2027", date(2026, 8, 1), date(2027, 7, 31))
        samira = db.session.scalar(sa.select(Staff))
        assert (samira.email, samira.file_roles) == ("samira@example.nl", "LRK")
        assert plan.totals()["new"] == 6

    def test_twice_changes_nothing(self, desk):
        data = edexml(NOOR, pupil("#7", roepnaam="Jip", geboortedatum="2017-01-01"), teachers=SAMIRA)
        desk.load(data)
        before = digest()
        plan = desk.load(data)
        assert digest() == before
        assert plan.is_empty

    def test_an_event_with_counts_and_no_names(self, desk):
        desk.load(edexml())
        event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.kind == "roster:apply"))
        assert event.details["new"] == 5
        assert "Noor" not in str(event.details)

    def test_who_left_before_is_not_taken_in(self, desk):
        plan = desk.load(edexml(NOOR, pupil("2", jaargroep="H")))
        assert list(pupils()) == ["Noor"]
        assert plan.skipped["left"] == 1

    def test_an_unstable_key_is_not_stored(self, desk):
        desk.load(edexml(pupil("#7")))
        assert pupils()["Tygo"].key is None

    def test_a_parent_among_the_teachers_is_no_staff(self, desk):
        desk.load(edexml(teachers=SAMIRA.replace("LRK", "OUD")))
        assert db.session.scalar(sa.select(sa.func.count(Staff.id))) == 0

    def test_a_composite_group_beside_the_home_group(self, desk):
        extra = '<groep key="g5"/><samengestelde_groepen><samengestelde_groep key="plus"/></samengestelde_groepen>'
        desk.load(edexml(pupil("1", extra=extra)))
        assert [group for group, *_ in groups_of(pupils()["Tygo"])] == ["5A", "Plusklas"]

    def test_errors_write_nothing(self, desk):
        before = digest()
        with pytest.raises(RosterError, match="Er is niets overgenomen"):
            desk.load(edexml(NOOR, pupil("7"), pupil("7")))
        assert digest() == before

    def test_another_schools_file(self, desk):
        with pytest.raises(RosterError, match="BRIN-code 88ZZ 00, niet van De Vlieger"):
            desk.plan(edexml(school=SCHOOL.replace("99AB", "88ZZ")))


class TestAgain:
    @pytest.fixture(autouse=True)
    def first(self, desk):
        desk.load(edexml(NOOR, pupil("9", roepnaam="Sem", geboortedatum="2018-05-01", extra='<groep key="g34"/>')))

    def test_changed_field_by_field(self, desk):
        plan = desk.load(edexml(NOOR.replace("<achternaam>Vries", "<achternaam>Wit")))
        (step,) = [step for step in plan.steps if step.action is Action.CHANGED]
        assert [(change.field, change.before, change.after) for change in step.changes] == [("surname", "Vries", "Wit")]
        assert pupils()["Noor"].surname == "Wit"

    def test_what_the_file_leaves_out_stays(self, desk):
        desk.load(edexml('<leerling key="00123"><roepnaam>Noor</roepnaam></leerling>'))
        noor = pupils()["Noor"]
        assert (noor.surname, noor.birth_date) == ("Vries", date(2016, 2, 3))

    def test_moved_to_another_group(self, desk):
        data = edexml(NOOR.replace('<groep key="g5"/>', '<jaargroep>4</jaargroep><groep key="g34"/>'), school=LATER)
        plan = desk.load(data)
        assert outcomes(plan)["00123"] is Action.MOVED
        assert groups_of(pupils()["Noor"]) == [
            ("5A", "5", date(2026, 10, 1), date(2026, 10, 31)),
            ("3/4", "4", date(2026, 11, 1), None),
        ]
        before = digest()
        desk.load(data)
        assert digest() == before

    def test_a_new_school_year(self, desk):
        groups = GROUPS.replace("g5", "g6").replace("5A", "6A").replace(">5<", ">6<")
        plan = desk.load(edexml(NOOR.replace("g5", "g6"), school=NEXT_YEAR, groups=groups), today=date(2027, 8, 21))
        assert outcomes(plan)["00123"] is Action.MOVED
        assert groups_of(pupils()["Noor"])[1] == ("6A", "6", date(2027, 8, 20), None)
        assert groups_of(pupils()["Noor"])[0][3] == date(2027, 8, 19)

    def test_a_file_of_an_older_year_is_refused(self, desk):
        desk.load(edexml(school=NEXT_YEAR))
        assert error_keys(desk.plan(edexml(school=LATER))) == ["plan.old_year"]

    def test_a_file_from_before_the_last_move_does_not_undo_it(self, desk):
        desk.load(edexml(NOOR.replace("g5", "g34"), school=LATER))
        before = groups_of(pupils()["Noor"])
        plan = desk.load(edexml(NOOR))
        assert groups_of(pupils()["Noor"]) == before
        assert "plan.outdated" in [problem.key for problem in plan.problems]

    def test_left(self, desk):
        gone = NOOR.replace("</leerling>", "<uitstroomdatum>2026-10-20</uitstroomdatum></leerling>")
        plan = desk.load(edexml(gone, school=LATER))
        noor = pupils()["Noor"]
        assert outcomes(plan)["00123"] is Action.GONE
        assert noor.left_on == date(2026, 10, 20)
        assert groups_of(noor)[0][3] == date(2026, 10, 20)

    def test_historical_twice_keeps_the_first_day(self, desk):
        historical = NOOR.replace('<groep key="g5"/>', "<jaargroep>H</jaargroep>")
        desk.load(edexml(historical, pupil("5"), school=LATER))
        before = digest()
        desk.load(edexml(historical, pupil("5"), school=LATER.replace("11-01", "11-20")))
        assert digest() == before

    def test_back_again(self, desk):
        gone = NOOR.replace("</leerling>", "<uitstroomdatum>2026-10-20</uitstroomdatum></leerling>")
        desk.load(edexml(gone, school=LATER))
        desk.load(edexml(NOOR, school=LATER.replace("11-01", "11-20")))
        noor = pupils()["Noor"]
        assert noor.left_on is None
        assert groups_of(noor)[-1] == ("5A", "5", date(2026, 11, 20), None)

    def test_absent_is_shown_and_never_applied_by_itself(self, desk):
        plan = desk.load(edexml(NOOR))
        assert plan.totals()["absent"] == 1
        assert pupils()["Sem"].left_on is None

    def test_absent_and_ticked(self, desk):
        (step,) = [step for step in desk.plan(edexml(NOOR)).of(Kind.PUPIL) if step.action is Action.GONE]
        plan = desk.load(edexml(NOOR), step.choice)
        assert plan.totals()["gone"] == 1
        assert pupils()["Sem"].left_on == date(2026, 10, 1)

    def test_a_group_that_was_renamed(self, desk):
        plan = desk.load(edexml(groups=GROUPS.replace("5A", "5 geel")))
        assert outcomes(plan, Kind.GROUP)["g5"] is Action.CHANGED
        assert groups_of(pupils()["Noor"])[0][0] == "5 geel"


class TestWhoIsWho:
    def eck(self, text, eck_id):
        return text.replace("<leerling ", f'<leerling eckid="{eck_id}" ')

    def test_an_eck_id_goes_before_the_key(self, desk):
        desk.load(edexml(self.eck(NOOR, "E1")))
        desk.load(edexml(self.eck(NOOR.replace("00123", "777"), "E1")))
        assert [noor.key for noor in pupils().values()] == ["777"]

    def test_eck_id_and_key_of_two_pupils_is_an_error(self, desk):
        desk.load(edexml(self.eck(NOOR, "E1"), self.eck(pupil("2"), "E2")))
        plan = desk.plan(edexml(self.eck(NOOR.replace("00123", "2"), "E1"), self.eck(pupil("3"), "E3")))
        assert error_keys(plan) == ["plan.pupil_identity"]

    def test_a_key_with_another_name_and_birth_date_is_an_error(self, desk):
        desk.load(edexml(NOOR))
        assert error_keys(desk.plan(edexml(pupil("00123", geboortedatum="2015-01-01")))) == ["plan.pupil_identity"]

    def test_a_corrected_birth_date_is_a_change(self, desk):
        desk.load(edexml(NOOR))
        desk.load(edexml(NOOR.replace("2016-02-03", "2016-03-02")))
        assert pupils()["Noor"].birth_date == date(2016, 3, 2)

    def test_twins_are_never_one(self, desk):
        jip, janneke = (pupil(f"#{name}", roepnaam=name, geboortedatum="2016-02-03") for name in ("Jip", "Janneke"))
        desk.load(edexml(jip))
        plan = desk.load(edexml(janneke))
        assert outcomes(plan)["#Janneke"] is Action.NEW
        assert set(pupils()) == {"Jip", "Janneke"}

    def test_the_same_name_and_birth_date_is_a_question(self, desk):
        desk.load(edexml(pupil("#1", geboortedatum="2016-02-03")))
        data = edexml(pupil("55", geboortedatum="2016-02-03"))
        (step,) = desk.plan(data).of(Kind.PUPIL)
        assert step.action is Action.SUGGESTED
        desk.load(data)
        assert [found.key for found in pupils().values()] == [None]

    def test_the_answer_same(self, desk):
        desk.load(edexml(pupil("#1", geboortedatum="2016-02-03")))
        data = edexml(pupil("55", geboortedatum="2016-02-03"))
        desk.load(data, desk.plan(data).of(Kind.PUPIL)[0].choice)
        assert [found.key for found in pupils().values()] == ["55"]

    def test_the_answer_another(self, desk):
        desk.load(edexml(pupil("#1", geboortedatum="2016-02-03")))
        data = edexml(pupil("55", geboortedatum="2016-02-03"))
        desk.load(data, desk.plan(data).of(Kind.PUPIL)[0].extra)
        assert db.session.scalar(sa.select(sa.func.count(Pupil.id))) == 2

    def test_two_likenesses_are_nobodys_guess(self, desk):
        desk.load(edexml(pupil("1", geboortedatum="2016-02-03"), pupil("2", geboortedatum="2016-02-03")))
        assert error_keys(desk.plan(edexml(pupil("#9", geboortedatum="2016-02-03")))) == ["plan.pupil_ambiguous"]


class TestWhatParentsAsked:
    def test_a_pending_request_is_never_overwritten_silently(self, desk, factories):
        desk.load(edexml())
        lotte = factories.guardian(school=desk.school, first_name="Lotte", surname="Vries")
        factories.change_request(
            guardian=lotte,
            section="details",
            items={"first_name": ("Noor", "Noortje")},
            pupil=pupils()["Noor"],
            about="pupil",
        )
        data = edexml(NOOR.replace(">Noor<", ">Noora<"))
        plan = desk.load(data)
        (change,) = [change for step in plan.of(Kind.PUPIL) for change in step.held]
        assert (change.field, change.held) == ("first_name", "pending")
        assert list(pupils()) == ["Noor"]
        desk.load(data, change.choice)
        assert list(pupils()) == ["Noora"]


class TestStaff:
    def test_an_account_from_before_the_file_is_the_same_person(self, desk, factories):
        factories.staff(school=desk.school, first_name="Samira", surname="Haddad", email="samira@example.nl")
        desk.load(edexml(teachers=SAMIRA))
        assert [row.key for row in db.session.scalars(sa.select(Staff))] == ["L1"]

    def test_the_same_name_alone_is_a_question(self, desk, factories):
        factories.staff(school=desk.school, first_name="Samira", surname="Haddad")
        plan = desk.load(edexml(teachers=SAMIRA))
        assert outcomes(plan, Kind.STAFF)["L1"] is Action.SUGGESTED

    def test_another_group(self, desk):
        desk.load(edexml(teachers=SAMIRA))
        plan = desk.load(edexml(teachers=SAMIRA.replace("g5", "g34")))
        (step,) = plan.of(Kind.STAFF)
        assert [(change.field, change.before, change.after) for change in step.changes] == [("groups", "5A", "3/4")]

    def test_who_left_does_not_come_back_by_a_file_alone(self, desk):
        desk.load(edexml(teachers=SAMIRA))
        db.session.scalar(sa.select(Staff)).left_on = date(2026, 11, 1)
        db.session.flush()
        plan = desk.load(edexml(teachers=SAMIRA))
        assert plan.totals()["held"] == 1
        assert db.session.scalar(sa.select(Staff)).left_on == date(2026, 11, 1)

    def test_a_role_gives_no_post(self, desk):
        from app.accounts.models import AccountPost

        desk.load(edexml(teachers=SAMIRA.replace("LRK", "DIR")))
        assert db.session.scalar(sa.select(sa.func.count(AccountPost.id))) == 0
