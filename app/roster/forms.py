"""The form with which a file is handed in."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from app.core.forms import BaseForm


class UploadForm(BaseForm):
    """`school` has a choice for each school where this person may import."""

    school = SelectField(_l("School"))
    file = FileField(_l("Bestand"), [FileRequired(_l("Kies een bestand."))])
