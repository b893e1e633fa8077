"""What a reviewer filled in, out of the posted form."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.changes.decisions import REASON_MAX, Verdict
from app.changes.models import ChangeItem
from app.core.forms import UNPRINTABLE


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item as it stands in the form: `choice` is "", approve, reject, or rival-<id of the other's item>."""

    choice: str = ""
    reason: str = ""
    now: str = ""
    rivals: str = ""
    error: str = ""

    @property
    def verdict(self) -> Verdict | None:
        """None as long as nothing was chosen."""
        kind, _separator, chosen = self.choice.partition("-")
        if kind not in ("approve", "reject", "rival"):
            return None
        choose = _id(chosen) if kind == "rival" else None
        if kind == "rival" and choose is None:
            return None
        shown = frozenset(found for found in map(_id, self.rivals.split()) if found)
        return Verdict(kind == "approve", self.reason if kind == "reject" else "", self.now, choose, shown)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def read(items: Iterable[ChangeItem], form: Mapping[str, str]) -> dict[uuid.UUID, Answer]:
    """The answers by item; "approve all" is a yes to each that was in the form: not to what came after it was opened."""
    everything = form.get("all") == "approve"
    found = {}
    for item in items:
        shown = f"now-{item.id}" in form
        choice = "approve" if everything and shown else form.get(f"decision-{item.id}", "")
        reason = UNPRINTABLE.sub("", form.get(f"reason-{item.id}", "")).strip()
        reason = reason.replace("\r\n", "\n")[: REASON_MAX + 1]
        found[item.id] = Answer(
            choice, reason, form.get(f"now-{item.id}", "")[:64], form.get(f"rivals-{item.id}", "")[:999]
        )
    return found


def verdicts(answers: Mapping[uuid.UUID, Answer]) -> dict[uuid.UUID, Verdict]:
    """The answers that were given."""
    given = {item_id: answer.verdict for item_id, answer in answers.items()}
    return {item_id: verdict for item_id, verdict in given.items() if verdict is not None}
