"""Who may see and do what in the register. Pure: one row or light record in, yes or no out."""

from app.school.models import Custody


def may_propose(custody: Custody) -> bool:
    """Only who decides about the child may propose a change to the child's record (M7)."""
    return custody is Custody.FULL


def sees_medical(custody: Custody) -> bool:
    """Health data (AVG art. 9) are for those with full custody; others get important facts from the school on request."""
    return custody is Custody.FULL
