"""The application on its database: opened, brought forward, or refused with the mend."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from tracker.app import create_app
from tracker.clock import Clock
from tracker.config import Settings
from tracker.domain.errors import TrackerError
from tracker.store import migrations
from tracker.store.database import db


class DatabaseNotReady(TrackerError):
    """The database is missing, out of reach, or not in the form that this program needs."""


@contextmanager
def application(settings: Settings, clock: Clock | None = None, *, pages: bool = False) -> Iterator[Flask]:
    """The application for `settings` inside its context, with or without its pages; leaves no connection open."""
    app = create_app(settings, clock, pages=pages)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def sqlite_file(settings: Settings) -> Path | None:
    """Where the database lies, if it is a file."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def ensure_ready(settings: Settings) -> None:
    """Raise DatabaseNotReady unless the database is there and at this program's migration."""
    mend = "tracker run --demo" if settings.demo else "tracker run"
    file = sqlite_file(settings)
    if file is not None and not file.is_file():
        raise DatabaseNotReady(
            "Chưa có cơ sở dữ liệu ở %(file)s. Hãy chạy `%(mend)s` một lần để tạo, hoặc sửa TRACKER_DATA_DIR.",
            file=str(file),
            mend=mend,
        )
    if _revision() != migrations.needed():
        raise DatabaseNotReady(
            "Cơ sở dữ liệu ở phiên bản cũ hơn chương trình. Hãy sao lưu, rồi chạy `%(mend)s` một lần để nâng cấp.",
            mend=mend,
        )


def bring_forward(settings: Settings) -> None:
    """Make the database if it is missing, and run the migrations that it lacks."""
    file = sqlite_file(settings)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # It holds password hashes: readable by its owner alone, and SQLite's side files follow it.
        file.touch(mode=0o600)
    if _revision() != migrations.needed():
        upgrade()


def _revision() -> str | None:
    try:
        present = migrations.present()
    except OperationalError as failed:
        reason = str(failed.orig).splitlines()[0]
        if "locked" in reason:
            raise
        raise DatabaseNotReady(
            "Không mở được cơ sở dữ liệu: %(reason)s. Hãy kiểm tra TRACKER_DATABASE_URL và máy chủ cơ sở dữ liệu.",
            reason=reason,
        ) from None
    if present is not None and present not in migrations.known():
        raise DatabaseNotReady(
            "Cơ sở dữ liệu do một bản tracker mới hơn tạo (phiên bản %(present)s). Hãy dùng bản đó hoặc mới hơn.",
            present=present,
        )
    return present
