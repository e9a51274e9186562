"""`tracker unit rename|merge|split|dissolve|takeover`: what becomes of units, from the command line."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import Person
from tracker.domain.unit_events import Change, Decision, Doing, EventKind
from tracker.domain.units import Unit
from tracker.store import people, units
from tracker.usecases.unit_changes import STAYS, ChangeResult, Choices, change_units
from tracker.web.runtime import runtime

DOINGS = {"leave": Doing.LEAVE, "close": Doing.CLOSE, "cancel": Doing.CANCEL}
DONE_WORDS = {Doing.HAND: "chuyển cho", Doing.LEAVE: "để lại", Doing.CLOSE: "khép lại", Doing.CANCEL: "hủy"}
Command = Callable[..., None]


def _day(_context: click.Context, _option: click.Parameter, moment: datetime | None) -> date | None:
    return moment.date() if moment else None


_COMMON = (
    click.option("--on", "on", required=True, type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Từ ngày nào."),
    click.option("--document", required=True, help="Số, ký hiệu văn bản quyết định."),
    click.option("--document-date", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Ngày của văn bản."),
    click.option("--by", metavar="EMAIL", help="Người ghi; không nêu thì ghi là dòng lệnh."),
    click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ thay đổi gì."),
    json_option,
    demo_option,
)
_SHARES = (
    click.option("--all", "all_shares", metavar="CODE|close|cancel|leave", help="Mọi phần việc chưa xong."),
    click.option("--share", "shares", multiple=True, metavar="SỐ=CODE|close|cancel|leave", help="Từng phần việc."),
    click.option("--reason", default="", help="Lý do khép lại hoặc hủy."),
    click.option("--person", "moves", multiple=True, metavar="EMAIL=CODE", help="Người chuyển đi; EMAIL= là ở lại."),
)


def _with(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def put(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return put


@click.command()
@click.argument("code")
@click.argument("name", required=False)
@click.option("--short-name", help="Tên ngắn mới.")
@click.option("--parent", metavar="CODE", help="Đơn vị cấp trên mới; để trống là không có.")
@_with(*_COMMON)
def rename(code: str, name: str | None, short_name: str | None, parent: str | None, **common: Any) -> None:
    """Đổi tên một đơn vị (hoặc đổi đơn vị cấp trên) từ một ngày; tên cũ vẫn còn trong báo cáo cũ."""
    change = _asked(EventKind.RENAME, (code,), common)
    _record(replace(change, name=name, short_name=short_name, parent=parent), common)


@click.command()
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", required=True, metavar="CODE[=TÊN]", help="Đơn vị nhận; kèm tên thì lập mới.")
@_with(*_SHARES, *_COMMON)
def merge(codes: tuple[str, ...], into: str, **common: Any) -> None:
    """Sáp nhập một hay nhiều đơn vị vào một đơn vị."""
    _record(_asked(EventKind.MERGE, codes, common), common, (into,))


@click.command()
@click.argument("code")
@click.option("--into", "into", multiple=True, metavar="CODE[=TÊN]", help="Đơn vị mới; nêu nhiều lần.")
@click.option("--keep", is_flag=True, help="Đơn vị cũ vẫn còn.")
@_with(*_SHARES, *_COMMON)
def split(code: str, into: tuple[str, ...], keep: bool, **common: Any) -> None:
    """Chia tách một đơn vị; phần việc nào không nêu thì ở lại, chờ người tiếp nhận."""
    _record(replace(_asked(EventKind.SPLIT, (code,), common), ends=not keep), common, into)


@click.command()
@click.argument("code")
@_with(*_SHARES, *_COMMON)
def dissolve(code: str, **common: Any) -> None:
    """Giải thể một đơn vị; phần việc chưa xong được đánh dấu, không tính là trễ."""
    _record(_asked(EventKind.DISSOLVE, (code,), common), common)


@click.command()
@click.argument("code")
@click.option("--to", "to", required=True, metavar="CODE[=TÊN]", help="Đơn vị tiếp nhận.")
@click.option("--ends", is_flag=True, help="Đơn vị cũ kết thúc.")
@_with(*_SHARES, *_COMMON)
def takeover(code: str, to: str, ends: bool, **common: Any) -> None:
    """Đơn vị khác tiếp nhận việc của một đơn vị, kể cả đơn vị đã kết thúc."""
    _record(replace(_asked(EventKind.TAKEOVER, (code,), common), ends=ends), common, (to,))


EVENTS = (rename, merge, split, dissolve, takeover)


def _asked(kind: EventKind, codes: tuple[str, ...], common: dict[str, Any]) -> Change:
    return Change(kind, common["on"], common["document"], codes, document_date=common["document_date"])


def _record(change: Change, common: dict[str, Any], into: Iterable[str] = ()) -> None:
    """Record the event on the database of the command, and tell what it did."""
    with open_app(common["demo"], may_freeze=common["dry_run"]):
        heirs = [each.partition("=")[::2] for each in into]
        model = units.directory().get(change.units[0])
        founded = tuple(_founded(code, name, model) for code, name in heirs if name)
        asked = replace(change, heirs=tuple(code for code, _name in heirs), founded=founded)
        result = change_units(
            asked,
            _choices(common),
            person=person_by(common["by"]),
            now=runtime().clock.now(),
            zone=runtime().zone,
            dry_run=common["dry_run"],
        )
    _tell(result)
    if common["as_json"]:
        print_json(result.as_json())


def _founded(code: str, name: str, model: object) -> Unit:
    """A new unit of the kind, level and parent of the one it comes from."""
    new = Unit(code, name)
    return replace(new, kind=model.kind, level=model.level, parent=model.parent) if isinstance(model, Unit) else new


def person_by(email: str | None) -> Person | None:
    """The account with that address, for `--by`; None for the command line itself."""
    if email is None:
        return None
    found = people.by_email(email)
    if found is None:
        raise NotFound("Không có tài khoản với địa chỉ %(email)s.", email=email)
    return found.person


def _choices(common: dict[str, Any]) -> Choices:
    reason: str = common.get("reason", "")
    every = common.get("all_shares")
    shares = {}
    for text in common.get("shares", ()):
        number, _, doing = text.partition("=")
        if not number.isdigit() or not doing:
            raise click.UsageError(f"“{text}” không đúng dạng SỐ=CODE, ví dụ 12=phong-noi-vu hay 12=close.")
        shares[int(number)] = _decision(doing, reason)
    return Choices(shares, _moves(common.get("moves", ())), _decision(every, reason) if every else None)


def _decision(text: str, reason: str) -> Decision:
    doing = DOINGS.get(text)
    return Decision(doing, None, reason) if doing else Decision(Doing.HAND, text)


def _moves(texts: Iterable[str]) -> dict[int, str]:
    found = {}
    for text in texts:
        email, mark, code = text.partition("=")
        if not mark:
            raise click.UsageError(f"“{text}” không đúng dạng EMAIL=CODE.")
        person = person_by(email)
        if person is None:
            raise Refused("Hãy ghi địa chỉ thư của người chuyển.")
        found[person.id] = code or STAYS
    return found


def _tell(result: ChangeResult) -> None:
    say("Xem trước, chưa ghi gì:" if result.dry_run else f"Đã ghi sự kiện số {result.event_id}:")
    for (plan_id, title), shares in groupby(result.shares, lambda each: (each[0].plan_id, each[0].plan_title)):
        say(f"  kế hoạch {plan_id}, “{title}”:")
        for share, decision in shares:
            to = f" {decision.heir}" if decision.heir else ""
            due = f", hạn {share.due:%d/%m/%Y}" if share.due else ""
            due += " (đã gia hạn)" if share.extended else ""
            say(f"  phần việc {share.id}, nhiệm vụ {share.number}{due}: {DONE_WORDS[decision.doing]}{to}")
    for person, code in result.people:
        say(f"  {person.name} ({person.email}): {f'về {code}' if code else 'ở lại'}")
    for title in result.watched:
        say(f"  theo dõi kế hoạch “{title}”: đơn vị nhận thay" if result.change.heirs else f"  thôi theo dõi “{title}”")
    if result.waits:
        say(f"Người và việc theo dõi chuyển vào ngày {result.change.on:%d/%m/%Y}.")
