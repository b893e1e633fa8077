"""The list of what waits."""


def test_smoke(app, cast, login, factories, database):
    factories.change_request(guardian=cast.lotte, section="contact", pupil=cast.noor, items={"mobile": ("+31612345678", "+31648217703")})
    database.session.commit()
    client = login(cast.accounts["marijke"])
    page = client.get("/desk")
    assert page.status_code == 200, page
    assert "Noor de Vries" in page.text
