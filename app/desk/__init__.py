"""What staff open first: the changes that wait for an answer, one by one, and the decisions of the last days."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the routes, and the rail that every staff page has."""
    from app.desk import shell
    from app.desk.views import blueprint

    app.register_blueprint(blueprint)
    shell.init_app(app)
