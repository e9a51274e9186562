"""Every page that a person opens asks the database ten questions at most, also where much has happened."""

import io
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from tests.support.history import History
from tests.support.importing import SMALL, begun, compared, confirmed
from tests.support.objects import PLACE
from tests.support.office import tick_at
from tests.support.queries import count_queries
from tests.support.samples import read
from tests.support.unit_changes import MERGE, ON, TODAY, cut, happen, plan
from tests.support.worlds import ANNEX, NOW, Clients, closing, make_app
from tracker.clock import FrozenClock
from tracker.domain.amendments import AmendmentHead
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.work import Action
from tracker.store import units
from tracker.store.database import db
from tracker.store.facts import unit_lines
from tracker.store.tables import DocumentRow, EvidenceRow, OutboxMessage, PlanRow
from tracker.usecases.imports import import_plan

CEILING = 10
# Blueprints without pages, or whose addresses hold a secret of their own.
NO_PAGES = ("", "bootstrap", "health", "account_links", "unsubscribe")
LOG_LINES = 30
EACH_ROLE = ("monitor", "lead", "leader", "admin")
EVERYBODY = ("monitor", "office", "lead", "partner", "leader", "admin")
PAST = ("", "?as_of=2024-09-01", "?as_of=2024-12-01")
MORE = {
    "overview.index": PAST,
    "work.mine": PAST,
    "plans.show": (*PAST, "?version=issued", "?version=compare", "?unit=phong-gddt&part=any&level=primary&sort=late"),
    "search.index": ("", "?q=truong", "?q=truong&kind=units", "?q=kinh+phi"),
    "list_files.search": ("?q=truong",),
    "overdue.index": PAST,
    "timeline.index": PAST,
    "calendar.index": (*PAST, "?view=agenda&unit=phong-tckh&part=partner&status=overdue&as_of=2024-12-01"),
    "units.index": PAST,
    "units.show": PAST,
    "amendments.form": ("", "?way=change&task=7", "?way=add", "?way=drop&task=7"),
    "unit_changes.ask": ("", "?kind=merge", "?kind=rename"),
    "periods.show": ("", "?check=1"),
    "import_names.show": ("?text=Phòng Tài chánh Kế hoạch",),
}
MORE["reminder_rules.new"] = MORE["reminder_rules.show"] = ("", "?event=due&days=10&to=doers&active=1")
OTHER = {"directory.group": {"code": "cac-truong-hoc"}, "import_difference.report": {"draft_id": 2}}
TASKS = (7, 23, 35)  # with the long log; with seventeen shares; with three


@pytest.fixture(scope="module")
def world(worlds, tmp_path_factory):
    """One world for all questions, which change nothing in it."""
    with closing(make_app(worlds.fresh("world"), tmp_path_factory.mktemp("ceiling"), FrozenClock(NOW))) as app:
        yield app


@pytest.fixture(scope="module")
def eventful(world):
    """The world after a long log with evidence, a decision on every task, a rename, a merger, a closed term, mail."""
    history, clients = History(world), Clients(world)
    for day in range(LOG_LINES):
        history.record(
            "lead", "7", Action.PROGRESS, date(2024, 8, 6) + timedelta(day), percent=day, result=f"Lần {day}"
        )
    with world.app_context():
        unit_id = units.ids_by_code()["phong-tckh"]
        share = next(each for each in unit_lines(plan(), unit_id, cut(TODAY)) if each.number == "7").share.id
        db.session.remove()
    file = (io.BytesIO(b"%PDF-1.4 x"), "Biên bản.pdf")
    assert clients.lead.submit(f"/shares/{share}/log", "/tasks/7", result="Kèm tệp", evidence=file).status_code == 303
    asked_for = {"wanted": "2025-03-01", "reason": "Chờ dự toán"}
    assert clients.lead.submit(f"/shares/{share}/extension", "/tasks/7", **asked_for).status_code == 303
    for school_year in ("2022-2023", "2023-2024"):
        draft = begun(clients.admin, SMALL.encode(), "nho.csv", school_year=school_year)
        compared(clients.admin, draft)
    assert confirmed(clients.admin, draft, accept_defaults="1").status_code == 303
    with world.app_context():
        import_plan(
            later(), now=NOW, plan_id=1, accept_defaults=True, amendment=AmendmentHead("1/QĐ", date(2024, 11, 5))
        )
        happen(Change(EventKind.RENAME, ON, "QĐ 1", ("truong-th-thanh-to",), name="Trường Tiểu học Số Một"))
        happen(MERGE)
        assert tick_at(world, "2024-12-16T08:00").planned
    view = {"list": "plan", "name": "Quá hạn", "status": "overdue", "shared": "1"}
    assert clients.monitor.submit("/views", **view).status_code == 303
    term = {"name": "Học kỳ I", "to_on": "2024-11-30"}
    assert clients.monitor.submit("/plans/1/periods", **term).status_code == 303
    assert clients.monitor.submit("/plans/1/rollover", "/plans/1", to="2025-2026").status_code == 303
    for who in EVERYBODY:  # the first look of a day at whom to call is noted, and the first after a write reads anew
        assert getattr(clients, who).get("/").status_code == 200
    return clients


