"""What a parent opens first: the children's tiles, a child's page, one's own data; and the shell around all of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the routes and what every parent's page needs in its shell."""
    from app.home import shell
    from app.home.views import blueprint

    app.register_blueprint(blueprint)
    shell.init_app(app)
