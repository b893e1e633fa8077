"""The people whom the demo is about: a family that shows every case, and those who are named in its queue."""

from dataclasses import dataclass, field
from typing import Any

from app.demo.place import DemoSchool
from app.records.models import EmergencyContact, MedicalRecord
from app.school.models import Custody, Guardian, Household, MailState, Pupil, Relation, School, Staff

PEANUTS = "Pinda. Ook geen sporen van pinda. Bel 112 als Noor benauwd wordt."
PEN = "EpiPen, ligt in de la van juf Samira. Reserve bij de administratie."


@dataclass
class People:
    """By first name: who is who, for whatever builds on them."""

    school: School
    kade: School
    staff: dict[str, Staff] = field(default_factory=dict)
    guardians: dict[str, Guardian] = field(default_factory=dict)
    pupils: dict[str, Pupil] = field(default_factory=dict)

    def of(self, name: str, guardian: Guardian) -> Guardian:
        self.guardians[name] = guardian
        return guardian


def third_party(
    school: DemoSchool, pupil: Pupil, name: str, relation: str, phone: str, **values: Any
) -> EmergencyContact:
    """Somebody to call after the guardians."""
    row = EmergencyContact(school_id=school.id, pupil_id=pupil.id, name=name, relation=relation, phone=phone, **values)
    return school.maker.add(row)


def medical(school: DemoSchool, pupil: Pupil, **values: str) -> MedicalRecord:
    """A pupil's health data."""
    return school.maker.add(MedicalRecord(pupil_id=pupil.id, school_id=school.id, **values))


def noor_and_sem(school: DemoSchool, people: People) -> None:
    """Two parents who live apart, both with custody; his address and numbers are hidden from her."""
    home = school.household("Lindelaan", 14, "3581 KB")
    hidden = school.household("Haverweg", 3, "3512 AB", addition="bis")
    lotte = school.guardian("Lotte", "de Vries", home=home, email="lotte@voorbeeld.nl", mobile="+31612345678")
    people.of("Lotte", lotte)
    jeroen = school.guardian(
        "Jeroen", "Bakker", home=hidden, email="jeroen@voorbeeld.nl", address_hidden=True, phone_hidden=True
    )
    people.of("Jeroen", jeroen)
    jeroen.work_phone = school.maker.landline()
    noor = school.pupil("Noor", "de Vries", level=5, home=home, colour="mint", official_first_names="Noor Elisabeth")
    sem = school.pupil("Sem", "de Vries", level=2, home=home, colour="sun", official_first_names="Sem Willem")
    people.pupils |= {"Noor": noor, "Sem": sem}
    for pupil in (noor, sem):
        school.link(lotte, pupil, Relation.MOTHER, 1)
        school.link(jeroen, pupil, Relation.FATHER, 2)
    _their_emergency_numbers(school, people)
    medical(
        school,
        noor,
        doctor_name="Huisartsen Zandhof",
        doctor_phone=school.maker.landline(),
        dentist_name="Tandartsen Torenweg",
        dentist_phone=school.maker.landline(),
        insurer="Zorgkring",
        allergies=PEANUTS,
        medication=PEN,
    )
    medical(school, sem, doctor_name="Huisartsen Zandhof", diet="Eet vegetarisch.")


def _their_emergency_numbers(school: DemoSchool, people: People) -> None:
    """Each keeps an own list; Lotte has none for Sem yet, so that her first page asks for one."""
    lotte, jeroen = people.guardians["Lotte"], people.guardians["Jeroen"]
    noor, sem = people.pupils["Noor"], people.pupils["Sem"]
    phone = school.maker.mobile
    third_party(school, noor, "Riet de Vries", "oma", phone(), position=1, guardian_id=lotte.id)
    third_party(school, noor, "Marloes Smit", "buurvrouw", phone(), position=2, guardian_id=lotte.id)
    for pupil in (noor, sem):
        third_party(school, pupil, "Henk Bakker", "opa", phone(), position=3, guardian_id=jeroen.id)


def els_and_tygo(school: DemoSchool, kade: DemoSchool, people: People) -> None:
    """A mother alone, with a child at each of the two schools and one log-in for both."""
    homes = [place.household("Elzenhof", 27, "3572 HK") for place in (school, kade)]
    els = people.of("Els", school.guardian("Els", "Bos", home=homes[0], email="els@voorbeeld.nl"))
    there = people.of("Els at De Kade", kade.guardian("Els", "Bos", home=homes[1], email=els.email, mobile=els.mobile))
    tygo = people.pupils["Tygo"] = school.pupil("Tygo", "Bos", level=7, home=homes[0], colour="sky")
    lise = people.pupils["Lise"] = kade.pupil("Lise", "Bos", level=3, home=homes[1], colour="coral")
    school.link(els, tygo, Relation.MOTHER)
    kade.link(there, lise, Relation.MOTHER)
    third_party(school, tygo, "Truus Bos", "oma", school.maker.mobile())
    medical(school, tygo, doctor_name="Dokter Van Aalst", doctor_phone=school.maker.landline(), insurer="Helder Zorg")


def samira_and_imani(school: DemoSchool, people: People) -> None:
    """A teacher who is a parent at her own school."""
    home = school.household("Windmolenkade", 61, "3584 BL")
    samira = people.of("Samira", school.guardian("Samira", "Haddad", home=home, email="samira@voorbeeld.nl"))
    daan = people.of("Daan", school.guardian("Daan", "Kuiper", home=home))
    imani = people.pupils["Imani"] = school.pupil("Imani", "Kuiper", level=3, home=home, colour="lilac")
    school.link(samira, imani, Relation.MOTHER, 1)
    school.link(daan, imani, Relation.FATHER, 2)
    third_party(school, imani, "Wim Kuiper", "opa", school.maker.mobile())
    medical(school, imani, doctor_name="Huisarts Rengers", doctor_phone=school.maker.landline())


