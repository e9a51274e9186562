"""`tracker user`: accounts."""

import sys

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.domain.account_links import LinkKind
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import Person, Role
from tracker.store import people as stored
from tracker.usecases import account_links as links
from tracker.usecases import people, second_factors
from tracker.usecases.leaving import Owed, owed
from tracker.web.errands import send_now
from tracker.web.runtime import runtime

password_option = click.option("--password-stdin", is_flag=True, help="Đọc mật khẩu từ dòng đầu của stdin.")


@click.group()
def user() -> None:
    """Tài khoản của người dùng."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="Họ và tên.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="Vai trò.")
@click.option("--unit", "unit_code", metavar="CODE", help="Mã đơn vị (tracker unit list).")
@password_option
@demo_option
def add(email: str, name: str, role: str, unit_code: str | None, password_stdin: bool, demo: bool) -> None:
    """Thêm một tài khoản."""
    password = _password() if password_stdin else None
    with open_app(demo):
        now, locale = runtime().clock.now(), runtime().locale
        added = people.add_person(
            email, name, Role(role), unit_code, now=now, password=password, locale=locale, demo=demo
        )
        say(f"Đã thêm {added.email} ({added.role.value}).")
        if password is None:
            _invite(added)


def _invite(person: Person) -> None:
    """Send the invitation, or show its link once where no mail is sent."""
    now, base_url = runtime().clock.now(), runtime().base_url
    if not runtime().mail_is_sent:
        say(f"Tài khoản chờ mật khẩu; đặt bằng: tracker user password {person.email} --password-stdin")
        say("Hoặc trao tận tay đường dẫn dùng một lần này, trong 7 ngày; nó chỉ hiện lần này:")
        say(links.make_for_hand(person, now, base_url, None))
        return
    went = send_now(links.put_out(person, LinkKind.INVITE, now, base_url))
    say(
        f"Đã gửi thư mời đến {person.email}."
        if went
        else "Chưa gửi được thư mời; thư nằm ở trang Thư nhắc và sẽ gửi lại."
    )


@user.command("list")
@demo_option
@json_option
def list_users(demo: bool, as_json: bool) -> None:
    """Liệt kê tài khoản."""
    with open_app(demo):
        found = stored.everyone()
    if as_json:
        names = ("email", "name", "role", "unit_code", "unit_name", "locale", "active", "phone")
        print_json([{name: getattr(person, name) for name in names} for person in found])
        return
    for person in found:
        closed = "" if person.active else "  (đã khóa)"
        click.echo(f"{person.email:32} {person.role.value:14} {person.name}, {person.unit_name or '–'}{closed}")


@user.command()
@click.argument("email")
@click.option("--email", "new_email", help="Địa chỉ thư điện tử mới.")
@click.option("--name", help="Họ và tên.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Vai trò.")
@click.option("--unit", "unit_code", metavar="CODE", help="Mã đơn vị (tracker unit list); để trống: không đơn vị nào.")
@click.option("--phone", help="Số điện thoại công vụ; để trống: không có.")
@demo_option
def correct(
    email: str,
    new_email: str | None,
    name: str | None,
    role: str | None,
    unit_code: str | None,
    phone: str | None,
    demo: bool,
) -> None:
    """Sửa địa chỉ, họ tên, vai trò, đơn vị, điện thoại của một tài khoản; phần không nêu thì giữ nguyên."""
    with open_app(demo):
        found = stored.by_email(email)
        if found is None:
            raise NotFound(f"Không có tài khoản với địa chỉ {email}.")
        was = found.person
        unit = was.unit_code if unit_code is None else unit_code or None
        as_role = Role(role) if role else was.role
        now = runtime().clock.now()
        person = people.correct_person(
            was, people.Correction(new_email or was.email, name or was.name, as_role, unit, phone), now=now
        )
    say(f"Đã sửa {person.email}: {person.name}, {person.role.value}, {person.unit_name or 'không đơn vị nào'}.")


@user.command()
@click.argument("email")
@demo_option
def disable(email: str, demo: bool) -> None:
    """Khóa một tài khoản; các phiên đang mở kết thúc ngay."""
    with open_app(demo):
        now = runtime().clock.now()
        found = stored.by_email(email)
        left = owed(found.person, local_day(now, runtime().zone)) if found else Owed()
        closed = people.set_active(email, False, now=now)
    say(f"Đã khóa {closed.email}.")
    if left.last_of_unit and left.shares:
        say(f"{closed.unit_name} không còn ai nhận thư nhắc của {len(left.shares)} phần việc; hãy thêm người.")
    elif left.shares:
        say(f"{len(left.shares)} phần việc từng giao cho người này nay là việc chung của đơn vị.")


@user.command("second-factor-off")
@click.argument("email")
@demo_option
def second_factor_off(email: str, demo: bool) -> None:
    """Tắt xác thực hai bước cho người mất điện thoại và mất mã dự phòng."""
    with open_app(demo):
        found = stored.by_email(email)
        if found is None:
            raise NotFound(f"Không có tài khoản với địa chỉ {email}.")
        second_factors.take_away(found.person, by=None, now=runtime().clock.now())
    say(f"Đã tắt xác thực hai bước của {email}.")


@user.command("password")
@click.argument("email")
@password_option
@demo_option
def change_password(email: str, password_stdin: bool, demo: bool) -> None:
    """Đặt mật khẩu mới; các phiên đang mở kết thúc ngay."""
    if not password_stdin:
        raise click.UsageError("Hãy đưa mật khẩu qua stdin: --password-stdin < tệp-chứa-mật-khẩu")
    password = _password()
    with open_app(demo):
        changed = people.set_password(email, password, now=runtime().clock.now(), demo=demo)
    say(f"Đã đặt mật khẩu mới cho {changed.email}.")


def _password() -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Refused("Không có mật khẩu nào ở stdin. Ví dụ: tracker user password EMAIL --password-stdin < tệp")
    return line
