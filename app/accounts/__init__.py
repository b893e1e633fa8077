"""Accounts: who can log in, how they got there, and what staff see of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Find out who makes each request; register routes, kinds of mail, jobs and commands."""
    from app.accounts import account_views, cli, identity, jobs, link_views, models, staff, views  # noqa: F401
    from app.accounts.blueprint import blueprint

    identity.init_app(app)
    app.jinja_env.globals.setdefault("demo_logins", [])
    app.config["SIGNED_OUT_FRAGMENT"] = "accounts/_panel.html"
    app.register_blueprint(blueprint)
    app.cli.add_command(cli.group)
