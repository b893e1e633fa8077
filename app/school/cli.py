"""`flask --app wsgi school …`: how a school is reached, which no file tells."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.core.db import begin_write, db
from app.core.forms import normal_email, normal_phone
from app.school.models import School

group = AppGroup("school", help="A school's own data.")


@group.command("set")
@click.argument("name")
@click.option("--administration-email", help="Where the school gets its mail about requests, and parents' answers go.")
@click.option("--content-email", help="Whom parents ask about the lessons.")
@click.option("--phone", help="The number that parents see.")
@click.option("--contact-name", help="Who signs the mails.")
@click.option(
    "--answer-days", type=click.IntRange(0, 30), help="School days within which parents hear; 0 promises nothing."
)
@click.option(
    "--undo-minutes", type=click.IntRange(0, 120), help="How long a decision can be taken back before its mail leaves."
)
def change(name: str, **values: str | int | None) -> None:
    """Set how a school is reached. NAME is its name or its BRIN number; without options it shows what is set."""
    begin_write()
    school = _school(name)
    for key, value in values.items():
        if value is not None:
            setattr(school, key, _checked(key, value))
    db.session.commit()
    for key in values:
        click.echo(f"{key.replace('_', '-'):22} {getattr(school, key)}")


def _school(name: str) -> School:
    schools = db.session.scalars(sa.select(School).where(sa.or_(School.name == name, School.brin == name))).all()
    if len(schools) != 1:
        raise click.ClickException(f"{len(schools)} schools are called {name!r}; name exactly one.")
    return schools[0]


def _checked(key: str, value: str | int) -> str | int:
    normal = {"administration_email": normal_email, "content_email": normal_email, "phone": normal_phone}.get(key)
    try:
        return normal(str(value)) if normal and value else value
    except ValueError:
        raise click.ClickException(f"--{key.replace('_', '-')}: {value!r} can't be right.") from None
