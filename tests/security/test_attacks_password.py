"""A password that takes ages to judge; counts of wrong ones that tell who somebody is."""

import time

import pytest

from app.accounts import password_rules
from tests.accounts.test_login import log_in
from tests.accounts.test_throttle import clock_stands, wrong  # noqa: F401 - a fixture for every test here


def test_names_that_repeat_each_other_cost_no_time():
    began = time.perf_counter()
    with pytest.raises(password_rules.WeakPassword):
        password_rules.check("aab" * 85 + "q", ["Aab", "info@aabaab.nl"])
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("other", ["lotte", "jeroen", "niemand"])
def test_the_count_of_an_address_does_not_tell_whose_it_is(client, cast, other):
    """Ten wrong passwords for the address, then one for a user name: the answer is the same, whoever that is."""
    for _ in range(10):
        wrong(client, "lotte@example.nl")
    assert wrong(client, other).status_code == 422


def test_nor_do_two_names_give_more_guesses(client, cast):
    for _ in range(10):
        wrong(client, "lotte@example.nl")
    assert log_in(client, "lotte").status_code == 422
