"""Brakes on the pencil: on forms that try out whose number something is, and on mail to addresses that a parent names.

Whoever calls them commits: a count must stand also when the form is refused.
"""

import uuid

from app.core import throttle

HOUR, DAY = 3_600, 86_400
FORMS_PER_HOUR = 100
REFUSALS_PER_HOUR = 12  # "this is a parent's number" tells something to whoever asks it a thousand times
CONFIRMATIONS_PER_DAY = 5  # mails to new addresses: the portal is no way to flood somebody's mailbox


def may_send(account_id: uuid.UUID) -> bool:
    """Count a form that arrives; whether it may be looked at."""
    sent = throttle.hit("pencil", str(account_id), seconds=HOUR)
    return (
        sent <= FORMS_PER_HOUR and throttle.count("pencil-refused", str(account_id), seconds=HOUR) < REFUSALS_PER_HOUR
    )


def note_refusal(account_id: uuid.UUID) -> None:
    """Count a form that the record's own rules refused."""
    throttle.hit("pencil-refused", str(account_id), seconds=HOUR)


def may_confirm(account_id: uuid.UUID) -> bool:
    """Count a mail to a new address; whether it may be sent."""
    return throttle.hit("pencil-address", str(account_id), seconds=DAY) <= CONFIRMATIONS_PER_DAY
