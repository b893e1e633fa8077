"""Which passwords are good enough, and how they are kept (security B3)."""

import unicodedata

import pytest
from argon2 import PasswordHasher, Type

from app.accounts import password_rules, passwords
from app.accounts.password_rules import COMMON, GUESSABLE, OWN, TOO_LONG, TOO_SHORT, WeakPassword, check

WORDS = ("Lotte de Vries", "De Vlieger", "lotte", "lotte@example.nl")

GOOD = [
    "vlieger boven zee",
    "onze poes eet graag vis",
    "correct horse battery staple",
    "mijn fiets staat op zolder",
    "ééntwéédrie vier",
    "قطتي تحب السمك كثيرا",
    "моя кошка любит рыбу",
    "k9$Vq2!mZx7r",
    "woorden " * 32,
    "tien blauwe\tolifanten",
]


@pytest.mark.parametrize("password", GOOD)
def test_good(password):
    check(password, WORDS)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", TOO_SHORT),
        ("elf tekens.", TOO_SHORT),
        ("x" * 257, TOO_LONG),
        ("Welkom2026!!!", COMMON),
        ("W3lkom2026!!!", COMMON),
        ("Sinterklaas2026", COMMON),
        ("wachtwoord123", COMMON),
        ("W@chtw00rd123", COMMON),
        ("wachtwoordwachtwoord", COMMON),
        ("Basisschool2026", COMMON),
        ("zomerzomer2026", COMMON),
        ("password1234", COMMON),
        ("123456789012", COMMON),
        ("aaaaaaaaaaaa", COMMON),
        ("!!!!!!!!!!!!", COMMON),
        ("DeVlieger2026", OWN),
        ("LotteDeVries1!", OWN),
        ("vlieger-lotte-1", OWN),
        ("qwertyuiopasdf", GUESSABLE),
        ("abcabcabcabc", GUESSABLE),
    ],
)
def test_weak(password, message):
    with pytest.raises(WeakPassword) as caught:
        check(password, WORDS)
    assert caught.value.message == message
    assert caught.value.field == "password"


def test_all_of_the_list_is_refused():
    assert len(password_rules._blocked()) > 3000
    for password in password_rules._blocked():
        for spelling in (password, f"{password}2026!!!!!!!!"):
            with pytest.raises(WeakPassword):
                check(spelling)


def test_twelve_characters_are_enough_and_none_need_be_a_digit():
    check("kameelboterk")


def test_nothing_is_cut_off():
    first, second = "a1 " * 25 + "eerste", "a1 " * 25 + "tweede"
    assert not passwords.verify(passwords.hash_password(first), second)
    assert passwords.verify(passwords.hash_password("x" * 256), "x" * 256)


def test_spaces_count():
    stored = passwords.hash_password(" zeven groene kikkers ")
    assert passwords.verify(stored, " zeven groene kikkers ")
    assert not passwords.verify(stored, "zeven groene kikkers")


def test_one_letter_two_spellings():
    composed, apart = (unicodedata.normalize(form, "vijf cafés open") for form in ("NFC", "NFD"))
    assert composed != apart
    assert passwords.verify(passwords.hash_password(composed), apart)


def test_argon2id_with_19_mib():
    assert passwords.COST == {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
    kept = PasswordHasher(**passwords.COST, type=Type.ID).hash("zeven groene kikkers")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hash_password("zeven groene kikkers").startswith("$argon2id$")
    assert not passwords.needs_rehash(passwords.hash_password("zeven groene kikkers"))


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$broken", "plain"])
def test_no_hash_fits_nothing(stored):
    assert not passwords.verify(stored, "")
    assert not passwords.verify(stored, "there is nobody here")
