"""`tracker check`: whether database, mail, scheduler and disk are well."""

import shutil
import socket
from dataclasses import asdict, dataclass

import click
from sqlalchemy.exc import DBAPIError

from tracker.adapters.mail import Server
from tracker.cli.context import demo_option, json_option, print_json, running_settings
from tracker.cli.database import DatabaseNotReady, application, ensure_ready
from tracker.clock import SystemClock
from tracker.config import Settings
from tracker.store import leases, migrations
from tracker.web.health import LATEST_TICK

LEAST_FREE_MEGABYTES = 500
MAIL_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and a sentence with the mend where it is not."""

    name: str
    ok: bool
    text: str


@click.command()
@demo_option
@json_option
@click.pass_context
def check(context: click.Context, demo: bool, as_json: bool) -> None:
    """Kiểm tra cơ sở dữ liệu, thư, bộ nhắc việc và đĩa; trạng thái thoát 0 là ổn, 1 là có việc cần sửa."""
    settings = running_settings(demo)
    with application(settings):
        found = [look(settings) for look in (_database, _scheduler, _mail, _disk)]
    if as_json:
        print_json({"ok": all(each.ok for each in found), "checks": [asdict(each) for each in found]})
    else:
        for each in found:
            click.echo(f"{'ổn ' if each.ok else 'LỖI'}  {each.name}: {each.text}")
    if not all(each.ok for each in found):
        context.exit(1)


def _database(settings: Settings) -> Finding:
    try:
        ensure_ready(settings)
    except DatabaseNotReady as problem:
        return Finding("database", False, problem.text())
    except DBAPIError as failed:
        return Finding("database", False, f"không đọc được: {failed.orig}. Hãy khôi phục từ bản sao lưu gần nhất.")
    return Finding("database", True, f"đọc được, phiên bản {migrations.needed()}")


def _scheduler(settings: Settings) -> Finding:
    try:
        beat = leases.heartbeat()
    except DBAPIError:
        return Finding("scheduler", False, "không xem được vì cơ sở dữ liệu chưa sẵn sàng.")
    if beat is not None and beat.error:
        return Finding(
            "scheduler", False, f"lần chạy gần nhất gặp lỗi {beat.error}. Hãy xem nhật ký của `tracker run`."
        )
    if beat is None or beat.last_tick_at is None:
        return Finding("scheduler", False, "chưa chạy lần nào. Hãy chạy `tracker run`.")
    told = f"lần gần nhất {beat.last_tick_at.astimezone(settings.zone):%d/%m/%Y %H:%M}"
    if SystemClock().now() - beat.last_tick_at > LATEST_TICK:
        return Finding("scheduler", False, f"{told}, nay đã dừng. Hãy chạy lại `tracker run`.")
    return Finding("scheduler", True, told)


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return Finding("mail", True, "chưa đặt TRACKER_SMTP_URL: thư nằm lại trang Hộp thư đi.")
    server = Server.from_url(settings.smtp_url)
    try:
        socket.create_connection((server.host, server.port), timeout=MAIL_SECONDS).close()
    except OSError as wrong:
        reason = wrong.strerror or str(wrong)
        mend = "Hãy kiểm tra TRACKER_SMTP_URL và tường lửa."
        return Finding("mail", False, f"không nối được tới {server.host}:{server.port} ({reason}). {mend}")
    return Finding("mail", True, f"nối được tới {server.host}:{server.port}")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free // 1024 // 1024
    enough = free >= LEAST_FREE_MEGABYTES
    mend = "" if enough else f" Hãy giải phóng để còn ít nhất {LEAST_FREE_MEGABYTES} MB."
    return Finding("disk", enough, f"còn {free} MB ở {settings.data_dir}.{mend}")
