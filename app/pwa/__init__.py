"""The portal as an app: manifest, service worker, the page without internet, and how to put it on a phone."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the routes."""
    from app.pwa.views import blueprint

    app.register_blueprint(blueprint)
