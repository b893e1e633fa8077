"""What people type to log in, to make a password, and what staff type about them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import ERR_EMAIL, UNPRINTABLE, BaseForm, MailField

LONGEST_NAME = 254


def readable(text: str | None) -> str | None:
    """What was typed, without characters that nobody can type: the page shows it again."""
    return UNPRINTABLE.sub("", text) if text else text


class LoginForm(BaseForm):
    """User name or mail address, and password."""

    username = StringField(
        _l("E-mailadres of gebruikersnaam"),
        validators=[DataRequired(_l("Vul uw e-mailadres of gebruikersnaam in.")), Length(max=LONGEST_NAME)],
        filters=[readable],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Wachtwoord"),
        validators=[InputRequired(_l("Vul uw wachtwoord in.")), Length(max=1_000)],
        render_kw={"autocomplete": "current-password"},
    )
    shared = BooleanField(_l("Dit is een gedeelde telefoon"))
    next = HiddenField()


class PasswordForm(BaseForm):
    """A new password: one field, because it can be shown. Its rules live in `password_rules`."""

    password = PasswordField(
        _l("Nieuw wachtwoord"),
        validators=[InputRequired(_l("Kies een wachtwoord van minstens 12 tekens."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(BaseForm):
    """Another password, by who knows the present one."""

    current = PasswordField(
        _l("Uw wachtwoord van nu"),
        validators=[
            InputRequired(_l("Vul uw wachtwoord van nu in.")),
            Length(max=1_000, message=_l("Dit wachtwoord klopt niet.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("Nieuw wachtwoord"),
        validators=[InputRequired(_l("Kies een wachtwoord van minstens 12 tekens."))],
        render_kw={"autocomplete": "new-password"},
    )


class ForgotForm(BaseForm):
    """The name or address of somebody who forgot the password."""

    username = StringField(
        _l("E-mailadres of gebruikersnaam"),
        validators=[DataRequired(_l("Vul uw e-mailadres of gebruikersnaam in.")), Length(max=LONGEST_NAME)],
        filters=[readable],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class AddressForm(BaseForm):
    """A guardian's mail address, corrected by staff."""

    email = MailField(
        _l("E-mailadres"),
        validators=[DataRequired(ERR_EMAIL), Length(max=LONGEST_NAME, message=ERR_EMAIL)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
