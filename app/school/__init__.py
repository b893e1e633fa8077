"""The register: boards, schools, school years, groups, pupils, guardians, households."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The register has tables, queries and a command, and no screens of its own."""
    from app.school import cli, models  # noqa: F401

    app.cli.add_command(cli.group)
