"""The demonstration: a believable half-year, by the rules of the house."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.worlds import Worlds, closing, make_app
from tracker.adapters.files import FileStore
from tracker.adapters.seeds import SEEDS
from tracker.clock import FrozenClock
from tracker.domain import access
from tracker.domain.calendar_days import day_end
from tracker.domain.confirming import answerers
from tracker.domain.people import Person
from tracker.domain.status import Cell
from tracker.domain.summaries import tally
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.domain.work import State
from tracker.store import people, plans, units
from tracker.store.confirming import confirming
from tracker.store.database import session
from tracker.store.facts import CutOff, milestone_lines, partner_counts
from tracker.store.tables import EvidenceRow, ProgressEntry
from tracker.store.unit_cells import unit_cells
from tracker.usecases import demonstration

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2024, 12, 16, 8, tzinfo=ZONE)
TODAY = AT.date()
SEED: dict[str, Any] = json.loads((SEEDS / "demonstration.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shown(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration of 16/12/2024, built once for each database and only read here."""
    folder, url = tmp_path_factory.mktemp("demo"), worlds.fresh("empty")
    with closing(make_app(url, folder, FrozenClock(AT))) as app, app.app_context():
        begun = perf_counter()
        demonstration.build(AT, files=shown_files(app), zone=ZONE)
        app.config["SECONDS"] = perf_counter() - begun
        yield app
    worlds.drop(url)


def shown_files(app: Flask) -> FileStore:
    found: FileStore = app.extensions["tracker"].files
    return found


def plan_now() -> PlanHead:
    plan = plans.running(TODAY)
    assert plan
    return plan


def lines(day: date = TODAY) -> list[MilestoneLine]:
    return milestone_lines(plan_now(), CutOff(day, day_end(day, ZONE), ZONE))


def test_it_is_built_in_a_few_seconds(shown: Flask) -> None:
    assert shown.config["SECONDS"] < 5


def test_every_cell_has_something_to_show(shown: Flask) -> None:
    found = tally(line.status for line in lines())
    assert found.cells() == {"done_on_time": 8, "done_late": 3, "in_time": 27, "overdue": 4, "no_date": 0}
    assert found.quiet >= 3


def test_there_is_one_of_each_thing_that_a_monitor_meets(shown: Flask) -> None:
    by_number = {line.number: line.status for line in lines() if line.ordinal == 1}
    assert (by_number["24"].state, by_number["24"].cell) == (State.SUBMITTED, Cell.IN_TIME)
    assert (by_number["7"].state, by_number["7"].cell) == (State.RETURNED, Cell.OVERDUE)
    assert by_number["5"].quiet
    # One of three leads is behind, and the milestone with it.
    assert [share.status.done for line in lines() if line.number == "17" for share in line.leads] == [True, True, False]
    cut = CutOff(TODAY, day_end(TODAY, ZONE), ZONE)
    counts = partner_counts(plan_now(), [line.id for line in lines()], cut)
    assert [counts[line.id] for line in lines() if line.number == "18"] == [(14, 24)]
    assert all(done <= of for done, of in counts.values())


def test_an_overdue_task_says_why(shown: Flask) -> None:
    overdue = {line.number for line in lines() if line.status.cell is Cell.OVERDUE}
    told = {row["task"] for row in SEED["log"] if row.get("difficulty") and row.get("cause")}
    assert overdue == {"7", "8", "17", "18"}
    assert overdue <= told


def test_every_line_was_written_by_someone_who_may_and_in_working_hours(shown: Flask) -> None:
    who: dict[str, Person] = {person.email: person for person in people.everyone()}
    unit_ids, monitors, off = units.ids_by_code(), plan_now().monitor_unit_ids, units.days_off()
    watchers = confirming(plan_now(), (), TODAY).watchers
    for row in SEED["log"]:
        person, unit_id, at = who[row["by"]], unit_ids[row["unit"]], datetime.fromisoformat(row["at"])
        own = row["action"] in ("progress", "submit")
        confirms = access.may_confirm(person, answerers(monitors, watchers, unit_id))
        allowed = access.may_log(person, unit_id) if own else confirms
        assert allowed, row
        assert not off.is_off(at.date()), row
        assert timedelta(hours=7, minutes=30) <= at - datetime.combine(at.date(), datetime.min.time()), row
        assert at.hour < 17, row
    moments = [row["at"] for row in SEED["log"]]
    assert moments == sorted(moments)
    assert moments[-1] < "2024-12-16T08:00"


def test_evidence_lies_in_the_file_store(shown: Flask) -> None:
    kept = session().scalars(sa.select(EvidenceRow)).all()
    assert len(kept) >= 7
    assert Counter(Path(each.name).suffix for each in kept).keys() == {".docx", ".txt"}
    store = shown_files(shown)
    assert all(each.size > 200 and store.path(each.sha256).stat().st_size == each.size for each in kept)


def test_the_accounts_of_the_cast_sign_in_with_the_public_password(shown: Flask) -> None:
    cast = {person.email.partition("@")[0]: person for person in people.everyone()}
    assert {name: cast[name].unit_name for name in ("monitor", "office", "lead", "partner")} == {
        "monitor": "Phòng Giáo dục và Đào tạo",
        "office": "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân quận",
        "lead": "Phòng Tài chính - Kế hoạch",
        "partner": "Trường Tiểu học Thành Tô",
    }
    assert {cast[name].role.value for name in ("admin", "leader")} == {"administrator", "leader"}
    names = [person.name for person in people.everyone()]
    assert len(set(names)) == len(names) > 50


def test_the_units_cells_are_the_tally_of_their_shares(shown: Flask) -> None:
    counted = unit_cells(plan_now(), CutOff(TODAY, day_end(TODAY, ZONE), ZONE))
    lead_statuses: dict[int, list[Any]] = {}
    for line in lines():
        for share in line.leads:
            lead_statuses.setdefault(share.unit.id, []).append(share.status)
    assert {each.unit.id: each.lead for each in counted if each.lead.total} == {
        unit_id: tally(statuses) for unit_id, statuses in lead_statuses.items()
    }
    counts = partner_counts(plan_now(), [line.id for line in lines()], CutOff(TODAY, day_end(TODAY, ZONE), ZONE))
    assert sum(each.partner.total for each in counted) == sum(owed for _, owed in counts.values())


def test_an_earlier_day_shows_what_was_recorded_by_then(app: Flask, tmp_path: Path) -> None:
    at = datetime(2024, 9, 10, 8, tzinfo=ZONE)
    with app.app_context():
        demonstration.build(at, files=FileStore(tmp_path), zone=ZONE)
        assert session().scalar(sa.select(sa.func.max(ProgressEntry.recorded_at)).select_from(ProgressEntry)) < at
        earlier = tally(line.status for line in lines(at.date()))
        assert (earlier.done_on_time, earlier.done_late, earlier.overdue) == (4, 0, 2)
