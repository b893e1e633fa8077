"""Makes the demo: a board with two schools, in one transaction, the same every time."""

import uuid

import sqlalchemy as sa

from app.accounts import invitations
from app.core import clock, jobs
from app.core.db import begin_write, db
from app.demo import accounts as demo_accounts
from app.demo import asked, crowd, family
from app.demo.family import People
from app.demo.place import DemoSchool, Maker
from app.outbox.models import Message, MessageState
from app.outbox.operations import SEND
from app.school.models import Board, School

# By this the demo knows its own work.
BOARD_ID = uuid.UUID("de300000-0000-4000-8000-000000000000")
# Whose mails are shown rather than another's.
SHOWN_MAIL = ("lotte@voorbeeld.nl", "administratie@devlieger.voorbeeld.nl")
SIZES = {1: 26, 2: 27, 3: 28, 4: 28, 5: 28, 6: 28, 7: 28, 8: 27}
KADE_SIZES = {1: 7, 2: 8, 3: 8, 4: 8, 5: 7, 6: 8, 7: 7, 8: 7}
TEACHERS = {
    1: ("juf", "Marleen", "Kok"), 2: ("juf", "Aysel", "Demir"), 3: ("juf", "Ineke", "van Dam"),
    4: ("meester", "Jorrit", "Bakema"), 5: ("juf", "Samira", "Haddad"), 6: ("juf", "Danique", "Veldkamp"),
    7: ("meester", "Rachid", "Benali"), 8: ("meester", "Tom", "de Wit"),
}  # fmt: skip
KADE_TEACHERS = {
    level: ("juf", "Hetty", "Vos") if level < 5 else ("meester", "Sipke", "Dijkstra") for level in KADE_SIZES
}


class NotADemo(RuntimeError):
    """There is a school in this database that the demo did not make."""


def seed() -> bool:
    """Make the demo in an empty database; whether there was anything to do.

    Raises NotADemo, and leaves the database alone, when somebody else's school is in it.
    """
    begin_write()
    if db.session.get(Board, BOARD_ID) is not None:
        return False
    if db.session.scalar(sa.select(School.id).limit(1)) is not None:
        raise NotADemo("This database holds a school. A demo is made in an empty one: choose another DATA_DIR.")
    maker = Maker(clock.today())
    people = _schools(maker)
    accounts, decider = demo_accounts.make(maker, people)
    maker.write()
    asked.lately(asked.Asked(people, accounts, decider))
    _hold_mails_back()
    invitations.invite(people.guardians["Fatima"], actor=decider)
    db.session.commit()
    return True


def _schools(maker: Maker) -> People:
    board = maker.add(Board(id=BOARD_ID, name="Stichting Wind Mee"))
    vlieger = DemoSchool(
        maker,
        board_id=board.id,
        name="De Vlieger",
        brin="99AB",
        phone="+31302345678",
        contact_name="Marijke Brouwer",
        content_email="directie@devlieger.voorbeeld.nl",
        administration_email="administratie@devlieger.voorbeeld.nl",
    )
    kade = DemoSchool(
        maker,
        board_id=board.id,
        name="De Kade",
        brin="99AC",
        phone="+31302345690",
        contact_name="Anna Vermeulen",
        content_email="directie@dekade.voorbeeld.nl",
        administration_email="administratie@dekade.voorbeeld.nl",
    )
    people = People(vlieger.school, kade.school)
    _staff(vlieger, kade, people)
    _families(vlieger, kade, people)
    crowd.teachers(vlieger, TEACHERS)
    crowd.teachers(kade, KADE_TEACHERS)
    return people


def _staff(vlieger: DemoSchool, kade: DemoSchool, people: People) -> None:
    people.staff = {
        "Samira": vlieger.staff("Samira", "Haddad", "juf"),
        "Marijke": vlieger.staff("Marijke", "Brouwer", "juf"),
        "Ruud": vlieger.staff("Ruud", "van Ommen", "meester"),
        "Anna": kade.staff("Anna", "Vermeulen", "juf"),
    }
    people.staff["Samira"].email = "samira@voorbeeld.nl"
    vlieger.staff("Corrie", "Hazelaar", "juf", file_roles="IB")
    vlieger.staff("Freek", "Bloem", "meester", file_roles="CON")


def _families(vlieger: DemoSchool, kade: DemoSchool, people: People) -> None:
    family.noor_and_sem(vlieger, people)
    family.els_and_tygo(vlieger, kade, people)
    family.samira_and_imani(vlieger, people)
    family.the_queue(vlieger, people)
    family.odd_ones(vlieger, people)
    for school, sizes in ((vlieger, SIZES), (kade, KADE_SIZES)):
        rest = crowd.Crowd(school, sizes)
        for placement in vlieger.maker.rows["placement"]:
            if placement.school_id == school.id:
                rest.take(int(placement.year_level))
        if school is vlieger:
            crowd.starters(school, rest)
        rest.fill()
    crowd.leaver(vlieger)


def _hold_mails_back() -> None:
    """The mails of made-up history are not sent in a heap now. The last of each kind still is, to have some to look at."""
    db.session.flush()
    written = sa.select(Message).where(Message.state != MessageState.CANCELLED)
    messages = sorted(db.session.scalars(written), key=lambda mail: (mail.address in SHOWN_MAIL, mail.not_before))
    kept = {message.id for message in {message.kind: message for message in messages}.values()}
    for message in messages:
        left = message.id not in kept
        message.state = MessageState.SENT if left else MessageState.QUEUED
        message.sent_at = message.not_before if left else None
    for job in db.session.scalars(sa.select(jobs.Job).where(jobs.Job.kind == SEND)):
        if uuid.UUID(job.payload["message_id"]) not in kept:
            db.session.delete(job)
    db.session.flush()
