"""The rules of an answer, without the screen: everything once, nothing unseen, nothing half."""

import uuid

import pytest
import sqlalchemy as sa

from app.changes import decisions
from app.changes.decisions import AnsweredAlready, RecordMoved, Undecided, Verdict
from app.changes.models import Subject
from app.changes.registry import fingerprint
from app.core.actor import Actor, Post, Role
from app.core.audit import AuditEvent
from app.core.db import db
from app.core.errors import NotFound

NEW = "+31648217703"


@pytest.fixture
def marijke(cast):
    return Actor(cast.accounts["marijke"].id, "Marijke", posts=(Post(cast.school.id, Role.ADMINISTRATOR),))


@pytest.fixture
def request_(factories, cast):
    return factories.change_request(
        guardian=cast.lotte,
        section="contact",
        pupil=cast.noor,
        items={"mobile": ("+31612345678", NEW), "work_phone": ("", "+31302222222")},
    )


def verdicts(request, **answers):
    return {item.id: answers[item.key] for item in request.items if item.key in answers}


def test_each_item_has_its_answer(marijke, request_, cast):
    given = verdicts(request_, mobile=Verdict(True), work_phone=Verdict(False, "  Bel ons.  "))
    decisions.decide(actor=marijke, request=request_, verdicts=given)
    assert cast.lotte.mobile == NEW
    assert [(item.state, item.reason) for item in request_.items] == [("approved", ""), ("rejected", "Bel ons.")]
    assert (request_.open, request_.decided_name) == (False, "Marijke")
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.kind == "change:decide"))
    assert event.details == {"section": "contact", "approved": ["mobile"], "rejected": ["work_phone"]}


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"mobile": Verdict(True)},
        {"mobile": Verdict(True), "work_phone": Verdict(False)},
        {"mobile": Verdict(True), "work_phone": Verdict(False, " \n ")},
        {"mobile": Verdict(True), "work_phone": Verdict(False, "x" * 601)},
    ],
)
def test_half_an_answer_is_none(marijke, request_, cast, answers):
    with pytest.raises(Undecided):
        decisions.decide(actor=marijke, request=request_, verdicts=verdicts(request_, **answers))
    assert cast.lotte.mobile == "+31612345678"
    assert request_.open
    assert {item.state for item in request_.items} == {"proposed"}


def test_never_twice(marijke, request_):
    given = verdicts(request_, mobile=Verdict(True), work_phone=Verdict(True))
    decisions.decide(actor=marijke, request=request_, verdicts=given)
    with pytest.raises(AnsweredAlready) as error:
        decisions.decide(actor=marijke, request=request_, verdicts=given)
    assert error.value.name == "Marijke"


def test_an_outdated_proposal_needs_a_look_at_what_is_there_now(marijke, request_, cast):
    cast.lotte.mobile = "+31600000001"
    both = {"work_phone": Verdict(True)}
    with pytest.raises(RecordMoved):
        decisions.decide(actor=marijke, request=request_, verdicts=verdicts(request_, mobile=Verdict(True), **both))
    seen = Verdict(True, now=fingerprint("+31600000001"))
    decisions.decide(actor=marijke, request=request_, verdicts=verdicts(request_, mobile=seen, **both))
    assert cast.lotte.mobile == NEW
    assert next(item for item in request_.items if item.key == "mobile").previous == "+31600000001"


def test_saying_no_needs_no_fresh_look(marijke, request_, cast):
    cast.lotte.mobile = "+31600000001"
    given = verdicts(request_, mobile=Verdict(False, "Nee."), work_phone=Verdict(True))
    decisions.decide(actor=marijke, request=request_, verdicts=given)
    assert cast.lotte.mobile == "+31600000001"


def test_a_rival_that_was_not_shown_is_not_decided(marijke, cast, factories):
    one, other = [
        factories.change_request(
            guardian=guardian, section="medical", pupil=cast.noor, about=Subject.PUPIL, items={"insurer": ("", name)}
        )
        for guardian, name in ((cast.lotte, "A"), (cast.jeroen, "B"))
    ]
    rival = other.items[0]
    for unseen in (Verdict(True, rivals=frozenset()), Verdict(False, "Nee.", rivals=frozenset({uuid.uuid4()}))):
        with pytest.raises(RecordMoved):
            decisions.decide(actor=marijke, request=one, verdicts=verdicts(one, insurer=unseen))
    with pytest.raises(RecordMoved):  # nobody's item
        decisions.decide(
            actor=marijke, request=one, verdicts=verdicts(one, insurer=Verdict(False, choose=uuid.uuid4()))
        )
    seen = Verdict(False, "Nee.", rivals=frozenset({rival.id}))
    decisions.decide(actor=marijke, request=one, verdicts=verdicts(one, insurer=seen))
    assert (rival.state, rival.closed_with, other.open) == ("rejected", one.id, False)


def test_take_finds_only_what_is_theirs(marijke, request_, cast, database):
    database.session.commit()
    assert decisions.take(marijke, request_.id) is request_
    for actor in (
        Actor(uuid.uuid4(), "Anna", posts=(Post(cast.kade.id, Role.ADMINISTRATOR),)),
        Actor(uuid.uuid4(), "Samira", posts=(Post(cast.school.id, Role.TEACHER),)),
        Actor(uuid.uuid4(), "Lotte", (cast.lotte.id,), (Post(cast.school.id, Role.ADMINISTRATOR),)),
        Actor(uuid.uuid4(), "Jeroen", (cast.jeroen.id,), (Post(cast.school.id, Role.ADMINISTRATOR),)),
    ):
        with pytest.raises(NotFound):
            decisions.take(actor, request_.id)


def test_closing_what_stands_so_already(request_, cast):
    cast.lotte.mobile = NEW
    assert decisions.close_settled(request_) is False
    cast.lotte.work_phone = "+31302222222"
    assert decisions.close_settled(request_) is True
    assert {item.state for item in request_.items} == {"lapsed"}
    assert request_.decided_by is None


def test_a_claim_lasts_two_minutes(marijke, request_, cast):
    ruud = Actor(cast.accounts["ruud"].id, "Ruud", posts=(Post(cast.school.id, Role.DIRECTOR),))
    assert decisions.claim(actor=marijke, request=request_) is None
    assert decisions.claim(actor=ruud, request=request_) == "Marijke"
    assert decisions.claim(actor=ruud, request=request_, take_over=True) is None
    assert decisions.claim(actor=marijke, request=request_) == "Ruud"
    request_.reviewer_until -= decisions.REVIEW_CLAIM
    assert decisions.claim(actor=marijke, request=request_) is None


def test_no_mail_to_who_cannot_be_reached(marijke, request_, cast, database):
    from app.outbox.models import Message

    cast.lotte.email = ""
    decisions.decide(
        actor=marijke, request=request_, verdicts=verdicts(request_, mobile=Verdict(True), work_phone=Verdict(True))
    )
    assert database.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
