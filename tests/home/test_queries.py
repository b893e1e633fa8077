"""Every page of a parent costs the same few queries, whatever the number of children, requests or schools."""

import brotli
import pytest

MOST = 10
LARGEST_FORM = 4 * 1024

PAGES = {
    "overview": "/",
    "child": "/children/{noor}",
    "own data": "/me",
    "changes": "/changes",
    "card": "/children/{noor}/emergency",
    "own card": "/me/contact",
    "form": "/children/{noor}/medical/edit",
    "own form": "/me/contact/edit",
}


def cost(client, counted, path):
    """The statements of one GET; the second, because the first may note a sign of life."""
    client.get(path)
    with counted() as statements:
        assert client.get(path).status_code == 200
    return list(statements)


@pytest.mark.parametrize("page", PAGES)
def test_a_few_queries_and_not_more_for_more(cast, login, counted, more, page):
    client, path = login(cast.accounts["lotte"]), PAGES[page].format(noor=cast.noor.id)
    more(requests=2)
    before = cost(client, counted, path)
    assert 0 < len(before) <= MOST, "\n".join(before)
    more(children=4, requests=40)
    after = cost(client, counted, path)
    assert len(after) == len(before), "\n".join(after)


@pytest.mark.parametrize("page", PAGES)
def test_a_second_school(cast, login, counted, more, page):
    client, path = login(cast.accounts["lotte"]), PAGES[page].format(noor=cast.noor.id)
    before = cost(client, counted, path)
    more(schools=2)
    after = cost(client, counted, path)
    assert len(after) <= MOST, "\n".join(after)
    assert len(after) == len(before), "\n".join(after)


def test_one_child_and_six(cast, login, counted, more):
    """Els has one; Lotte gets six."""
    els = cost(login(cast.accounts["els"]), counted, "/")
    more(children=4)
    assert len(cost(login(cast.accounts["lotte"]), counted, "/")) == len(els)


@pytest.mark.parametrize(
    "path",
    [
        "/me/contact",
        "/me/address",
        "/children/{noor}/address",
        "/children/{noor}/medical",
        "/children/{noor}/emergency",
    ],
)
def test_a_form_is_light(cast, login, factories, path):
    """What one tap on a pencil costs on a phone: at most 4 kB."""
    client = login(cast.accounts["lotte"])
    headers = {"HX-Request": "true", "Accept-Encoding": "br"}
    answer = client.get(path.format(noor=cast.noor.id) + "/edit", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert len(brotli.compress(answer.data, quality=4)) <= LARGEST_FORM
    sent = super(type(client), client).open(path.format(noor=cast.noor.id) + "/edit", headers=headers)
    assert sent.headers["Content-Encoding"] == "br"
    assert len(sent.data) <= LARGEST_FORM
