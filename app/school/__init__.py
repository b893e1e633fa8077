"""The register: boards, schools, school years, groups, pupils, guardians, households."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The register has tables and queries, and no screens of its own."""
    from app.school import models  # noqa: F401
