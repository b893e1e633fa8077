"""Everybody else at school: families of every make-up, until the groups are full."""

from datetime import date, timedelta

from app.demo import names
from app.demo.family import medical, third_party
from app.demo.names import Origin
from app.demo.place import COLOURS, DemoSchool, split
from app.school.models import Custody, GroupTeacher, Guardian, Household, MailState, Pupil, Relation, Sex

MAKE_UP = {"together": 66, "apart": 15, "alone": 6, "step": 10, "informed": 3}
CHILDREN = (1, 2, 3)
CHILDREN_WEIGHTS = (73, 23, 4)


class Crowd:
    """Fills the groups of a school."""

    def __init__(self, school: DemoSchool, sizes: dict[int, int]) -> None:
        self.school = school
        self.maker = school.maker
        self.random = school.maker.random
        self.places = dict(sizes)
        self._families = 0
        self._seen: set[tuple[str, str]] = set()

    def take(self, level: int) -> None:
        """Somebody has a place in this group already."""
        self.places[level] -= 1

    def fill(self) -> None:
        """Add families until there is no place left; those who begin and end during the year come first."""
        while any(self.places.values()):
            self._family()

    # --- a family

    def _family(self) -> None:
        self._families += 1
        origin = self.random.choices(names.ORIGINS, [origin.weight for origin in names.ORIGINS])[0]
        surname = self.random.choice(origin.surnames)
        kind = self.random.choices(list(MAKE_UP), list(MAKE_UP.values()))[0]
        home = self.school.household()
        mother = self._adult(origin.women, self.random.choice(origin.surnames), home, origin)
        father = self._father(kind, origin, surname, home)
        step = self._adult(origin.men, self.random.choice(origin.surnames), home, origin) if kind == "step" else None
        for pupil in self._children(origin, surname, home):
            self._link(pupil, mother, father, step, kind)
            self._numbers(pupil, origin, surname)
            self._health(pupil)

    def _father(self, kind: str, origin: Origin, surname: str, home: Household) -> Guardian | None:
        if kind == "alone":
            return None
        lives = home if kind == "together" else self.school.household()
        father = self._adult(origin.men, surname, lives, origin)
        if kind == "apart" and self.maker.chance(25):
            father.address_hidden = True
        return father

    def _link(self, pupil: Pupil, mother: Guardian, father: Guardian | None, step: Guardian | None, kind: str) -> None:
        self.school.link(mother, pupil, Relation.MOTHER, 1)
        if father is not None:
            custody = Custody.INFORMED if kind == "informed" else Custody.FULL
            self.school.link(father, pupil, Relation.FATHER, 2, custody=custody)
        if step is not None:
            self.school.link(step, pupil, Relation.STEP_PARENT, 3, custody=Custody.INFORMED)

    def _adult(self, firsts: list[str], surname: str, home: Household, origin: Origin) -> Guardian:
        first = self._unused(firsts, surname)
        values = {}
        if self.maker.chance(6):
            values["email"] = ""
        elif self.maker.chance(2):
            values["email_state"] = self.random.choice([MailState.BOUNCED, MailState.BOUNCED, MailState.WRONG])
        guardian = self.school.guardian(first, surname, home=home, **values)
        if self.maker.chance(20):
            guardian.work_phone = self.maker.landline()
        guardian.language = "en" if origin is not names.ORIGINS[0] and self.maker.chance(25) else "nl"
        return guardian

    def _unused(self, firsts: list[str], surname: str) -> str:
        """A first name that nobody of this surname has yet, as long as there is one."""
        free = [first for first in firsts if (first, surname) not in self._seen]
        first = self.random.choice(free or firsts)
        self._seen.add((first, surname))
        return first

    # --- its children

    def _children(self, origin: Origin, surname: str, home: Household) -> list[Pupil]:
        first_colour = self.random.randrange(len(COLOURS))
        pupils = []
        for place, level in enumerate(self._levels()):
            self.places[level] -= 1
            girl = self.maker.chance(50)
            first = self._unused(origin.girls if girl else origin.boys, surname)
            colour = COLOURS[(first_colour + place) % len(COLOURS)]
            drawn = {"sex": Sex.FEMALE if girl else Sex.MALE, "looks": origin.looks}
            pupils.append(self.school.pupil(first, surname, level=level, home=home, colour=colour, **drawn))
        return pupils

    def _levels(self) -> list[int]:
        """The groups of the next family's children: the emptiest first, brothers and sisters in others."""
        open_levels = sorted(
            (level for level, left in self.places.items() if left > 0), key=lambda at: -self.places[at]
        )
        wanted = self.random.choices(CHILDREN, CHILDREN_WEIGHTS)[0]
        rest = open_levels[1:]
        return open_levels[:1] + self.random.sample(rest, min(wanted - 1, len(rest)))

    def _numbers(self, pupil: Pupil, origin: Origin, surname: str) -> None:
        """Most have one or two emergency numbers, one in eight has none."""
        if self.maker.chance(12):
            return
        for place in range(self.random.choice((1, 1, 2))):
            relation, of = self.random.choice(names.THIRD_PARTIES)
            family = surname if relation in ("oma", "opa", "tante", "oom") else self.random.choice(origin.surnames)
            name = f"{self.random.choice(getattr(origin, of))} {family}"
            third_party(self.school, pupil, name, relation, self.maker.mobile(), position=place + 1)

    def _health(self, pupil: Pupil) -> None:
        if not self.maker.chance(40):
            return
        choose, chance = self.random.choice, self.maker.chance
        medical(
            self.school,
            pupil,
            doctor_name=choose(names.DOCTORS),
            doctor_phone=self.maker.landline(),
            dentist_name=choose(names.DENTISTS) if chance(70) else "",
            insurer=choose(names.INSURERS) if chance(60) else "",
            diet=choose(names.DIETS) if chance(15) else "",
            allergies=choose(names.ALLERGIES) if chance(20) else "",
            medication=choose(names.MEDICATION) if chance(8) else "",
        )


