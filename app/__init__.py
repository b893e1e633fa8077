"""Ouderportaal: the parent portal of a Dutch primary school.

`create_app` is the only place that knows every feature; it starts them from the ground up.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import accounts, changes, config, desk, home, outbox, pwa, records, roster, school
from app.core import access, assets, db, error_pages, headers, health, jinja, languages, logs, origin

FEATURES = (school, outbox, accounts, changes, records, home, desk, roster, pwa)


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. `settings` replace the environment's (tests); without them the environment must be complete.

    Raises ConfigError when it isn't.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(config.FIXED)
    app.config.update(settings if settings is not None else config.load())
    _start_ground(app)
    for feature in FEATURES:
        feature.init_app(app)
    if app.config["DEMO"]:
        from app import demo  # never even imported outside a demo

        demo.init_app(app)
    access.init_app(app)
    origin.csrf.init_app(
        app
    )  # after access: whoever was logged out meanwhile gets the log-in, not "this form is too old"
    return app


def _start_ground(app: Flask) -> None:
    if app.config.get("TRUSTED_PROXIES"):
        count = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    Compress(app)
    headers.init_app(app)
    logs.init_app(app)
    error_pages.init_app(app)
    jinja.init_app(app)
    languages.init_app(app)
    db.init_app(app)
    origin.init_app(app)
    Migrate(app, db.db, directory="migrations", render_as_batch=True, compare_type=True)
    assets.init_app(app)
    health.init_app(app)
