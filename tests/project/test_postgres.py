"""The tests' own PostgreSQL: databases made and removed, a given server joined, the packaged one."""

import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres as postgres_support
from tests.support.postgres import PostgresServer


def test_a_database_is_made_from_a_template_and_removed(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.create_database("support_first"), autocommit=True) as connection:
        connection.execute("CREATE TABLE word AS SELECT 'Đông Hải' AS text")
    with psycopg.connect(postgres.create_database("support_second", template="support_first")) as connection:
        assert connection.execute("SELECT text FROM word").fetchall() == [("Đông Hải",)]
    postgres.drop_database("support_first")
    postgres.drop_database("support_second")
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'support%'").fetchone() == (0,)


def test_a_given_server_is_joined_and_left_running(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", postgres.url)
    joined = postgres_support.start_postgres()
    joined.create_database("support_joined")
    joined.stop()
    with psycopg.connect(postgres.url) as connection:
        query = "SELECT count(*) FROM pg_database WHERE datname = 'support_joined'"
        assert connection.execute(query).fetchone() == (0,)


@pytest.mark.long
def test_the_packaged_server_serves_where_the_system_has_none() -> None:
    before = Path(tempfile.gettempdir()).stat().st_mode, Path.home().stat().st_mode
    server = postgres_support.launch(postgres_support.packaged_binaries())
    with psycopg.connect(server.create_database("packaged")) as connection:
        assert connection.execute("SELECT lower('ABC')").fetchone() == ("abc",)
    server.stop()
    assert (Path(tempfile.gettempdir()).stat().st_mode, Path.home().stat().st_mode) == before
