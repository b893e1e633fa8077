"""Which drawn face a pupil gets: the page draws it from the id, so the id is chosen to suit the child."""

import uuid
from collections.abc import Collection
from random import Random

from app.school.models import Sex

# As `face` in templates/components/avatar.html has them; a test holds the two together.
STYLES = ("bob", "short", "long", "crop", "braids", "side", "bun", "curls")
SUITS = {
    Sex.FEMALE: {"bob", "long", "braids", "bun", "curls"},
    Sex.MALE: {"short", "crop", "side", "curls"},
    Sex.UNKNOWN: set(STYLES),
}


def style_of(pupil_id: uuid.UUID) -> str:
    """The hair that is drawn for this id."""
    return STYLES[(pupil_id.int // 2) % len(STYLES)]


def look_of(pupil_id: uuid.UUID) -> int:
    """The colours of hair and skin that are drawn for it."""
    return (pupil_id.int // 7) % 8


def new_id(random: Random, sex: Sex, looks: Collection[int]) -> uuid.UUID:
    """An id whose face suits."""
    while True:
        found = uuid.UUID(int=random.getrandbits(128), version=4)
        if style_of(found) in SUITS[sex] and look_of(found) in looks:
            return found
