"""Group tasks by unit: the table, its counts, who has not reported, as of any day."""

import re
from datetime import date

import pytest

from tests.support.history import History
from tests.support.queries import count_queries
from tracker.domain.work import Action
from tracker.store.database import db

PAGE = "/plans/1/matrix"
REPORTED = re.compile(r"(\d+)/(\d+) đơn vị đã báo cáo")


@pytest.fixture
def reported(world):
    """The school of the cast has reported task 23, which the schools take part in, on 10/12/2024."""
    History(world).record("partner", "23", Action.SUBMIT, date(2024, 12, 10), result="Đã xong")


def counts(page: str) -> dict[str, tuple[int, int]]:
    """By task number, how many of how many units have reported."""
    rows = re.findall(r'<th scope="row" class="matrix-task"><span class="number">([\d.]+)\.</span>.*?</th>', page, re.S)
    found = re.findall(
        r'<th scope="row" class="matrix-task"><span class="number">[\d.]+\.</span>.*?(\d+)/(\d+) đơn vị', page, re.S
    )
    return dict(zip(rows, [(int(done), int(owed)) for done, owed in found], strict=True))


def test_rows_are_tasks_columns_are_units_and_who_is_missing_is_named(clients, reported):
    page = clients.monitor.get(PAGE).text
    told = counts(page)
    done, owed = told["23"]
    assert done == 1
    assert owed == 6
    row = page[page.index('<span class="number">23.</span>') :]
    row = row[: row.index("</tr>")]
    missing = row[row.index("Chưa báo cáo:") : row.index("</details>")]
    assert missing.count("<li>") == owed - 1
    assert "truong-th-thanh-to" not in missing
    assert row.count("<td>") == page[: page.index("</thead>")].count('<th scope="col">')
    assert "Chờ xác nhận" in row


def test_it_speaks_for_any_day_and_for_a_group_or_a_level(clients, reported):
    assert counts(clients.monitor.get(f"{PAGE}?as_of=2024-12-09").text)["23"][0] == 0
    primary = clients.monitor.get(f"{PAGE}?units=level:primary").text
    assert "Tiểu học Thành Tô" in primary or "TH Thành Tô" in primary
    assert counts(primary)["23"][0] == 1
    assert counts(primary)["23"][1] < counts(clients.monitor.get(PAGE).text)["23"][1]
    wards = clients.monitor.get(f"{PAGE}?units=ubnd-cac-phuong").text
    assert "Tràng Cát" in wards
    assert clients.monitor.get(f"{PAGE}?units=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("units", "column"),
    [("kind:department", "phong-tckh"), ("kind:steering-committee", None), ("all:", "truong-th-thanh-to")],
)
def test_departments_committees_and_all_together_stand_in_it_as_groups_do(clients, reported, units, column):
    page = clients.monitor.get(f"{PAGE}?units={units}").text
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert f'value="{units}" selected' in page
    assert column is None or f"/units/{column}" in head
    assert head.count('<th scope="col">') > 1
    assert counts(page)


def test_everybody_who_signs_in_sees_it_and_opens_only_their_own_tasks(clients):
    assert 'href="/tasks/23"' in clients.partner.get(PAGE).text
    wards = f"{PAGE}?units=ubnd-cac-phuong"
    assert 'href="/tasks/1"' in clients.monitor.get(wards).text
    assert 'href="/tasks/1"' not in clients.partner.get(wards).text
    assert clients.visitor.get(PAGE).status_code == 302
    assert clients.partner.get("/plans/99/matrix").status_code == 404


def test_the_list_says_how_many_have_reported_and_names_the_others(clients, reported):
    page = clients.monitor.get("/plans/1?q=23").text
    assert REPORTED.search(page)
    start = page.index("Chưa báo cáo:")
    assert "truong-th-thanh-to" not in page[start : page.index("</details>", start)]


def test_the_task_page_says_it_once_with_those_that_have_not_first(clients, reported):
    page = clients.monitor.get("/tasks/23").text
    assert len(re.findall(r"1/\d+ đơn vị phối hợp đã báo cáo", page)) == 1
    names = re.findall(r'<th scope="row"><a href="/units/([\w-]+)">', page)
    assert names.index("truong-th-thanh-to") == len(names) - 1
    share = re.search(r'href="(/tasks/23\?share=\d+)#share', page)[1]
    assert "Đã xong" in clients.monitor.get(share).text


def test_what_waits_for_the_reader_stands_before_their_own_share_that_waits_for_others(world, clients, reported):
    History(world).record("monitor", "23", Action.SUBMIT, date(2024, 12, 11), result="Đã báo")
    page = clients.monitor.get("/tasks/23").text
    cards = re.findall(r'<h3 id="share-title-\d+"><a href="/units/([\w-]+)"', page)
    assert cards == ["truong-th-thanh-to", "phong-gddt", "van-phong-hdnd-ubnd"]
    assert (
        re.findall(r'<h3 id="share-title-\d+"><a href="/units/([\w-]+)"', clients.partner.get("/tasks/23").text)[0]
        == "truong-th-thanh-to"
    )


def test_it_asks_few_questions(world, clients, reported):
    with world.app_context():
        engine = db.engine
    for path in (PAGE, f"{PAGE}?units=level:primary", f"{PAGE}?as_of=2024-09-01"):
        with count_queries(engine) as statements:
            assert clients.partner.get(path).status_code == 200
        assert len(statements) <= 10, path