def starters(school: DemoSchool, crowd: Crowd) -> None:
    """Four who begin in group 1 on their fourth birthday, later this year."""
    first = school.maker.first_year
    for name, parent, born in (
        ("Lio van Buren", "Annelies van Buren", date(first - 4, 10, 19)),
        ("Asel Toprak", "Gizem Toprak", date(first - 4, 12, 7)),
        ("Mila Sloot", "Carlijn Sloot", date(first - 3, 2, 22)),
        ("Idris Warsame", "Hodan Warsame", date(first - 3, 5, 11)),
    ):
        home = school.household()
        child, _, surname = name.partition(" ")
        day = date(born.year + 4, born.month, born.day)
        pupil = school.pupil(child, surname, level=1, home=home, birth_date=born, enrolled_on=day)
        mother, _, hers = parent.partition(" ")
        school.link(school.guardian(mother, hers, home=home), pupil, Relation.MOTHER)
        crowd.take(1)


def leaver(school: DemoSchool) -> None:
    """One who moved away not long ago, and so did the parent."""
    left = school.maker.today - timedelta(days=20)
    home = school.household("Havenstraat", 8, "1013 AB", city="Amsterdam")
    pupil = school.pupil("Rosa", "Winkel", level=4, home=home, left_on=left)
    parent = school.guardian("Dorien", "Winkel", home=home, left_on=left)
    school.link(parent, pupil, Relation.MOTHER)


def teachers(school: DemoSchool, named: dict[int, tuple[str, str, str]]) -> None:
    """A teacher for each group; some groups share two."""
    maker = school.maker
    for level in sorted(school.groups):
        form, first, surname = named[level]
        person = next((s for s in maker.rows["staff"] if (s.first_name, s.surname) == (first, split(surname)[1])), None)
        person = person or school.staff(first, surname, form)
        maker.add(GroupTeacher(school_id=school.id, group_id=school.groups[level].id, staff_id=person.id))
