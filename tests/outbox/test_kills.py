"""Workers that are killed at any moment: none lost, at most one twice for each kill, none to a wrong address."""

import time

import pytest

from app.core.db import db
from tests.outbox import canary, kills
from tests.outbox.conftest import work

MAILS = 200
KILLS = 8


@pytest.mark.slow
def test_nothing_is_lost_and_little_is_doubled(app, canaries, database_url, data_dir, tmp_path):
    server = kills.SlowMailServer(0.04)
    server.start()
    workers = kills.Workers(database_url, data_dir, server.port, lease=2, log=tmp_path / "workers.log")
    try:
        ids = kills.fill(app, MAILS)
        workers.start()
        workers.start()
        for number in range(KILLS):
            server.wait_for((number + 1) * MAILS // (KILLS + 2), seconds=60)
            workers.kill_one()
        kills.wait_until_sent(app, 90)
        time.sleep(0.2)  # whoever sends something twice has the time to
        sums = kills.count(server.messages, ids)
        assert (sums.lost, sums.wrong_message_id, sums.wrong_address) == (0, 0, 0)
        assert sums.duplicates <= KILLS
        assert workers.stop() == [0, 0]
    finally:
        workers.end()
        server.stop()


def test_the_sums_see_what_went_wrong(app, mail_server, canaries):
    ids = kills.fill(app, 4)
    work()
    db.session.rollback()
    right = mail_server.messages
    assert kills.count(right, ids) == kills.Sums(0, 0, 0, 0)
    assert kills.count(right[1:], ids) == kills.Sums(1, 0, 0, 0)
    assert kills.count([*right, right[0]], ids) == kills.Sums(0, 1, 0, 0)
    assert kills.count(right, ids | {"k2": "<another@example.nl>"}) == kills.Sums(0, 0, 1, 0)
    object.__setattr__(right[3], "recipients", (canary.address(1),))
    assert kills.count(right, ids) == kills.Sums(0, 0, 0, 1)
