"""The people of every story, with what makes each worth having.

Lotte    guardian of Noor and Sem, full custody; lives with them at Lindelaan 14
Jeroen   their other parent, full custody; lives apart, and his address and numbers are hidden
Karim    informed only: may hear about Noor, may not propose
Els      guardian of Tygo in another family; must see nothing of Lotte's
Samira   teacher of Noor's group, and herself a parent at the school (of Imani)
Marijke  administrator · Ruud director
Anna     administrator of De Kade, another school of the same board; Bo is a parent there (of Fien)
"""

from dataclasses import dataclass
from typing import Any

from app.core.actor import Role
from app.school.models import Custody, Relation


@dataclass
class Cast:
    board: Any
    school: Any
    kade: Any
    group: Any
    lotte: Any
    jeroen: Any
    karim: Any
    els: Any
    bo: Any
    samira_parent: Any
    noor: Any
    sem: Any
    tygo: Any
    imani: Any
    fien: Any
    accounts: dict[str, Any]

    @classmethod
    def build(cls, f):
        board = f.board(name="Stichting Wind")
        school = f.school(board=board, name="De Vlieger", brin="99AB")
        kade = f.school(board=board, name="De Kade", brin="99AC", administration_email="kade@example.nl")
        year, kade_year = f.school_year(school=school), f.school_year(school=kade)
        group = f.group(school=school, year=year, name="5A", year_level="5")
        other_group = f.group(school=kade, year=kade_year, name="4", year_level="4")
        samira = f.staff(school=school, first_name="Samira", surname="Haddad", form_of_address="juf")
        f.teaches(staff=samira, group=group)
        home = f.household(school=school)
        hidden = f.household(school=school, street="Geheimstraat", house_number=99, postcode="3512 AA")
        els_home = f.household(school=school, street="Elsweg", house_number=3, postcode="3524 BB")
        lotte = f.guardian(
            school=school,
            first_name="Lotte",
            prefix="de",
            surname="Vries",
            email="lotte@example.nl",
            mobile="+31612345678",
            household_id=home.id,
        )
        jeroen = f.guardian(
            school=school,
            first_name="Jeroen",
            surname="Bakker",
            email="jeroen@example.nl",
            mobile="+31687654321",
            household_id=hidden.id,
            address_hidden=True,
            phone_hidden=True,
        )
        karim = f.guardian(school=school, first_name="Karim", surname="Aziz", email="karim@example.nl")
        els = f.guardian(
            school=school,
            first_name="Els",
            surname="Bos",
            email="els@example.nl",
            mobile="+31611112222",
            household_id=els_home.id,
        )
        samira_parent = f.guardian(school=school, first_name="Samira", surname="Haddad", email="samira@example.nl")
        bo = f.guardian(school=kade, first_name="Bo", surname="Smit", email="bo@example.nl")
        noor = f.pupil(
            school=school, first_name="Noor", prefix="de", surname="Vries", group=group, household_id=home.id
        )
        sem = f.pupil(
            school=school,
            first_name="Sem",
            prefix="de",
            surname="Vries",
            group=group,
            household_id=home.id,
            colour="sun",
        )
        tygo = f.pupil(school=school, first_name="Tygo", surname="Bos", group=group, household_id=els_home.id)
        imani = f.pupil(school=school, first_name="Imani", surname="Haddad", group=group)
        fien = f.pupil(school=kade, first_name="Fien", surname="Smit", group=other_group)
        for pupil in (noor, sem):
            f.guardianship(guardian=lotte, pupil=pupil, relation=Relation.MOTHER, call_order=1)
            f.guardianship(guardian=jeroen, pupil=pupil, relation=Relation.FATHER, call_order=2)
        f.guardianship(guardian=karim, pupil=noor, relation=Relation.OTHER, custody=Custody.INFORMED, call_order=3)
        f.guardianship(guardian=els, pupil=tygo)
        f.guardianship(guardian=samira_parent, pupil=imani)
        f.guardianship(guardian=bo, pupil=fien)
        accounts = {
            "lotte": f.account(username="lotte", guardians=[lotte]),
            "jeroen": f.account(username="jeroen", guardians=[jeroen]),
            "karim": f.account(username="karim", guardians=[karim]),
            "els": f.account(username="els", guardians=[els]),
            "bo": f.account(username="bo", guardians=[bo]),
            "samira": f.account(username="samira", guardians=[samira_parent]),
            "marijke": f.account(username="marijke"),
            "ruud": f.account(username="ruud"),
            "anna": f.account(username="anna"),
        }
        f.post(account=accounts["samira"], school=school, role=Role.TEACHER, staff=samira)
        f.post(account=accounts["marijke"], school=school, role=Role.ADMINISTRATOR)
        f.post(account=accounts["ruud"], school=school, role=Role.DIRECTOR)
        f.post(account=accounts["anna"], school=kade, role=Role.ADMINISTRATOR)
        return cls(
            board,
            school,
            kade,
            group,
            lotte,
            jeroen,
            karim,
            els,
            bo,
            samira_parent,
            noor,
            sem,
            tygo,
            imani,
            fien,
            accounts,
        )
