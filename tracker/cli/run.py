"""`tracker run`: the database brought forward, then the pages and the scheduler in one process."""

import signal
import socket
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from types import FrameType
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from tracker import scheduler
from tracker.adapters.passwords import DEMO_PASSWORD
from tracker.cli import demo as demonstration
from tracker.cli.context import demo_option, say
from tracker.cli.database import application, bring_forward
from tracker.config import DEFAULT_BASE_URL, DEFAULT_DEMO_DAY, Settings, load_settings, remember_address
from tracker.domain.errors import Refused
from tracker.store import people
from tracker.usecases.second_factors import seal_old
from tracker.usecases.setup import prepare
from tracker.web.runtime import runtime
from tracker.web.sign_in import DEMO_ACCOUNTS

THREADS = 8
# A web server in front of us, on this machine, says whom it speaks for: limits count people, not the server.
PROXY: dict[str, Any] = {
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    "clear_untrusted_proxy_headers": True,
}


@click.command()
@demo_option
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="Ngày của bản minh họa; mặc định 2024-12-16.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ mạng để nghe.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Cổng để nghe.")
def run(demo: bool, at: datetime | None, host: str, port: int) -> None:
    """Nâng cấp cơ sở dữ liệu rồi mở trang web, kèm bộ nhắc việc. Ctrl+C để dừng."""
    if at is not None and not demo:
        raise click.UsageError("--at chỉ dùng cùng --demo.")
    settings = load_settings(demo=demo, serving=True)
    door = _bind(host, port)
    with door:
        address = f"http://{host}:{door.getsockname()[1]}"
        if settings.base_url == DEFAULT_BASE_URL:
            settings = replace(settings, base_url=address)
        remember_address(settings)
        if demo:
            settings = _demonstration(settings, at.date() if at else date.fromisoformat(DEFAULT_DEMO_DAY))
        with application(settings, pages=True) as app:
            bring_forward(settings)
            prepare(runtime().clock.now())
            seal_old(runtime().seal)
            _greet(address, settings)
            _serve(app, settings, door)


def _bind(host: str, port: int) -> socket.socket:
    """A listening place at that address, taken before anything else is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(1)
    except OSError as wrong:
        door.close()
        raise Refused(
            "Không mở được %(host)s cổng %(port)s (%(reason)s). Có thể chương trình khác đang dùng cổng này: hãy đóng "
            "nó, hoặc chọn cổng khác bằng --port.",
            host=host,
            port=str(port),
            reason=wrong.strerror or str(wrong),
        ) from None
    return door


def _demonstration(settings: Settings, day: date) -> Settings:
    """The settings of the demonstration of `day`, which is built unless the one there is the same."""
    at = demonstration.morning_of(day, settings.zone)
    if not demonstration.is_current(settings, at):
        say("Đang dựng bản minh họa…")
        demonstration.build(settings, at)
    return replace(settings, frozen_at=settings.frozen_at or at)


def _greet(address: str, settings: Settings) -> None:
    say(f"Mở trình duyệt tại {address}")
    if settings.demo:
        say(f"Bản minh họa, đồng hồ dừng ở {settings.frozen_at:%d/%m/%Y %H:%M}; thư nằm lại trong hộp thư đi.")
        say(f"Tài khoản (mật khẩu {DEMO_PASSWORD}): {', '.join(email for email, _ in DEMO_ACCOUNTS)}")
    elif not people.everyone():
        say("Chưa có tài khoản nào. Hãy tạo quản trị viên: tracker user add EMAIL --name TÊN --role administrator")


def _serve(app: Flask, settings: Settings, door: socket.socket) -> None:
    """Answer requests until the process is told to end."""
    signal.signal(signal.SIGTERM, _end)
    server = create_server(app, sockets=[door], threads=THREADS, **PROXY)
    with scheduler.start_in_background(app) if settings.scheduler else nullcontext():
        try:
            server.run()
        finally:
            server.close()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
