"""Many milestones, many subscribers, and a crowd that polls."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from tests.support.worlds import NOW
from tracker.domain.feeds import Scope, ScopeKind
from tracker.store import feeds
from tracker.store.database import db, transaction
from tracker.store.tables import (
    AssignmentRow,
    MilestoneRow,
    PersonRow,
    ShareRow,
    SubscriptionRow,
    TaskRow,
    UnitRow,
)

TITLE = "Tổ chức kiểm tra công tác chuẩn bị năm học mới tại các trường trên địa bàn, nhiệm vụ thứ %d"


def add_milestones(count: int, plan_id: int = 1) -> None:
    """Tasks with one milestone each, led by one unit and shared by another, after those that the plan has."""
    with transaction() as session:
        units = session.scalars(sa.select(UnitRow.id).order_by(UnitRow.id)).all()
        first = (session.scalar(sa.select(sa.func.max(TaskRow.id))) or 0) + 1
        milestone = (session.scalar(sa.select(sa.func.max(MilestoneRow.id))) or 0) + 1
        tasks, milestones, leads, shares = [], [], [], []
        for n in range(count):
            lead, partner = units[n % len(units)], units[(n + 1) % len(units)]
            task = {"plan_id": plan_id, "position": 1000 + n, "number": f"T{n}", "title": TITLE % n, "extra": []}
            tasks.append(task | {"id": first + n, "partners_as_written": "Các trường học"})
            due = NOW.date() + timedelta(days=n % 300)
            dates = {"original_due": due, "due": due, "due_as_written": f"{due:%d/%m/%Y}", "kind": "date"}
            milestones.append(
                dates | {"id": milestone + n, "task_id": first + n, "position": 1, "changed_at": NOW, "start": None}
            )
            whom = {"task_id": first + n, "part": "lead", "position": 1, "kind": "unit", "unit_id": lead}
            leads.append(whom | {"text": f"Đơn vị {lead}", "name": f"Đơn vị {lead}"})
            shares += [{"milestone_id": milestone + n, "unit_id": lead, "part": "lead"}]
            shares += [{"milestone_id": milestone + n, "unit_id": partner, "part": "partner"}] * (lead != partner)
        for table, rows in ((TaskRow, tasks), (MilestoneRow, milestones), (AssignmentRow, leads), (ShareRow, shares)):
            session.execute(sa.insert(table), rows)


def token(number: int) -> str:
    """The token of the subscriber with that number."""
    return f"{number:043d}"


def add_subscribers(count: int) -> None:
    """People of every unit, each with five calendars: the plan, the unit in both ways, their own work, a level."""
    with transaction() as session:
        units = session.scalars(sa.select(UnitRow.id).order_by(UnitRow.id)).all()
        first = (session.scalar(sa.select(sa.func.max(PersonRow.id))) or 0) + 1
        people: list[dict[str, Any]] = [
            {"id": first + n, "email": f"s{n}@example.org", "name": f"Người {n}", "role": "member"}
            | {"unit_id": units[n % len(units)], "created_at": NOW, "active": True, "locale": "vi"}
            for n in range(count // 5)
        ]
        session.execute(sa.insert(PersonRow), people)
        rows: list[dict[str, Any]] = [
            {"person_id": each["id"], "name": f"Lịch {n}", "scope": scope.key, "locale": ("vi", "en")[n % 2]}
            | {"token_sha256": sha256(token(5 * at + n).encode()).hexdigest(), "created_at": NOW, "options": {}}
            for at, each in enumerate(people)
            for n, scope in enumerate(_scopes(each["id"], each["unit_id"]))
        ]
        feeds.open_scopes({row["scope"] for row in rows}, NOW)
        session.execute(sa.insert(SubscriptionRow), rows)
    db.session.remove()


def _scopes(person_id: int, unit_id: int) -> Sequence[Scope]:
    own = [Scope(kind, unit_id) for kind in (ScopeKind.UNIT, ScopeKind.UNIT_LEAD)]
    return (Scope(ScopeKind.PLAN, 1), *own, Scope(ScopeKind.PERSON, person_id), Scope(ScopeKind.LEVEL, 2))


@dataclass(frozen=True, slots=True)
class Polled:
    """One answer: its status and how many seconds it took from the connection to the last octet."""

    status: int
    seconds: float


async def poll(port: int, numbers: Iterable[int], within: float) -> list[Polled]:
    """Each of the subscribers asks once, evenly spread over `within` seconds; every second has the feed already."""
    begun, numbers = time.monotonic(), list(numbers)

    async def ask(place: int, number: int) -> Polled:
        await asyncio.sleep(max(0.0, begun + within * place / len(numbers) - time.monotonic()))
        started = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        known = "If-None-Match: *\r\n" if number % 2 else ""
        head = f"GET /feeds/{token(number)}.ics HTTP/1.1\r\nHost: x\r\n{known}Connection: close\r\n\r\n"
        writer.write(head.encode())
        answer = await reader.read()
        writer.close()
        return Polled(int(answer.split(b" ", 2)[1]), time.monotonic() - started)

    return await asyncio.gather(*(ask(place, number) for place, number in enumerate(numbers)))


def slowest(polled: Sequence[Polled], share: float) -> float:
    """The seconds within which that share of the answers came."""
    return sorted(each.seconds for each in polled)[int(share * (len(polled) - 1))]
