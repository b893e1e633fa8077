"""The demo school: only there with DEMO=1; production never imports this."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the commands, offer the log-ins on the log-in page, and show the mails."""
    from app.demo import cli, mailbox
    from app.demo.logins import LOGINS

    app.cli.add_command(cli.group)
    app.jinja_env.globals["demo_logins"] = LOGINS
    app.register_blueprint(mailbox.blueprint)
