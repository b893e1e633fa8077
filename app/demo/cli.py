"""`flask --app wsgi demo …`: only there with DEMO=1."""

import click
from flask.cli import AppGroup

from app.demo import logins as offered
from app.demo import seed as sowing

group = AppGroup("demo", help="The demo school.")


@group.command("seed")
def seed() -> None:
    """Make the demo school, when there is none yet."""
    try:
        made = sowing.seed()
    except sowing.NotADemo as error:
        raise click.ClickException(str(error)) from None
    click.echo("The demo school is made." if made else "The demo school is there already.")


@group.command("logins")
def logins() -> None:
    """Say who one can be in the demo, and with which password."""
    click.echo(offered.table())
