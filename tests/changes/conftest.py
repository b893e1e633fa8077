"""What the tests of the pencil share: a form as a parent fills it in, sent with what the form carried."""

import re

import pytest


class PencilForm:
    """The form behind a pencil: opened, filled in, sent."""

    def __init__(self, client, path):
        self.client, self.path = client, path
        page = client.get(path).get_data(as_text=True)
        hidden = r'<input type="hidden" name="(csrf_token|version|form_key)" value="([^"]*)"'
        self.hidden = dict(re.findall(hidden, page))

    def send(self, *, htmx=False, **values):
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.path, data={**self.hidden, **values}, headers=headers)


@pytest.fixture
def pencil():
    return PencilForm


CONTACT = {"mobile": "06 12 34 56 78", "other_phone": "", "work_phone": "", "email": "lotte@example.nl"}


@pytest.fixture
def contact():
    """What Lotte's contact form holds before she types."""
    return dict(CONTACT)
