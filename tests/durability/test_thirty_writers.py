"""Thirty parents who send at one moment, to real server processes: nobody hears that the database is locked."""

import pytest

from tests.durability.stream import Stream, count, parents_of

WRITERS = 30
ROUNDS = 2


@pytest.mark.slow
def test_thirty_at_once(served, records):
    with Stream(served.url, parents_of(records, WRITERS)) as stream:
        for _ in range(ROUNDS):
            stream.all_at_once()
    assert stream.broken == 0, stream.statuses
    assert len(stream.answered) == WRITERS * ROUNDS, stream.statuses
    assert "database is locked" not in served.output()
    sums = count(records, stream)
    assert sums.right, sums
    assert sums.arrived == WRITERS * ROUNDS
