"""`flask --app wsgi accounts …`: the first people of a school that loads its own files."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.accounts import invitations
from app.core.actor import Role
from app.core.db import begin_write, db
from app.core.errors import DomainError
from app.core.forms import normal_email
from app.school.models import School

group = AppGroup("accounts", help="Who can log in.")
staff = AppGroup("staff", help="People who work at a school.")
group.add_command(staff)


@staff.command("add")
@click.option("--school", "school_name", required=True, help="The school's name or its BRIN number.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--email", required=True)
@click.option("--name", required=True, help='First name and surname: "Marijke Jansen".')
def add(school_name: str, role: str, email: str, name: str) -> None:
    """Give somebody a role at a school and mail an invitation."""
    begin_write()
    schools = db.session.scalars(
        sa.select(School).where(sa.or_(School.name == school_name, School.brin == school_name))
    ).all()
    if len(schools) != 1:
        raise click.ClickException(f"{len(schools)} schools are called {school_name!r}; name exactly one.")
    try:
        account = invitations.add_staff(school=schools[0], role=Role(role), email=normal_email(email), name=name)
    except ValueError:
        raise click.ClickException("That is no mail address.") from None
    except DomainError as error:
        raise click.ClickException(error.message) from None
    db.session.commit()
    click.echo(f"{account.username}: an invitation is on its way.")
