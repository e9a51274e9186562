"""`tracker unit`: the directory, and what becomes of units."""

from datetime import date
from typing import Any

import click

from tracker.adapters.near_names import suggest
from tracker.cli.context import demo_option, json_option, open_app, print_json, say
from tracker.cli.unit_changes import EVENTS
from tracker.cli.unit_groups import group_changes
from tracker.cli.unit_people import give
from tracker.domain.errors import NotFound
from tracker.domain.units import Directory, Group, GroupKind, GroupRule, Unit
from tracker.store import unit_history, units
from tracker.store.unit_history import History
from tracker.usecases import units as usecases
from tracker.web.runtime import runtime


@click.group()
def unit() -> None:
    """Danh bạ đơn vị và nhóm đơn vị."""


@unit.command("list")
@demo_option
@json_option
def list_units(demo: bool, as_json: bool) -> None:
    """Liệt kê đơn vị và nhóm, kèm thành viên của nhóm."""
    with open_app(demo):
        rows = directory_json(units.directory())
    if as_json:
        print_json(rows)
        return
    for row in rows:
        members = f"  ({len(row['members'])} thành viên)" if row["kind"] == "group" else ""
        click.echo(f"{row['code']:32} {row['name']}{members}")


@unit.command()
@click.argument("code")
@demo_option
@json_option
def show(code: str, demo: bool, as_json: bool) -> None:
    """Một đơn vị: các tên gọi qua thời gian và những việc đã xảy ra với đơn vị."""
    with open_app(demo):
        found = units.ref_by_code(code)
        if found is None:
            raise NotFound("Không có đơn vị với mã “%(code)s”. Xem mã đơn vị: tracker unit list.", code=code)
        facts = history_json(unit_history.of_unit(found.id))
    if as_json:
        print_json(facts)
        return
    for name in facts["names"]:
        click.echo(f"{name['from'] or '…'} – {name['to'] or 'nay'}  {name['name']}")
    for event in facts["events"]:
        others = ", ".join((*event["units"], *event["heirs"]))
        click.echo(f"{event['on']}  {event['kind']} ({event['document']}): {others}")


@unit.command()
@click.argument("code")
@click.argument("name")
@click.option("--short-name", default="", help="Tên ngắn.")
@click.option("--kind", default="", help="Loại, ví dụ school, department, people-committee.")
@click.option("--level", default=None, help="Cấp học hoặc cấp hành chính, ví dụ primary, ward.")
@click.option("--parent", default=None, metavar="CODE", help="Đơn vị cấp trên.")
@click.option("--alias", "aliases", multiple=True, help="Tên gọi khác; nêu được nhiều lần.")
@demo_option
def add(
    code: str,
    name: str,
    short_name: str,
    kind: str,
    level: str | None,
    parent: str | None,
    aliases: tuple[str, ...],
    demo: bool,
) -> None:
    """Thêm một đơn vị vào danh bạ."""
    with open_app(demo):
        new = Unit(code, name, short_name, kind, level, parent, aliases)
        added = usecases.create_unit(new, now=runtime().clock.now())
    say(f"Đã thêm {added.name} ({added.code}).")


@unit.command()
@click.argument("text")
@click.argument("code")
@demo_option
def alias(text: str, code: str, demo: bool) -> None:
    """Ghi nhớ rằng TEXT là tên gọi khác của đơn vị hoặc nhóm CODE."""
    with open_app(demo):
        learnt = usecases.decide_name(text, code, person=None, now=runtime().clock.now())
    say(f"Từ nay “{text}” là {code}." if learnt else f"“{text}” đã là {code} từ trước.")


@unit.command("find")
@click.argument("text")
@click.option("--most", type=click.IntRange(1, 20), default=3, show_default=True, help="Nhiều nhất mấy gợi ý.")
@demo_option
@json_option
def find(text: str, most: int, demo: bool, as_json: bool) -> None:
    """Tìm đơn vị hoặc nhóm có tên gần với TEXT nhất, kèm điểm từ 0 đến 100."""
    with open_app(demo):
        found = suggest(text, units.directory(), most)
    if as_json:
        print_json([{"code": each.code, "name": each.name, "kind": each.kind, "score": each.score} for each in found])
        return
    for each in found:
        click.echo(f"{each.score:>3}  {each.code:32} {each.name}")


@unit.command()
@click.argument("code")
@click.option("--by-rule", "kinds", multiple=True, metavar="KIND", help="Đếm theo loại đơn vị; nêu được nhiều lần.")
@click.option("--level", "levels", multiple=True, help="Chỉ các cấp này.")
@click.option("--by-hand", "members", multiple=True, metavar="CODE", help="Đếm theo danh sách: từng đơn vị.")
@click.option("--open", "is_open", is_flag=True, help="Không đếm được: giữ làm chữ, không ai được nhắc.")
@click.option("--name", help="Lập nhóm mới với tên này.")
@demo_option
def group(
    code: str,
    kinds: tuple[str, ...],
    levels: tuple[str, ...],
    members: tuple[str, ...],
    is_open: bool,
    name: str | None,
    demo: bool,
) -> None:
    """Một nhóm gồm những ai: theo quy tắc, theo danh sách chọn tay, hoặc để ngỏ."""
    if sum((bool(kinds), bool(members), is_open)) != 1:
        raise click.UsageError("Hãy chọn đúng một cách đếm: --by-rule, --by-hand hoặc --open.")
    kind: GroupKind = "rule" if kinds else "list" if members else "open"
    rule = GroupRule(kinds, levels) if kinds else None
    with open_app(demo):
        now = runtime().clock.now()
        if name:
            usecases.create_group(Group(code, name, kind, rule, members), now=now)
        else:
            usecases.set_group(code, kind, rule=rule, members=members, now=now)
        counted = len(units.directory().expand(code))
    say(f"Nhóm {code} nay có {counted} đơn vị.")


unit.add_command(group_changes)
unit.add_command(give)
for event in EVENTS:
    unit.add_command(event)


def directory_json(directory: Directory) -> list[dict[str, Any]]:
    """Units, then groups with the codes of their members; a group's kind is `group`, its level None."""
    found: list[dict[str, Any]] = [
        {"code": each.code, "name": each.name, "kind": each.kind, "level": each.level, "members": []}
        for each in directory.units
    ]
    for group in directory.groups:
        members = list(directory.expand(group.code))
        found.append({"code": group.code, "name": group.name, "kind": "group", "level": None, "members": members})
    return found


def history_json(history: History) -> dict[str, Any]:
    """A unit's life as plain lists and texts."""

    def day(found: date | None) -> str | None:
        return found.isoformat() if found else None

    names = [
        {"from": day(each.starts_on), "to": day(each.ends_on), "name": each.name, "short_name": each.short_name}
        | {"parent": each.parent.code if each.parent else None}
        for each in history.names
    ]
    events = [
        {"id": each.id, "kind": each.kind.value, "on": each.on.isoformat(), "document": each.document}
        | {"document_date": day(each.document_date), "person": each.person_name}
        | {"units": [unit.code for unit in each.subjects], "heirs": [unit.code for unit in each.heirs]}
        for each in history.events
    ]
    bounds = {"starts_on": day(history.starts_on), "ends_on": day(history.ends_on)}
    return {"code": history.code, **bounds, "names": names, "events": events}
