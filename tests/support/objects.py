"""One thing of each kind for the test of access: a unit's own, another's in a shared task, a stranger's, none."""

import io
import re
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from tests.support.importing import SMALL, begun, compared
from tests.support.office import tick_at
from tests.support.worlds import NOW, PASSWORD, Clients
from tracker.adapters.passwords import hash_password
from tracker.domain.amendments import AmendmentHead
from tracker.domain.people import Role
from tracker.store import people, units
from tracker.store.database import db, transaction
from tracker.store.tables import MilestoneRow, OutboxMessage, PlanRow, ShareRow, TaskRow
from tracker.usecases.amendments import TaskEdit, amend

UNIT, STRANGER = "phong-tckh", "phong-gddt"
MISSING = 999_999
LATER, SOONER = date(2025, 2, 1), date(2025, 1, 10)
Objects = dict[str, dict[str, object]]
# What is the same to everybody who may see it.
ALIKE: Objects = {key: {"any": 1} for key in ("document_id", "amendment_id", "period_id")}
ALIKE |= {"group": {"any": "cac-truong-hoc"}, "person_id": {"any": 5}, "rule": {"any": "overdue"}}
# The roles in the order of the columns of the table of access, by the names of the cast.
COLUMNS = ("visitor", "admin", "monitor", "leader", "lead", "member")
OTHERS = {"kind": "json", "secret": "x", "token": "x", "at": "0", "acting_id": "1", "signature": "x"}
# An address has `draft` beside `any` where drafts are seen by some alone.
OF_DRAFTS = ("drafts.", "plans.show", "periods.index", "plan_settings.show", "matrix.show", "list_files.")
PLACE = re.compile(r"<(?:any\((\w+)[^)]*\):\w+|(?:int:)?(\w+))>")


def add_member() -> None:
    """Somebody of the head's unit who is not its head."""
    with transaction():
        unit_id = units.ids_by_code()[UNIT]
        people.add("member@example.org", "Bùi Cán Bộ", Role.MEMBER, unit_id, hash_password(PASSWORD), "vi", NOW)


def make(world: Flask, clients: Clients) -> Objects:
    """Work, requests, files, drafts, mail and subscriptions; the ids by the name they have in addresses.

    Own and foreign are told from the unit UNIT, whose head and member ask; `any` is where that makes no difference.
    """
    with world.app_context():
        add_member()
        tasks, shares = _tasks(), _shares()
        milestones = {kind: _milestone(task_id) for kind, task_id in tasks.items()}
        amend(
            people.by_email("monitor@example.org").person,  # type: ignore[union-attr]
            1,
            AmendmentHead("1/QĐ", date(2024, 11, 5)),
            [TaskEdit(int(str(tasks["foreign"])), {"product": "Báo cáo"})],
            now=NOW,
        )
        assert tick_at(world, "2024-12-16T08:00").planned
        message = db.session.scalar(sa.select(sa.func.min(OutboxMessage.id)))
        db.session.remove()
    _work(clients, tasks, shares)
    _views(clients)
    return ALIKE | {
        "task_id": tasks,
        "share_id": shares,
        "milestone_id": milestones,
        "evidence_id": {"own": 1, "foreign": 2},
        "extension_id": {"own": 1, "foreign": 2},
        "checkpoint_id": {"own": 1, "foreign": 2},
        "acting_id": {},
        "code": {"own": UNIT, "foreign": STRANGER},
        "plan_id": {"any": 1, "draft": _draft_plan(world, clients)},
        "draft_id": {"any": _import(clients)},
        "message_id": {"any": message},
        "notice_id": {},
        "subscription_id": {"own": 1},
        "view_id": {"own": 1, "foreign": 2},
    }


def _tasks() -> dict[str, object]:
    found: dict[str, object] = {}
    mine = units.ids_by_code()[UNIT]
    query = sa.select(MilestoneRow.task_id, ShareRow.unit_id, ShareRow.part).join(
        MilestoneRow, MilestoneRow.id == ShareRow.milestone_id
    )
    by_task: dict[int, dict[int, str]] = {}
    for task_id, unit_id, part in db.session.execute(query.order_by(MilestoneRow.task_id)):
        by_task.setdefault(task_id, {})[unit_id] = part
    for task_id, parts in by_task.items():
        kind = {"lead": "own", "partner": "partner", None: "foreign"}[parts.get(mine)]
        found.setdefault(kind, task_id)
    return found


