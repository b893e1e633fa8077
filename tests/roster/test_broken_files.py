"""Two hundred broken files (C6): each is refused, blocked or loaded whole; loaded twice it changes nothing the second
time.
"""

import random

import pytest

from app.core.db import begin_write, db
from app.roster.errors import RosterError
from tests.roster.builders import COLUMNS, NOOR, csv_list, edexml, pupil, row
from tests.roster.conftest import digest

CHILDREN = {"00123": ("Noor", "03-02-2016"), "00200": ("Tygo", "07-07-2017")}
PUPILS = (
    NOOR,
    pupil("00200", geboortedatum="2017-07-07", extra='<groep key="g34"/>'),
    pupil("#1", roepnaam="Jip", geboortedatum="2017-07-08"),
)
LIST = [
    row(),
    row(leerlingnummer="00200", roepnaam="Tygo", geboortedatum="07-07-2017", v_roepnaam="Els", email="els@example.nl"),
]


def flipped(data: bytes, rng: random.Random) -> bytes:
    """A few bytes are something else."""
    broken = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def shuffled_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def repeated_line(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    return b"".join([*lines[:place], lines[place], *lines[place:]])


def swapped_columns(data: bytes, rng: random.Random) -> bytes:
    one, other = rng.sample(range(len(COLUMNS)), 2)
    rows = []
    for cells in LIST:
        changed = list(cells)
        changed[one], changed[other] = changed[other], changed[one]
        rows.append(changed)
    return csv_list(*rows)


def odd_value(data: bytes, rng: random.Random) -> bytes:
    """One cell or element holds what people type when they are in a hurry."""
    odd = rng.choice(
        ["111222333", "=1+1", "x" * 300, "٣", "a\u202eb", "nvt", "-", "0", "01-01-1900", "Ã©", "'", '"', "<b>", "%s"]
    )
    words = [word for word in (b"Noor", b"Vries", b"03-02-2016", b"2016-02-03", b"00123", b"g5", b"ja") if word in data]
    return data.replace(rng.choice(words), odd.encode(), 1)


BREAKS = (flipped, cut, shuffled_lines, repeated_line, odd_value)


def loads(desk, data: bytes) -> bool:
    """Whether the file was loaded. Only a RosterError may refuse it."""
    try:
        desk.load(data)
    except RosterError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_ten_broken_files(desk, seed):
    desk.load(edexml(*PUPILS))
    desk.load(csv_list(*LIST))
    db.session.commit()
    rng = random.Random(seed)
    refused = 0
    for _ in range(10):
        begin_write()
        before = digest()
        source = rng.choice([edexml(*PUPILS), csv_list(*LIST)])
        breaks = BREAKS if source.startswith(b"<") else (*BREAKS, swapped_columns)
        data = rng.choice(breaks)(source, rng)
        if not loads(desk, data):
            assert digest() == before
            refused += 1
            continue
        after = digest()
        desk.load(data)
        assert digest() == after
        assert len(after["guardianship"]) <= len(before["guardianship"]) + 2
    assert refused, "not one of ten broken files was refused"
    begin_write()
