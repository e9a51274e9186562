"""`tracker unit`: the directory."""

from typing import Any

import click

from tracker.cli.context import demo_option, json_option, open_app, print_json
from tracker.domain.units import Directory
from tracker.store import units


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