def couple(school: DemoSchool, people: People, child: str, *, level: int, mother: str, father: str) -> Household:
    """Two parents at one address with a child in the queue, all by full name."""
    home = school.household()
    (first, _, surname), (her, _, hers), (his, _, theirs) = (name.partition(" ") for name in (child, mother, father))
    colour = ("coral", "lilac", "sun", "sky", "mint")[len(people.pupils) % 5]
    pupil = people.pupils[first] = school.pupil(first, surname, level=level, home=home, colour=colour)
    for order, (name, last, relation) in enumerate(((her, hers, Relation.MOTHER), (his, theirs, Relation.FATHER)), 1):
        guardian = people.of(name, school.guardian(name, last, home=home))
        school.link(guardian, pupil, relation, order)
    third_party(school, pupil, f"Ria {surname}", "oma", school.maker.mobile())
    medical(school, pupil, doctor_name="Praktijk Oude Singel", doctor_phone=school.maker.landline())
    return home


def the_queue(school: DemoSchool, people: People) -> None:
    """Families whose requests wait at the desk."""
    couple(school, people, "Amir Haddad", level=5, mother="Hanan Chakir", father="Youssef Haddad")
    couple(school, people, "Fenna Postma", level=4, mother="Geertje Postma", father="Wietse Postma")
    couple(school, people, "Zeynep Yıldız", level=6, mother="Elif Yıldız", father="Burak Yıldız")
    couple(school, people, "Julia Nowak", level=8, mother="Ewelina Nowak", father="Paweł Nowak")
    couple(school, people, "Jip Mulder", level=1, mother="Roosmarijn Kok", father="Bas Mulder")
    couple(school, people, "Ömer Güneş", level=7, mother="Sibel Güneş", father="Kemal Güneş")
    couple(school, people, "Nova van Es", level=2, mother="Merel van Es", father="Ivo van Es")
    couple(school, people, "Tijl de Groot", level=8, mother="Saskia Lam", father="Gerben de Groot")


def odd_ones(school: DemoSchool, people: People) -> None:
    """What a register also holds: no address, one address for two, a death, custody that ended, a home abroad."""
    _shared_address(school, people)
    _custody(school)
    _loss(school)
    fatima = people.of(
        "Fatima", school.guardian("Fatima", "Benhaddou", home=None, mobile="", email="fatima@voorbeeld.nl")
    )
    ilham = people.pupils["Ilham"] = school.pupil("Ilham", "Benhaddou", level=5, home=None, colour="coral")
    school.link(fatima, ilham, Relation.MOTHER)
    abroad = school.household(" ", 0, "", city="", abroad="Kapellensteenweg 88\n2920 Kalmthout\nBelgië")
    abroad.street, abroad.house_number = "", None
    ines = school.guardian("Ines", "Claes", home=abroad, mobile="+32470123456")
    milo = school.pupil("Milo", "Claes", level=6, home=abroad, nationality="Belgische", birth_place="Antwerpen")
    school.link(ines, milo, Relation.MOTHER)


def _shared_address(school: DemoSchool, people: People) -> None:
    home = school.household()
    together = "familie.tromp@voorbeeld.nl"
    wilma = people.of("Wilma", school.guardian("Wilma", "Tromp", home=home, email=together))
    gert = people.of("Gert", school.guardian("Gert", "Tromp", home=home, email=together))
    faas = school.pupil("Faas", "Tromp", level=4, home=home, colour="sky")
    school.link(wilma, faas, Relation.MOTHER, 1)
    school.link(gert, faas, Relation.FATHER, 2)


def _custody(school: DemoSchool) -> None:
    """One parent is only informed, one has no custody, foster parents got it this year; two mail addresses are no good."""
    home, elsewhere = school.household(), school.household()
    puck = school.pupil("Puck", "Stam", level=3, home=home, colour="mint")
    school.link(school.guardian("Yvonne", "Stam", home=home, email_state=MailState.BOUNCED), puck, Relation.MOTHER, 1)
    school.link(school.guardian("Ronald", "Buis", home=elsewhere), puck, Relation.FATHER, 2, custody=Custody.INFORMED)
    kees = school.pupil("Kees", "Vonk", level=6, home=home, colour="sun")
    school.link(school.guardian("Trees", "Vonk", home=home, email_state=MailState.WRONG), kees, Relation.MOTHER, 1)
    school.link(school.guardian("Nico", "Vonk", home=elsewhere), kees, Relation.FATHER, 2, custody=Custody.NONE)
    foster = school.household()
    joy = school.pupil("Joy", "Martina", level=4, home=foster, colour="lilac")
    starts = school.maker.year_starts
    for order, name in enumerate(("Ank Lems", "Harrie Lems"), 1):
        first, _, surname = name.partition(" ")
        parent = school.guardian(first, surname, home=foster)
        school.link(parent, joy, Relation.FOSTER_PARENT, order, starts_on=starts)


def _loss(school: DemoSchool) -> None:
    home = school.household()
    lars = school.pupil("Otis", "Reinders", level=8, home=home, colour="sky")
    school.link(school.guardian("Bianca", "Reinders", home=home), lars, Relation.MOTHER, 1)
    died = school.maker.year_starts.replace(month=3)
    father = school.guardian("Harm", "Reinders", home=home, email="", mobile="", deceased_on=died)
    school.link(father, lars, Relation.FATHER, 2)