def _milestone(task_id: object) -> object:
    return db.session.scalar(sa.select(sa.func.min(MilestoneRow.id)).where(MilestoneRow.task_id == task_id))


def _shares() -> dict[str, object]:
    """A share of the unit; another unit's in a task in which it takes part; one in a task in which it does not."""
    unit_ids = units.ids_by_code()
    mine, watching = unit_ids[UNIT], unit_ids[STRANGER]
    rows = db.session.execute(
        sa.select(ShareRow.id, MilestoneRow.task_id, ShareRow.unit_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(MilestoneRow.due > LATER)
        .order_by(ShareRow.id)
    ).all()
    part_of = set(db.session.scalars(sa.select(MilestoneRow.task_id).join(ShareRow).where(ShareRow.unit_id == mine)))
    return {
        "own": next(row.id for row in rows if row.unit_id == mine),
        "partner": next(row.id for row in rows if row.unit_id not in (mine, watching) and row.task_id in part_of),
        "foreign": next(row.id for row in rows if row.unit_id == watching and row.task_id not in part_of),
    }


def _work(clients: Clients, tasks: dict[str, object], shares: dict[str, object]) -> None:
    """A file, a request for more time and a date of one's own, on a share of the unit and on a stranger's."""
    for who, which in (("lead", "own"), ("monitor", "foreign")):
        client, share = getattr(clients, who), shares[which]
        page = client.get(f"/shares/{share}/log").headers["Location"]
        file = (io.BytesIO(b"%PDF-1.4 x"), "Biên bản.pdf")
        done = [
            client.submit(f"/shares/{share}/log", page, result="Kèm tệp", evidence=file),
            client.submit(f"/shares/{share}/extension", page, wanted="2025-12-31", reason="Chờ kinh phí"),
            client.submit(f"/shares/{share}/checkpoints", page, day=SOONER.isoformat(), title="Dự thảo"),
        ]
        assert [each.status_code for each in done] == [303, 303, 303], which
    term = {"name": "Học kỳ I", "to_on": "2024-11-30"}
    assert clients.monitor.submit("/plans/1/periods", **term).status_code == 303
    assert clients.lead.submit("/feeds", scope="plan:1", name="Lịch", locale="vi").status_code in (200, 201, 303)


def _views(clients: Clients) -> None:
    """A filter that the head of the unit shares, and one that the monitor keeps for themselves."""
    for who, shared in (("lead", {"shared": "1"}), ("monitor", {})):
        typed = {"list": "plan", "name": "Quá hạn", "status": "overdue", **shared}
        assert getattr(clients, who).submit("/views", **typed).status_code == 303


def _draft_plan(world: Flask, clients: Clients) -> object:
    assert clients.monitor.submit("/plans/1/rollover", "/plans/1", to="2025-2026").status_code == 303
    with world.app_context():
        found = db.session.scalar(sa.select(PlanRow.id).where(PlanRow.state == "draft"))
        db.session.remove()
        return found


def _import(clients: Clients) -> str:
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2022-2023")
    compared(clients.monitor, draft)
    return draft.rpartition("/")[2]


def addresses(rule: Rule, made: Objects) -> Iterator[tuple[str, str]]:
    """The addresses of a route, one for each kind of thing it may be asked about (`-` where there is none)."""
    names = [found[2] for found in PLACE.finditer(rule.rule) if found[2]]
    name = next((each for each in names if each in made), None)
    if name is None:
        yield "-", _filled(rule, OTHERS)
        return
    things = made["group" if name == "code" and rule.endpoint.startswith("directory.") else name]
    things = {**things, "missing": "khong-co" if name in ("code", "rule") else MISSING}
    for thing, value in things.items():
        if thing != "draft" or rule.endpoint.startswith(OF_DRAFTS):
            yield thing, _filled(rule, {**OTHERS, name: str(value)})


def _filled(rule: Rule, values: dict[str, str]) -> str:
    return PLACE.sub(lambda found: found[1] or values[found[2]], rule.rule)
