"""kill -9 in the middle of a stream of proposals: what was answered is there, whole and once (figure D1).

The whole figure, 50 kills on both databases: `python -m bench.durability_proposals`.
"""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.durability.stream import Stream, count, parents_of

CLIENTS = 4
KILLS = 6
FORMS_BETWEEN = 8


def workers_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for_answers(stream, more, seconds=30):
    wanted, deadline = len(stream.answered) + more, time.monotonic() + seconds
    while len(stream.answered) < wanted:
        assert time.monotonic() < deadline, f"no answers any more: {stream.statuses}"
        time.sleep(0.01)


def kill(served, number):
    """By turns one worker process, and the web server with all of them."""
    pid = served.pid_of("web")
    if number % 3:
        os.kill(workers_of(pid)[0], signal.SIGKILL)
    else:
        served.kill("web")
        served.wait_for_another("web", pid)


@pytest.mark.slow
def test_a_killed_server_loses_nothing_that_it_answered(served, records):
    with Stream(served.url, parents_of(records, CLIENTS)) as stream:
        stream.start()
        for number in range(KILLS):
            wait_for_answers(stream, FORMS_BETWEEN)
            kill(served, number)
        wait_for_answers(stream, FORMS_BETWEEN)
        stream.stop()
    sums = count(records, stream)
    assert stream.cut > 0, "no kill met a form on its way"
    assert stream.broken == 0, stream.statuses
    assert sums.right, sums
    assert sums.arrived >= len(stream.answered) >= KILLS * FORMS_BETWEEN
