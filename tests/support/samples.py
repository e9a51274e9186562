"""The real plans kept in tests/data, read once, and what a person read in them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tracker.adapters.documents import read_plan
from tracker.adapters.seeds import load_directory
from tracker.domain.plan_document import Party, PlanDocument, ReadTask
from tracker.domain.units import Directory

DATA = Path(__file__).resolve().parents[1] / "data"
ANNEX = "hai-an-2024-2025.annex.txt"
WHOLE_PLAN = "hai-an-plan-2024-2025.txt"


@cache
def directory() -> Directory:
    """The directory that comes with the program."""
    return load_directory()


@cache
def read(name: str, known: bool = True) -> PlanDocument:
    """A file of tests/data as read; with `known` off by a program that knows no unit."""
    return read_plan((DATA / name).read_bytes(), name, directory() if known else Directory())


@cache
def by_hand(name: str) -> list[dict[str, Any]]:
    """The rows of a plan as a person read them."""
    data = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data["tasks"] if isinstance(data, dict) else data


def as_by_hand(task: ReadTask) -> dict[str, Any]:
    """A task in the shape of the rows read by hand."""
    return {
        "number": int(task.number),
        "title": task.title,
        "leads_as_written": task.leads_as_written,
        "partners_as_written": task.partners_as_written,
        "leads": [_named(party) for party in task.leads],
        "partners": [_named(party) for party in task.partners],
        "start_as_written": task.milestones[0].start_as_written,
        "end_as_written": task.milestones[0].due_as_written,
        "milestones": [{"start": str(each.start), "due": str(each.due)} for each in task.milestones],
    }


def _named(party: Party) -> str:
    return party.name if party.kind == "unit" else f"@{party.name}"
