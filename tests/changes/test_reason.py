"""The school's answer is free text: it is read as it was typed."""

from app.changes.models import ItemState
from app.core.db import db

TYPED = "Voor 50% van de <b>kinderen</b> (%s) & meer"
READ = "Voor 50% van de &lt;b&gt;kinderen&lt;/b&gt; (%s) &amp; meer"


def test_a_reason_is_shown_as_it_was_typed(cast, login, factories):
    request = factories.change_request(
        guardian=cast.lotte, section="contact", items={"mobile": ("+31612345678", "+31648217703")}, open=False
    )
    request.items[0].state, request.items[0].reason = ItemState.REJECTED, TYPED
    db.session.commit()
    client = login(cast.accounts["lotte"])
    for path in ("/me", "/me/contact", f"/children/{cast.noor.id}", "/changes"):
        assert READ in client.get(path).get_data(as_text=True)
