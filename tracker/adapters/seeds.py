"""The data that comes with the program, in `seeds/`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from tracker.domain.names import fold
from tracker.domain.units import Directory, Group, GroupRule, Unit

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def load_directory(path: Path = SEEDS / "units.json") -> Directory:
    """The directory of units and groups kept in `path`."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Directory(map(_unit, data["units"]), map(_group, data["groups"]))


def load_titles(folder: Path = SEEDS / "plans") -> frozenset[str]:
    """The titles, folded, of all tasks in the plans kept in `folder`."""
    plans = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    return frozenset(fold(task["title"]) for plan in plans for task in plan["tasks"])


def load_days_off(path: Path = SEEDS / "days_off.json") -> list[tuple[date, bool, str, str]]:
    """The days that differ from their weekday kept in `path`: (day, whether it is off, name, document)."""
    days = json.loads(path.read_text(encoding="utf-8"))["days"]
    return [(date.fromisoformat(row["day"]), row["off"], row["name"], row["document"]) for row in days]


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        level=row["level"],
        parent=row["parent"],
        aliases=tuple(row["aliases"]),
        starts_on=_day(row.get("starts_on")),
        ends_on=_day(row.get("ends_on")),
    )


def _group(row: dict[str, Any]) -> Group:
    rule = row["rule"] and GroupRule(tuple(row["rule"]["kinds"]), tuple(row["rule"]["levels"]))
    return Group(row["code"], row["name"], row["kind"], rule or None, tuple(row["members"]), tuple(row["aliases"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
