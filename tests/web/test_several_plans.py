"""Two plans in force: pages show the one of the day, the other can be chosen, and what it leaves open is told."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.support.queries import count_queries
from tests.support.runs import long
from tests.support.samples import read
from tests.support.unit_changes import cut
from tests.support.worlds import ANNEX, NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.summaries import tally
from tracker.store import people, plans
from tracker.store.database import db
from tracker.store.facts import milestone_lines, unit_lines
from tracker.usecases.imports import import_plan

PAGES = ("/", "/overdue", "/my", "/units", "/timeline", "/waiting", "/units/phong-tckh")
FORCE = {"number": "88/KH-UBND", "issued_on": "2024-12-16", "issuer": ""}


@pytest.fixture
def both(clients):
    """Next year's plan, put in force before its time, beside this year's; what pages said before."""
    before = {day: clients.monitor.get(f"/overdue?as_of={day}").text for day in ("2024-12-10", "2024-12-16")}
    assert clients.monitor.submit("/plans/1/rollover", "/plans/1", to="2025-2026").status_code == 303
    assert clients.monitor.submit("/plans/2/draft", do="accept_all").status_code == 303
    assert clients.monitor.submit("/plans/2/enforce", "/plans/2/draft", **FORCE).location == "/plans/2"
    return before


@pytest.fixture
def older(world, clients):
    """The plan of the year before, of which everything was left open."""
    with world.app_context():
        document = read(ANNEX.name)
        import_plan(
            replace(document, title="Kế hoạch cũ", school_year="2023-2024"),
            now=NOW,
            monitors=("phong-gddt",),
            accept_defaults=True,
        )
        db.session.remove()


def count(text: str) -> str:
    return re.search(r'class="count" role="status"[^>]*>([^<]+)<', text)[1]


def test_the_new_plan_does_not_hide_this_years_and_old_days_stay(clients, both):
    for day, before in both.items():
        assert count(clients.monitor.get(f"/overdue?as_of={day}").text) == count(before)
    assert count(clients.monitor.get("/overdue").text).startswith("15/42")
    assert count(clients.monitor.get("/overdue?plan=2").text).startswith("0/42")
    assert "năm học 2025-2026" in clients.monitor.get("/?as_of=2025-12-01").text


@pytest.mark.parametrize("pages", [PAGES[:2], pytest.param(PAGES, marks=pytest.mark.long)], ids=len)
def test_every_page_about_a_plan_lets_one_choose_it_and_keeps_the_rest(clients, both, pages):
    for page in pages:
        assert_chosen(clients, page)


def assert_chosen(clients, page):
    form = re.search(r'<form class="cut-off".*?</form>', clients.lead.get(f"{page}?part=lead&q=a&page=2").text, re.S)[0]
    assert [*re.findall(r'<option value="(\d*)"( selected)?', form)] == [("", ""), ("2", ""), ("1", "")]
    assert re.findall(r'type="hidden" name="(\w+)"', form) == ["part", "q"]
    chosen = clients.lead.get(f"{page}?plan=2&as_of=2024-12-10").text
    assert '<option value="2" selected>2025-2026 · 88/KH-UBND</option>' in chosen
    assert 'name="as_of" value="2024-12-10"' in chosen


def test_one_plan_alone_needs_no_choice_and_a_draft_only_those_who_may_read_it(clients):
    assert 'name="plan"' not in clients.monitor.get("/overdue").text
    clients.monitor.submit("/plans/1/rollover", "/plans/1", to="2025-2026")
    assert "2025-2026 (dự thảo)" in clients.monitor.get("/overdue").text
    assert 'name="plan"' not in clients.lead.get("/overdue").text


@pytest.mark.parametrize(
    ("who", "page", "open"),
    [
        ("monitor", "/", "còn 42 mốc chưa xong (15 quá hạn)"),
        long("leader", "/overdue", "còn 42 mốc chưa xong (15 quá hạn)"),
        long("lead", "/", "phần việc chưa xong ("),
        ("lead", "/my", "phần việc chưa xong ("),
    ],
)
def test_what_an_older_plan_leaves_open_is_told_with_the_way_there(clients, older, who, page, open):
    text = getattr(clients, who).get(page).text
    told = re.search(r'<p class="notice other-plan">.*?</p>', text, re.S)[0]
    assert "Kế hoạch năm học 2023-2024" in told
    assert open in re.sub(r"<[^>]+>", "", told)
    address = re.search(r'href="([^"]+)"', told)[1]
    assert address == f"{page}?plan=2"
    assert "Kế hoạch năm học 2024-2025" in getattr(clients, who).get(address).text


def test_two_plans_cost_the_same_questions_as_one(world, clients, older):
    with world.app_context():
        document = read(ANNEX.name)
        for plan_id in (1, 2):
            tasks = (replace(document.tasks[0], title=f"Việc khác {plan_id}"), *document.tasks[1:])
            year = ("2024-2025", "2023-2024")[plan_id - 1]
            head = AmendmentHead("1/QĐ", NOW.date())
            import_plan(
                replace(document, tasks=tasks, school_year=year),
                now=NOW,
                plan_id=plan_id,
                accept_defaults=True,
                amendment=head,
            )
        db.session.remove()
        engine = db.engine
    clients.monitor.get("/overdue")  # the first page of a day also notes that somebody was there and saw whom to call
    for page in PAGES:
        with count_queries(engine) as asked:
            assert clients.monitor.get(f"{page}?as_of=2024-12-10").status_code == 200
        assert len(asked) <= 10, page


@pytest.mark.parametrize("day", ["2024-12-16", long("2024-09-01"), long("2024-11-15")])
def test_what_is_told_of_another_plan_is_what_its_own_page_counts(world, clients, older, day):
    for who in ("monitor", "lead", "partner"):
        page = "/overdue" if who == "monitor" else "/my"
        told = re.search(
            r"còn (\d+) (?:mốc|phần việc) chưa xong \((\d+) quá hạn\)",
            re.sub(r"<[^>]+>", "", getattr(clients, who).get(f"{page}?as_of={day}").text),
        )
        with world.app_context():
            plan, then = plans.head(2), cut(date.fromisoformat(day))
            unit = people.by_email(f"{who}@example.org").person.unit_id
            lines = milestone_lines(plan, then) if page == "/overdue" else unit_lines(plan, unit, then)
            cells = tally((each.status if page == "/overdue" else each.share.status) for each in lines)
            db.session.remove()
        assert (int(told[1]), int(told[2])) == (cells.total - cells.done, cells.overdue)


def test_the_open_shares_of_a_unit_are_told_plan_by_plan(clients, older):
    path, form = "/units/phong-tckh/change", {"kind": "dissolve", "on": "2024-12-10", "document": "QĐ 7"}
    address = clients.admin.submit(path, f"{path}?kind=dissolve", **form).location
    page = clients.admin.get(address).text
    rows = re.findall(r'<tr class="group-row"><th[^>]*>([^<]+)</th></tr>|<td class="number"[^>]*>([^<]+)</td>', page)
    plans_told = [plan for plan, _number in rows if plan]
    assert len(plans_told) == 2
    assert plans_told[1] == "Kế hoạch cũ"
    numbers = [number for _plan, number in rows]
    assert numbers[1:5] == numbers[6:], "the same tasks under either plan"
    assert "nhiệm vụ số 7, Kế hoạch cũ" in page
