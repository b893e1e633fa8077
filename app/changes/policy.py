"""Who may propose, withdraw and decide. Pure."""

from app.changes.models import ChangeRequest
from app.core.actor import Actor, Permission


def may_withdraw(actor: Actor, request: ChangeRequest) -> bool:
    """Only who proposed takes it back, and only while the school has not answered (M7)."""
    return request.guardian_id in actor.guardian_ids and request.open


def may_review(actor: Actor, request: ChangeRequest) -> bool:
    """Staff with the right at that school, and never about themselves; `queries.reviewable` leaves out their own child."""
    if not actor.may(Permission.CHANGES_REVIEW, request.school_id):
        return False
    return not set(actor.guardian_ids) & {request.guardian_id, request.subject_id}
