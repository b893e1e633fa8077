"""A town with something in every room: what waits, what was refused, what both parents want, long names, read files."""

from datetime import timedelta

from app.accounts.models import Link, Purpose
from app.changes.messages import CONFIRM_PURPOSE
from app.changes.models import ItemState, Subject
from app.core import clock, tokens
from app.core.db import db
from app.roster import dry_run, operations
from app.roster.models import ImportState, RosterImport
from app.roster.plan import Choices
from tests.roster import builders

HOME = {"postcode": "3581 KB", "house_number": 14, "addition": "", "street": "Lindelaan", "city": "Utrecht"}
KERK = HOME | {"postcode": "3581 RD", "house_number": 7, "street": "Kerkstraat"}
DORP = HOME | {
    "postcode": "3581 RE",
    "house_number": 1,
    "addition": "bis-achter",
    "street": "Burgemeester van Dorpstraat",
}
LONG = "wilhelmina.alexandrine.kloosterziel-achterbergsteijn@een-lang-voorbeeld.example.nl"


def furnish(town):
    """Fill it; gives the ids that stand in addresses."""
    cast = town.cast
    with town.writing() as f:
        long_child, confirm_token = _long_names(f, cast)
        _record(f, cast)
        ids = {"noor": cast.noor.id, "sem": cast.sem.id, "long": long_child.id, "els": cast.els.id}
        ids |= _answered(f, cast) | _waiting(f, cast) | _files(cast) | _links(cast)
        ids["confirm_token"] = confirm_token
    return {name: str(value) for name, value in ids.items()}


def _long_names(f, cast):
    home = f.household(school=cast.school, street="Burgemeester van Karnebeekstraat-Noord", house_number=12345)
    mina = f.guardian(
        school=cast.school,
        first_name="Wilhelmina-Alexandrine",
        prefix="van den",
        surname="Kloosterziel-Achterbergsteijn",
        email=LONG,
        mobile="+4915112345678901",
        household_id=home.id,
    )
    child = f.pupil(
        school=cast.school,
        first_name="Bartholomeus-Maximiliaan",
        surname="Kloosterziel-Achterbergsteijn",
        group=cast.group,
        household_id=home.id,
        official_first_names="Bartholomeus Maximiliaan Constantijn Ferdinand",
    )
    f.guardianship(guardian=mina, pupil=child)
    cast.accounts["mina"] = f.account(username="wilhelmina.kloosterziel-achterbergsteijn", guardians=[mina])
    wish = f.change_request(guardian=mina, section="contact", pupil=child, items={"email": (LONG, f"nieuw.{LONG}")})
    wish.items[0].address = f"nieuw.{LONG}"
    return child, tokens.make(CONFIRM_PURPOSE, wish.items[0].id)


def _record(f, cast):
    f.emergency_contact(pupil=cast.noor, name="Oma Wil", phone="+31301112222", guardian=cast.lotte)
    f.emergency_contact(
        pupil=cast.noor,
        name="Buurvrouw Zeynep",
        phone="+31612121212",
        guardian=cast.lotte,
        relation="buurvrouw",
        position=2,
    )
    f.medical(
        pupil=cast.noor,
        allergies="Pinda’s en noten",
        doctor_name="Huisartsenpraktijk De Linde",
        doctor_phone="+31302223333",
    )


def _answered(f, cast):
    now = clock.now()
    done = {"open": False, "decided_at": now, "decided_by": cast.accounts["ruud"].id, "decided_name": "Ruud"}
    refused = f.change_request(
        guardian=cast.lotte,
        section="details",
        pupil=cast.sem,
        about=Subject.PUPIL,
        items={"first_name": ("Sem", "Sammie")},
        undo_until=now + timedelta(minutes=9),
        **done,
    )
    _mark(refused, ItemState.REJECTED, "We willen dit eerst even met u bespreken. We bellen u deze week.")
    agreed = f.change_request(
        guardian=cast.lotte,
        section="contact",
        pupil=cast.sem,
        items={"other_phone": ("", "+31301231234")},
        undo_until=now - timedelta(minutes=9),
        **done,
    )
    _mark(agreed, ItemState.APPROVED)
    cast.lotte.other_phone = "+31301231234"
    return {"refused": refused.id, "agreed": agreed.id}


