import psycopg
import pytest

from tests.support.postgres import running_postgres


@pytest.fixture(scope="module")
def server():
    with running_postgres() as running:
        yield running


def test_a_database_made_from_a_template_has_its_rows_and_is_separate(server):
    with psycopg.connect(server.create_database("first")) as connection:
        connection.execute("CREATE TABLE thing (name text)")
        connection.execute("INSERT INTO thing VALUES ('é')")

    with psycopg.connect(server.create_database("second", template="first")) as connection:
        assert connection.execute("SELECT upper(name) FROM thing").fetchall() == [("É",)]
        connection.execute("DELETE FROM thing")

    with psycopg.connect(server.url("first")) as connection:
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (1,)


def test_a_database_is_dropped_although_somebody_uses_it(server):
    with psycopg.connect(server.create_database("used")):
        server.drop_database("used")

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(server.url("used"))


def test_what_was_committed_is_there_after_a_crash():
    with running_postgres(durable=True) as server:
        with psycopg.connect(server.create_database("kept")) as connection:
            connection.execute("CREATE TABLE thing AS SELECT 1 AS number")
        server.crash()
        server.start()

        with psycopg.connect(server.url("kept")) as connection:
            assert connection.execute("SELECT number FROM thing").fetchall() == [(1,)]


def test_nothing_is_left_behind():
    with running_postgres() as server:
        pass

    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url("postgres"))
