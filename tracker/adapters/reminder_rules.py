"""The reminder rules that come with the program."""

import json
from pathlib import Path

from tracker.adapters.seeds import SEEDS
from tracker.domain.reminders import Rule


def load_rules(path: Path = SEEDS / "reminder_rules.json") -> list[tuple[Rule, str]]:
    """The rules kept in `path`, each with its name, in their order."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        (
            Rule(row["code"], row["days"], row["every"], frozenset(row["parts"]), frozenset(row["except_kinds"])),
            row["name"],
        )
        for row in rows
    ]
