"""A kind of mail for the tests, and the app in which real workers send it: `flask --app tests.outbox.canary worker`.

Message k goes to parent k and carries canary k, so that a mail at the wrong address shows itself.
"""

from datetime import date
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader

from app import create_app as create_portal
from app.outbox import registry

KIND = "tests/canary"
SCHOOL_DAY = date(2018, 3, 12)


def build(message):
    """Values for the templates; `gone` in the context stands for a parent who left before the mail did."""
    if message.context.get("gone"):
        return None
    return {
        "canary": message.context["canary"],
        "until": SCHOOL_DAY,
        "recipient_name": message.context.get("name"),
        "url": "https://portaal.example.nl/proef?a=1&b=2",
    }


def address(number: int) -> str:
    return f"ouder{number}@example.nl"


def add_to(app):
    """Make the kind known, and its templates findable, in this process."""
    registry.mail(KIND)(build)
    ours = FileSystemLoader(Path(__file__).parent / "templates")
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, ours])


def create_app():
    app = create_portal()
    add_to(app)
    return app
