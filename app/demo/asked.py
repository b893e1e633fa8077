"""What the parents of the demo asked, and what the school answered: through the portal's own verbs, oldest first."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.changes.decisions import Verdict, decide
from app.changes.models import ChangeRequest, ItemState, Subject
from app.changes.operations import Draft, propose, withdraw
from app.changes.registry import Viewer, section, version_of
from app.core.actor import Actor
from app.core.db import db
from app.demo import past
from app.demo.accounts import Accounts
from app.demo.family import People
from app.outbox.models import Message, MessageState
from app.school.models import Guardian, Pupil, School

NO_LETTER = "We missen de letter achter het huisnummer. Geeft u het adres nog eens door?"
LET_US_TALK = "We willen dit eerst even met u bespreken. We bellen u deze week."
UTRECHT = {"addition": "", "city": "Utrecht"}


class Asked:
    """Lets parents propose and the school answer, each later than the one before."""

    def __init__(self, people: People, accounts: Accounts, decider: Actor) -> None:
        self.people = people
        self.accounts = accounts
        self.decider = decider

    def ask(self, when: tuple[int, str], who: str, what: str, about: str = "", **typed: Any) -> ChangeRequest:
        """`who` proposes values for section `what` of the child `about`, or of themselves."""
        guardian, pupil = self.people.guardians[who], self.people.pupils.get(about)
        own = what in ("contact", "own_address")
        draft = self._draft(guardian, pupil, "address" if what == "own_address" else what, own=own)
        moment = past.ago(*when)
        _mails_leave(moment)
        with past.at(moment):
            outcome = propose(actor=self.accounts.actor(guardian), draft=draft, typed=typed)
        if outcome.request is None:
            raise LookupError(f"{who} asked for nothing new in {what}")
        return outcome.request

    def _draft(self, guardian: Guardian, pupil: Pupil | None, key: str, *, own: bool) -> Draft:
        declared = section(Subject.GUARDIAN if own else Subject.PUPIL, key)
        subject_id = guardian.id if own or pupil is None else pupil.id
        viewer = Viewer(guardian.id, guardian.household_id)
        return Draft(
            section=declared,
            school=db.session.get_one(School, guardian.school_id),
            subject_id=subject_id,
            guardian_id=guardian.id,
            viewer=viewer,
            version=version_of(declared.read(subject_id, viewer)),
            form_key=f"demo-{uuid.UUID(int=self.accounts.maker.random.getrandbits(128))}",
            pupil_id=pupil.id if pupil else None,
        )

    def answer(self, when: tuple[int, str], request: ChangeRequest, *reasons: str) -> None:
        """The school answers every item: approved, or rejected for the reason in its place."""
        items = [item for item in request.items if item.state is ItemState.PROPOSED]
        padded = (*reasons, *[""] * len(items))
        verdicts = {item.id: Verdict(not reason, reason) for item, reason in zip(items, padded, strict=False)}
        with past.at(past.ago(*when)):
            decide(actor=self.decider, request=request, verdicts=verdicts)

    def take_back(self, when: tuple[int, str], who: str, request: ChangeRequest) -> None:
        with past.at(past.ago(*when)):
            withdraw(actor=self.accounts.actor(self.people.guardians[who]), request=request)


def _mails_leave(moment: datetime) -> None:
    """By then the mails that were due had been sent: only so the next ones are written and bundled as in real life."""
    due = sa.update(Message).where(Message.state == MessageState.QUEUED, Message.not_before <= moment)
    db.session.execute(due.values(state=MessageState.SENT, sent_at=Message.not_before))


def address(street: str, number: int, postcode: str, **more: Any) -> dict[str, Any]:
    return {"postcode": postcode, "house_number": number, "street": street, **UTRECHT, **more}


def contact(name: str, relation: str, phone: str) -> dict[str, str]:
    return {"name": name, "relation": relation, "phone": phone}


def new_key(asked: Asked) -> str:
    """The key of an emergency contact that is not there yet."""
    return f"contact:{uuid.UUID(int=asked.accounts.maker.random.getrandbits(128), version=4)}"


def lately(asked: Asked) -> None:
    """Everything, in the order in which it happened."""
    _long_ago(asked)
    _older(asked)
    _yesterday(asked)
    _today(asked)


def _long_ago(asked: Asked) -> None:
    """Answered already: the parent's list of changes, and the school's recent decisions."""
    work = asked.ask((23, "20:31"), "Lotte", "contact", "Noor", work_phone="+31302761940")
    asked.take_back((23, "20:44"), "Lotte", work)
    email = asked.ask((16, "09:12"), "Jeroen", "medical", "Noor", insurer="Helder Zorg")
    asked.answer((15, "08:50"), email)
    grown = asked.ask((6, "12:20"), "Sibel", "medical", "Ömer", dentist_name="Mondzorg Hofstede", diet="Alleen halal.")
    asked.answer((5, "09:41"), grown, "", LET_US_TALK)
    dentist = asked.ask(
        (5, "19:02"), "Lotte", "medical", "Noor", dentist_name="Praktijk Kiesenzo", dentist_phone="+31302884410"
    )
    asked.answer((4, "08:25"), dentist)


def _older(asked: Asked) -> None:
    """Sent days ago: some still wait, one too long; and one whose record the school changed meanwhile."""
    asked.ask((6, "21:15"), "Merel", "details", "Nova", first_name="Noor-Nova")
    asked.ask((4, "13:48"), "Gerben", "own_address", "Tijl", address=address("Sterrenhof", 18, "3572 NP"))
    wrong = asked.ask((3, "17:30"), "Lotte", "address", "Noor", address=address("Kerkstraat", 7, "3581 RD"))
    asked.ask((3, "20:05"), "Kemal", "contact", "Ömer", mobile="+31648120395")
    moved = asked.people.guardians["Kemal"]
    moved.mobile = "+31613870021"  # he also rang the school, which wrote down something else
    db.session.flush()
    asked.ask((3, "20:40"), "Lotte", "medical", "Sem", doctor_name="Huisarts Rengers", doctor_phone="+31302440118")
    asked.answer((2, "10:07"), wrong, NO_LETTER)
    asked.ask((2, "18:22"), "Jeroen", "medical", "Sem", doctor_name="Dokter Van Aalst", doctor_phone="+31302519007")
    asked.ask((2, "21:40"), "Saskia", "contact", "Tijl", mobile=asked.people.guardians["Paweł"].mobile)


def _yesterday(asked: Asked) -> None:
    zeynep = {"doctor_name": "Gezondheidscentrum De Molen", "doctor_phone": "+31302775031"}
    tygo = asked.people.pupils["Tygo"]
    asked.ask((1, "09:03"), "Daan", "medical", "Imani", doctor_name="Praktijk Oude Singel")
    first = _first_contact(asked, tygo, "Els")
    sitter = contact("Karin Slot", "oppas", "+31614920038")
    asked.ask(
        (1, "12:10"),
        "Els",
        "emergency",
        "Tygo",
        **{first: contact("Truus Bos", "oma", "+31625770149"), new_key(asked): sitter},
    )
    asked.ask((1, "16:22"), "Paweł", "contact", "Julia", email="pawel.nowak@familie.voorbeeld.nl")
    new_home = address("Torenweg", 112, "3583 CR", addition="B", with_siblings=True, with_me=True)
    asked.ask((1, "21:05"), "Burak", "address", "Zeynep", address=new_home)
    asked.ask((1, "21:06"), "Burak", "medical", "Zeynep", **zeynep)


def _first_contact(asked: Asked, pupil: Pupil, who: str) -> str:
    guardian = asked.people.guardians[who]
    values = section(Subject.PUPIL, "emergency").read(pupil.id, Viewer(guardian.id, guardian.household_id))
    return str(values["order"][0][0])


def _today(asked: Asked) -> None:
    asked.ask((0, "07:31"), "Wietse", "contact", "Fenna", mobile="+31639910274")
    grandma = contact("Zohra Haddad", "oma", "+31617338002")
    asked.ask((0, "07:52"), "Youssef", "emergency", "Amir", **{new_key(asked): grandma})
    asked.ask((0, "08:02"), "Els at De Kade", "medical", "Lise", doctor_name="Dokter Van Aalst")
    asked.ask((0, "08:14"), "Lotte", "contact", "Noor", mobile="+31648217703")
    done = asked.ask((0, "08:20"), "Bas", "medical", "Jip", insurer="Noord en Zuid")
    asked.answer((0, "08:31"), done)
