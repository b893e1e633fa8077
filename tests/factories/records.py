"""Builders of what the record holds beside the register."""

from app.records.models import EmergencyContact, MedicalRecord
from tests.factories.base import Builders


class RecordFactories(Builders):
    def emergency_contact(self, *, pupil, name, phone, guardian=None, relation="oma", position=1):
        return self._add(
            EmergencyContact(
                school_id=pupil.school_id,
                pupil_id=pupil.id,
                guardian_id=guardian.id if guardian else None,
                name=name,
                phone=phone,
                relation=relation,
                position=position,
            )
        )

    def medical(self, *, pupil, **values):
        return self._add(MedicalRecord(pupil_id=pupil.id, school_id=pupil.school_id, **values))
