"""A file that was read, against a school's register as it is now → a plan. The register is read, nothing is written."""

import uuid
from datetime import date

from app.roster import queries
from app.roster.errors import RosterError
from app.roster.plan import Choices, Plan
from app.roster.plan_edexml import plan_edexml
from app.roster.plan_guardians import plan_guardians
from app.roster.records import FileKind, RosterFile, RosterSchool


def dry_run(roster: RosterFile, *, school_id: uuid.UUID, today: date, choices: Choices | None = None) -> Plan:
    """What applying would do, with the file's own problems among the plan's.

    Raises RosterError for another school's file.
    """
    made = choices or Choices()
    if roster.kind is FileKind.EDEXML and roster.school is not None:
        register = queries.register_for_edexml(school_id, roster.school.school_year)
        _refuse_other_school(roster.school, register)
        plan = plan_edexml(roster, register, choices=made, today=today)
    else:
        plan = plan_guardians(roster, queries.register_for_guardians(school_id), choices=made, today=today)
    plan.problems.absorb(roster.problems, errors=roster.error_count, warnings=roster.warning_count)
    return plan


def _refuse_other_school(said: RosterSchool, register: queries.Register) -> None:
    """A file with another BRIN would move a whole school's pupils in."""
    known = register.school
    other = said.brin and known.brin and (said.brin, said.branch or "00") != (known.brin, known.dependance_code)
    if other:
        raise RosterError(
            "plan.other_school",
            "Dit bestand is van de school met BRIN-code %(file)s, niet van %(school)s (%(brin)s).",
            line=said.line,
            file=f"{said.brin} {said.branch or '00'}",
            school=known.name,
            brin=f"{known.brin} {known.dependance_code}",
        )