def later():
    """The plan with every date a week later, by which every task is changed."""
    document = read(ANNEX.name)

    def moved(each):
        return replace(each, due=each.due and each.due + timedelta(7), due_as_written=f"{each.due_as_written} (lùi)")

    tasks = [replace(task, milestones=tuple(moved(each) for each in task.milestones)) for task in document.tasks]
    return replace(document, tasks=tuple(tasks))


def addresses(world) -> dict[str, str]:
    """Every page that can be opened, by address, with its endpoint."""
    with world.app_context():
        first = {table: db.session.scalar(sa.select(sa.func.min(table.id))) for table in (DocumentRow, EvidenceRow)}
        message = db.session.scalar(sa.select(sa.func.min(OutboxMessage.id)))
        draft = db.session.scalar(sa.select(PlanRow.id).where(PlanRow.state == "draft"))
        db.session.remove()
    ids = {
        "task_id": 7,
        "milestone_id": 7,
        "person_id": 2,
        "message_id": message,
        "code": "phong-tckh",
        "rule": "overdue",
    }
    ids |= dict.fromkeys(("extension_id", "share_id", "amendment_id", "draft_id", "period_id", "view_id"), 1)
    ids |= {
        "document_id": first[DocumentRow],
        "evidence_id": first[EvidenceRow],
        "kind": "json",
    }

    def value(rule: Rule, name: str) -> str:
        if name == "plan_id":
            return str(draft if rule.endpoint.startswith("drafts.") else 1)
        if rule.endpoint in OTHER:
            return str(OTHER[rule.endpoint].get(name, ids[name]))
        return str(ids[name])

    rules = [rule for rule in world.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {
        PLACE.sub(lambda name, rule=rule: name[1] or value(rule, name[2]), rule.rule) + more: rule.endpoint
        for rule in rules
        if rule.endpoint.rpartition(".")[0] not in NO_PAGES
        for more in MORE.get(rule.endpoint, ("",))
    }


def asked(world, client, path: str) -> tuple[int, int]:
    """The answer's code, and how many questions it took."""
    with world.app_context():
        engine = db.engine
    with count_queries(engine) as statements, client.get(path) as answer:
        code = answer.status_code
    return code, len(statements)


@pytest.mark.usefixtures("written_anew")
def test_no_page_asks_more_than_ten_questions(world, eventful, monkeypatch, request):
    # What rules would send is found without the database, and takes long.
    monkeypatch.setattr("tracker.usecases.reminder_rules.would_send", lambda *_: [])
    everybody = request.config.getoption("--long")
    opened, dear = set(), {}
    pages = addresses(world)
    for (path, endpoint), who in product(pages.items(), EVERYBODY if everybody else EACH_ROLE):
        if everybody or path not in opened:  # in the plain run by the first who may
            code, questions = asked(world, getattr(eventful, who), path)
            opened |= {path, endpoint} if code in (200, 302) else set()
            if questions > CEILING:
                dear[who, path] = questions
    assert dear == {}
    assert [endpoint for endpoint in pages.values() if endpoint not in opened] == []


@pytest.mark.long
def test_a_task_costs_the_same_for_everybody_on_any_day_and_with_any_number_of_shares(world, eventful):
    seen = {}
    for who, task, day in product(EVERYBODY, TASKS, PAST):
        code, questions = asked(world, getattr(eventful, who), f"/tasks/{task}{day}")
        if code == 200:
            seen[who, task, day] = questions
    assert {task for who, task, _ in seen if who == "partner"} == {23, 35}, "a partner opens its own tasks alone"
    assert {who for who, _, _ in seen} == set(EVERYBODY)
    assert len(set(seen.values())) == 1
    assert max(seen.values()) <= CEILING
