"""The reminder rules that come with the program."""

import json
from pathlib import Path
from typing import Any

from tracker.adapters.seeds import SEEDS
from tracker.domain.reminder_rules import Audience, Event, Rule


def load_rules(path: Path = SEEDS / "reminder_rules.json") -> list[Rule]:
    """The rules kept in `path`, in their order; a row leaves out what a rule need not say."""
    return [_rule(row) for row in json.loads(path.read_text(encoding="utf-8"))]


def _rule(row: dict[str, Any]) -> Rule:
    told = {
        "event": Event(row["event"]),
        "to": frozenset(map(Audience, row["to"])),
        "except_kinds": frozenset(row.get("except_kinds", ())),
    }
    return Rule(**{**row, **told})
