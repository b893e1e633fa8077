"""User names: short, plain letters, unlike every other."""

import pytest

from app.accounts import usernames


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Lotte", "Vries", "lotte"),
        ("Zoë-Anne", "Çelik", "zoeanne"),
        ("Jürgen", "Groß", "jurgen"),
        ("Søren", "Ø", "soren"),
        ("İbrahim", "Işık", "ibrahim"),
        ("Łukasz", "Ł", "lukasz"),
        ("محمد", "Haddad", "haddad"),
        ("محمد", "حداد", "ouder"),
        ("", "Bakker", "bakker"),
        ("A.", "Jansen", "aja"),
        ("Jo", "", "jo2"),
        ("x" * 60, "Y", "x" * 30),
    ],
)
def test_it_works(database, first, last, expected):
    assert usernames.free(first, last) == expected
    assert expected.isascii()
    assert "@" not in expected


def test_names_that_are_taken(factories):
    made = []
    for _ in range(9):
        made.append(usernames.free("Sanne", "Vos"))
        factories.account(username=made[-1])
    assert made == ["sanne", "sannev", "sannevo", "sannevos", "sanne2", "sanne3", "sanne4", "sanne5", "sanne6"]
