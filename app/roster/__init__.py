"""Roster: what schools' files hold, into the register. Read → match → dry run → apply."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register tables, jobs, routes, the command and the hourly clearing of files."""
    from app.core import worker
    from app.roster import cli, jobs, models, operations, staff  # noqa: F401 - tables and jobs

    staff.init_app(app)
    app.cli.add_command(cli.group)
    worker.housekeeping(operations.sweep)
