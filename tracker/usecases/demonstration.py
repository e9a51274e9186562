"""The demonstration: the real plan with a believable half-year of work on it, up to a moment."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from tracker.adapters.documents.plan_json import read_plan_json
from tracker.adapters.files import FileStore, Upload
from tracker.adapters.office_files import docx
from tracker.adapters.passwords import DEMO_PASSWORD, hash_password
from tracker.adapters.seeds import SEEDS, load_directory
from tracker.domain.people import Role
from tracker.domain.units import Directory, Unit
from tracker.domain.work import Action, Entry, Standing, after, check_entry
from tracker.store import demonstration as store
from tracker.store import people, units
from tracker.store.database import transaction
from tracker.store.feeds import set_calendar_host, touch_milestones
from tracker.usecases.imports import import_plan
from tracker.usecases.setup import prepare

TEXTS = ("result", "difficulty", "cause", "proposal", "reason")
CALENDAR_HOST = "demonstration.tracker.invalid"


NOTHING_YET = Standing()


@dataclass(slots=True)
class _Share:
    """A share while its log is written."""

    id: int
    milestone_id: int
    standing: Standing = NOTHING_YET
    version: int = 0


def build(now: datetime, *, files: FileStore, zone: tzinfo) -> None:
    """Fill an empty, migrated database with the demonstration as it stands at `now` (aware); `zone` reads its times.

    What happened later is left out, so that an earlier `now` shows an earlier state. Raises the same errors as the use
    cases where the seeds break a rule.
    """
    seeds = json.loads((SEEDS / "demonstration.json").read_text(encoding="utf-8"))
    begun = _moment(seeds["imported_at"], zone)
    prepare(begun)
    with transaction():
        units.add_directory(load_directory())
        units.add_directory(Directory([_unit(row) for row in seeds["added_units"]]))
        set_calendar_host(CALENDAR_HOST)
    text = (SEEDS / "plans" / seeds["plan"]).read_text(encoding="utf-8")
    document = read_plan_json(text, units.directory())
    result = import_plan(document, now=begun, monitors=seeds["monitors"], accept_defaults=True, zone=zone)
    assert result.plan_id is not None
    with transaction():
        person_ids = _add_people(seeds["people"], begun)
        rows = [row for row in seeds["log"] if _moment(row["at"], zone) <= now]
        _write_log(result.plan_id, rows, person_ids, files, zone)


def _moment(text: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(**{**row, "aliases": tuple(row["aliases"])})


def _add_people(rows: Iterable[dict[str, Any]], now: datetime) -> dict[str, int]:
    """Ids by address; everybody has the one public password."""
    secret, unit_ids = hash_password(DEMO_PASSWORD), units.ids_by_code()
    return {
        row["email"]: people.add(
            row["email"],
            row["name"],
            Role(row["role"]),
            unit_ids[row["unit"]] if row["unit"] else None,
            secret,
            "vi",
            now,
            row.get("phone", ""),
        )
        for row in rows
    }


def _write_log(
    plan_id: int, rows: Iterable[dict[str, Any]], person_ids: dict[str, int], files: FileStore, zone: tzinfo
) -> None:
    shares = {key: _Share(*ids) for key, ids in store.shares(plan_id).items()}
    lines, last_change = [], {}
    for row in rows:
        share = shares[row["task"], row.get("milestone", 1), row["unit"]]
        line = _line(row, share, person_ids[row["by"]], files, zone)
        lines.append(line)
        last_change[share.milestone_id] = line.at
    store.add_log(lines)
    for milestone_id, at in last_change.items():
        touch_milestones([milestone_id], at)


def _line(row: dict[str, Any], share: _Share, person_id: int, files: FileStore, zone: tzinfo) -> store.Line:
    entry = Entry(Action(row["action"]), row.get("percent"), **{name: row.get(name, "") for name in TEXTS})
    check_entry(entry)
    share.standing = after(share.standing, entry)
    share.version += 1
    kept = [files.keep(_upload(file)) for file in row.get("files", ())]
    evidence = [(file.name, file.media_type, file.size, file.sha256) for file in kept]
    at = _moment(row["at"], zone)
    return store.Line(
        share.id, share.version, person_id, at, entry, share.standing.state, share.standing.percent, evidence
    )


def _upload(file: dict[str, Any]) -> Upload:
    lines: list[str] = file["lines"]
    data = docx(lines) if file["name"].endswith(".docx") else ("\n".join(lines) + "\n").encode("utf-8")
    return Upload(file["name"], data)
