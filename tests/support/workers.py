"""The application before a real server with two worker processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from dev import ROOT
from tests.support.ports import free_port


@contextmanager
def two_workers(url: str, folder: Path, **environment: str) -> Iterator[tuple[int, Path]]:
    """The port of gunicorn before the database at `url`, and its log: of each request the worker's number and line.

    `environment` is set for its processes beside what the application needs; they end with the block.
    """
    port, log = free_port(), folder / "access.log"
    settings = {"DATA_DIR": str(folder), "DATABASE_URL": url, "SCHEDULER": "off"}
    environment |= {f"TRACKER_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    command += ["--access-logfile", str(log), "--access-logformat", "%(p)s %(r)s", "--no-control-socket"]
    with subprocess.Popen(
        [*command, "wsgi:application"], cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    ) as running:
        for _ in range(120):
            try:
                urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield port, log
        running.terminate()
        running.wait(30)