def _mark(request, state, reason=""):
    for item in request.items:
        item.state, item.reason, item.decided_at = state, reason, clock.now()


def _waiting(f, cast):
    def about_noor(guardian, section, **items):
        named = {key.replace("__", ":"): value for key, value in items.items()}
        return f.change_request(
            guardian=guardian,
            section=section,
            pupil=cast.noor,
            about=Subject.PUPIL,
            items=named,
            urgent=section == "emergency",
        )

    plain = f.change_request(
        guardian=cast.els, section="contact", pupil=cast.tygo, items={"mobile": ("+31611112222", "+31648217703")}
    )
    several = f.change_request(
        guardian=cast.lotte,
        section="contact",
        pupil=cast.noor,
        items={"mobile": ("+31612345678", "+31648217704"), "work_phone": ("", "+31302222222")},
    )
    moved = f.change_request(
        guardian=cast.els,
        section="details",
        pupil=cast.tygo,
        about=Subject.PUPIL,
        items={"first_name": ("Tijgo", "Tygootje")},
    )
    both = about_noor(cast.lotte, "address", address=(HOME, KERK))
    about_noor(cast.jeroen, "address", address=(HOME, DORP))
    return {"plain": plain.id, "several": several.id, "three_way": moved.id, "side_by_side": both.id}


def _files(cast):
    """A file in each of its states; the dry runs are real ones, of files that fit this school and that don't."""
    good = builders.edexml(builders.NOOR, builders.pupil("77", geboortedatum="2016-05-05"))
    ready = _file(cast, "leerlingen.xml", ImportState.READY)
    _plan(ready, good)
    wrong = _file(cast, "verzorgers.csv", ImportState.BLOCKED)
    _plan(wrong, builders.csv_list(builders.row(gezag="misschien"), builders.row(leerlingnummer="")))
    applied = _file(cast, "vorige-maand-met-een-lange-naam-2026-10-01-definitief.xml", ImportState.APPLIED)
    applied.counts = ready.counts
    refused = _file(cast, "foto.xml", ImportState.REFUSED, message="Dit is geen EDEXML-bestand en geen lijst.")
    outdated = _file(
        cast, "oud.xml", ImportState.OUTDATED, message="Het portaal is intussen gewijzigd. Kijk opnieuw na."
    )
    reading = _file(cast, "bezig.xml", ImportState.READING)
    found = {
        "ready": ready,
        "blocked": wrong,
        "applied": applied,
        "unread": refused,
        "outdated": outdated,
        "reading": reading,
    }
    return {f"file_{name}": row.id for name, row in found.items()}


def _file(cast, name, state, **values):
    row = RosterImport(
        school_id=cast.school.id,
        account_name="Marijke",
        uploaded_at=clock.now(),
        source_name=name,
        sha256="0" * 64,
        state=state,
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _plan(row, data):
    state = row.state
    plan = dry_run.dry_run(builders.read(data), school_id=row.school_id, today=clock.today(), choices=Choices())
    operations.note_plan(row, plan)
    assert row.state is state, (row.source_name, row.report["problems"])


def _links(cast):
    """Tokens of mailed links: one that works, one that was used, one for "that was not I"."""
    account, now = cast.accounts["karim"], clock.now()

    def link(purpose, **values):
        row = Link(
            account_id=account.id,
            purpose=purpose,
            address="karim@example.nl",
            school_id=cast.school.id,
            issued_at=now,
            expires_at=now + timedelta(days=7),
            **values,
        )
        db.session.add(row)
        db.session.flush()
        return tokens.make(purpose.value, row.id)

    account.password_changed_at = None
    return {
        "token": link(Purpose.SETUP),
        "used_token": link(Purpose.RESET, used_at=now),
        "not_me_token": link(Purpose.NOT_ME),
    }
