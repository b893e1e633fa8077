"""The sections that the pencil opens: details, address, family, emergency contacts, medical; contact and own address."""

from flask import Flask

from app.changes.registry import register
from app.records import models  # noqa: F401 - tables
from app.records.addresses import OwnAddress, PupilAddress
from app.records.contact import Contact
from app.records.details import Details
from app.records.emergency import Emergency
from app.records.family import Family
from app.records.medical import Medical

# In the order in which a page shows them.
SECTIONS = (PupilAddress(), Emergency(), Medical(), Details(), Family(), Contact(), OwnAddress())


def init_app(app: Flask) -> None:
    """Hand the sections in; a second app in the same process finds them there."""
    for section in SECTIONS:
        register(section)
