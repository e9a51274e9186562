"""Amendments through the front door: recorded task by task, listed, read side by side."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.queries import count_queries
from tests.support.runs import first_plain
from tests.support.samples import read
from tests.support.worlds import ANNEX, NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.plan_document import PlanDocument
from tracker.store.database import db, session
from tracker.store.tables import AmendmentRow, PlanChange, TaskRow
from tracker.usecases.imports import import_plan

FORM = "/plans/1/amend"
HEAD = {"decision": "123/QĐ-UBND", "issued_on": "2024-10-15", "issuer": "Ủy ban nhân dân quận", "note": ""}


def task_id(world, number: str) -> int:
    with world.app_context():
        found = session().scalar(sa.select(TaskRow.id).where(TaskRow.number == number))
        session().remove()
        return found


def cells(page: str) -> dict[str, str]:
    """What the form holds in its cells."""
    inputs = dict(re.findall(r'<input class="form-control"[^>]*name="(\w+)" value="([^"]*)"', page))
    areas = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', page))
    return {name: html.unescape(text) for name, text in {**inputs, **areas}.items()}


def submit(client, *where: str, **fields: str):
    """Sends a form as a browser does: what it leads to is opened, unless it was recorded."""
    answer = client.submit(*where, **fields)
    return client.get(answer.location) if "typed=" in (answer.location or "") else answer


def send(client, world, number: str, do: str = "record", **changed: str):
    wanted = task_id(world, number)
    page = f"{FORM}?way=change&task={wanted}"
    filled = {**cells(client.get(page).text), **HEAD, **changed}
    return submit(client, FORM, page, way="change", task=str(wanted), seen="0", do=do, **filled)


def test_a_due_date_is_moved_and_told_on_plan_task_and_decision(world, clients):
    preview = send(clients.monitor, world, "1", "preview", due="Tháng 12/2024")
    assert preview.status_code == 200
    assert "Xem trước, chưa ghi gì" in preview.text
    assert "31/12/2024" in preview.text
    with world.app_context():
        assert session().scalar(sa.select(sa.func.count()).select_from(PlanChange)) == 0
    answer = send(clients.monitor, world, "1", due="Tháng 12/2024")
    assert answer.status_code == 303
    plan = clients.partner.get("/plans/1").text
    assert "Điều chỉnh, bổ sung" in plan
    decision = re.search(r'href="(/amendments/\d+)"', plan)
    assert "Số 123/QĐ-UBND ngày 15/10/2024" in plan
    told = clients.leader.get(decision[1]).text
    assert re.search(r"31/08/2024</del>.*31/12/2024", told, re.DOTALL)
    task = clients.monitor.get(f"/tasks/{task_id(world, '1')}").text
    assert "Điều chỉnh, bổ sung" in task
    assert "hạn gốc 31/08/2024" in task


def test_a_dropped_task_keeps_its_page_with_the_reason(world, clients):
    wanted = task_id(world, "31")
    page = f"{FORM}?way=drop&task={wanted}"
    sent = {"way": "drop", "task": str(wanted), "seen": "0", "do": "record", **HEAD}
    assert "Hãy ghi lý do" in submit(clients.admin, FORM, page, reason=" ", **sent).text
    assert clients.admin.submit(FORM, page, reason="Chuyển về thành phố", **sent).status_code == 303
    assert "Chuyển về thành phố (theo điều chỉnh số 123/QĐ-UBND" in clients.monitor.get(f"/tasks/{wanted}").text
    assert "đã đưa ra" in clients.monitor.get("/plans/1?version=compare").text
    assert "Tiến độ" in clients.monitor.get(f"/tasks/{wanted}?as_of=2024-10-01").text


def test_a_task_is_added(world, clients):
    page = f"{FORM}?way=add"
    new = {"title": "Xây dựng quy chế phối hợp", "leads": "Phòng Nội vụ", "due": "Tháng 3/2025"}
    sent = {"way": "add", "do": "record", "number": "", "product": "", "partners": "", "start": "", "after": ""}
    assert clients.office.submit(FORM, page, **sent, **new, **HEAD).status_code == 303
    assert "Xây dựng quy chế phối hợp" in clients.lead.get("/plans/1").text
    assert "Xây dựng quy chế phối hợp" not in clients.lead.get("/plans/1?version=issued").text
    assert "Xây dựng quy chế phối hợp" not in clients.lead.get("/plans/1?as_of=2024-10-01").text


def test_an_open_question_waits_for_a_tick(world, clients):
    strange = {"leads": "Phòng Quản lý Vũ trụ"}
    refused = send(clients.monitor, world, "1", **strange)
    assert refused.status_code == 422
    assert "Chưa có đơn vị nào tên" in refused.text
    preview = send(clients.monitor, world, "1", "preview", **strange)
    assert 'name="accept_defaults"' in preview.text
    assert send(clients.monitor, world, "1", accept_defaults="1", **strange).status_code == 303


IMPOSSIBLE = (
    ({"decision": " "}, "Hãy ghi số của quyết định"),
    ({"issued_on": "hôm qua"}, "Ô “Ngày ban hành”: “hôm qua” không phải một ngày"),
    ({"issued_on": "2025-01-01"}, "sau hôm nay"),
    ({"due": "31/4/2025"}, "không có trong lịch"),
    ({"title": ""}, "Hãy ghi nội dung nhiệm vụ"),
    ({}, "không đổi gì"),
)


def test_what_cannot_be_recorded_is_said_and_what_was_typed_stays(world, clients):
    for changed, words in IMPOSSIBLE:
        answer = send(clients.monitor, world, "1", **changed)
        assert answer.status_code == 422
        assert words in answer.text
        assert cells(answer.text)["issuer"] == HEAD["issuer"]


@pytest.mark.parametrize(
    ("who", "status"),
    first_plain(
        [("monitor", 200), ("lead", 403), ("office", 200), ("admin", 200), ("leader", 403), ("partner", 403)], plain=2
    ),
)
def test_only_the_plans_monitors_and_administrators_amend(clients, who, status):
    client = getattr(clients, who)
    assert client.get(FORM).status_code == status
    assert ("Ghi điều chỉnh, bổ sung" in client.get("/plans/1").text) == (status == 200)
    if status == 403:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/plans/1").text)
        assert client.post(FORM, data={"csrf_token": token[1], "way": "add", **HEAD}).status_code == 403


def test_a_wrong_address_gets_a_sentence(clients):
    assert clients.monitor.get("/amendments/99").status_code == 404
    assert clients.monitor.get("/plans/99/amend").status_code == 404
    assert "Hãy chọn một nhiệm vụ" in clients.monitor.get(f"{FORM}?way=change&task=abc").text
    assert clients.monitor.submit(FORM, f"{FORM}?way=add", way="burn", **HEAD).status_code == 404


@pytest.mark.long
def test_pages_stay_within_their_queries_on_days_before_an_amendment(world, clients):
    send(clients.monitor, world, "1", due="Tháng 12/2024")
    send(clients.monitor, world, "2", leads="Phòng Nội vụ")
    clients.monitor.get("/")  # the first of a day also notes who looked
    paths = ["/", "/my", "/plans/1", "/overdue", "/timeline", "/units", "/units/phong-gddt"]
    paths = [f"{path}?as_of=2024-09-15" for path in paths]
    paths += ["/plans/1?version=issued", "/plans/1?version=compare", "/amendments/1", FORM]
    for path in paths:
        with world.app_context():
            engine = db.engine
        with count_queries(engine) as statements:
            assert clients.monitor.get(path).status_code == 200, path
        assert len(statements) <= 10, (path, len(statements), statements)


def test_back_after_recording_leads_on_and_before_it_shows_what_was_typed(world, clients):
    wanted = str(task_id(world, "1"))
    page = f"{FORM}?way=change&task={wanted}"
    filled = {**cells(clients.monitor.get(page).text), **HEAD, "due": "Tháng 12/2024"}
    sent = {"way": "change", "task": wanted, "seen": "0", **filled}
    address = clients.monitor.submit(FORM, page, do="preview", **sent).location
    for _again in range(2):
        preview = clients.monitor.get(address).text
        assert "Xem trước, chưa ghi gì" in preview
        assert cells(preview)["due"] == "Tháng 12/2024"
    typed = re.search(r'name="typed" value="(\d+)"', preview)[1]
    assert clients.monitor.submit(FORM, address, do="record", typed=typed, **sent).location == FORM
    assert clients.monitor.get(address).location == FORM
    assert "Điều chỉnh này đã được ghi rồi." in clients.monitor.get(FORM).text
    assert clients.admin.get(address).status_code == 404


def revised(*numbers_out: str, first: str = "") -> PlanDocument:
    """The plan without some tasks, with a new one in front, all numbered anew."""
    document = read(ANNEX.name)
    tasks = [task for task in document.tasks if task.number not in numbers_out]
    tasks = [replace(tasks[0], title=first), *tasks] if first else tasks
    return replace(document, tasks=tuple(replace(task, number=str(at)) for at, task in enumerate(tasks, start=1)))


def decided(world, document: PlanDocument, number: str, day: date) -> str:
    """Imports a revised plan under a decision; returns the address of what it replaced."""
    with world.app_context():
        head = AmendmentHead(number, day)
        import_plan(document, now=NOW, plan_id=1, accept_defaults=True, amendment=head)
        found = session().scalar(sa.select(AmendmentRow.id).where(AmendmentRow.number == number))
        session().remove()
    return f"/amendments/{found}"


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="task-\d+">([^:]+):', page)


def test_what_went_comes_first_and_rows_with_a_new_number_alone_are_told_apart(world, clients):
    address = decided(world, revised("1", first="Sơ kết công tác hè"), "1/QĐ", date(2024, 10, 15))
    page = clients.leader.get(address).text
    told = headings(page)
    assert told[:2] == ["Đưa ra khỏi kế hoạch", "Thêm nhiệm vụ"]
    again = decided(world, revised("2", first="Sơ kết công tác hè"), "2/QĐ", date(2024, 11, 20))
    page = clients.leader.get(again).text
    told = headings(page)
    assert told[:2] == ["Đưa ra khỏi kế hoạch", "Đưa trở lại kế hoạch"]
    assert "Đưa trở lại kế hoạch (1)" in page
    assert "ngày đưa ra" not in page
    assert "đưa trở lại kế hoạch; đã đưa ra ngày" in clients.admin.get("/history?q=Rà soát cơ sở vật chất").text


def test_changes_of_one_kind_are_looked_at_alone(world, clients):
    address = decided(world, revised(first="Sơ kết công tác hè"), "1/QĐ", date(2024, 10, 15))
    page = clients.leader.get(address).text
    assert "42 nhiệm vụ có thay đổi" in page
    alone = clients.leader.get(f"{address}?kind=renumbered").text
    assert set(headings(alone)) == {"Chỉ đổi số thứ tự"}
    assert headings(clients.leader.get(f"{address}?kind=added").text) == ["Thêm nhiệm vụ"]
    assert headings(clients.leader.get(f"{address}?kind=burnt").text) == headings(page)
    compared = clients.leader.get("/plans/1?version=compare&kind=added").text
    assert len(re.findall(r'<td data-label="Thay đổi">', compared)) == 1


def test_a_decision_tells_tasks_by_the_numbers_it_left_them(world, clients):
    send(clients.monitor, world, "25", title="Tổ chức hội thi")
    wanted = task_id(world, "25")
    page = f"{FORM}?way=change&task={wanted}"
    later = {"decision": "124/QĐ-UBND", "issued_on": "2024-11-01", "number": "24a"}
    filled = {**cells(clients.monitor.get(page).text), **later}
    submit(clients.monitor, FORM, page, way="change", task=str(wanted), seen="1", do="record", **filled)
    assert "25. Tổ chức hội thi" in clients.monitor.get("/amendments/1").text
    assert "24a. Tổ chức hội thi" in clients.monitor.get("/amendments/2").text


def test_a_decision_recorded_by_mistake_is_taken_back_by_its_page(world, clients):
    send(clients.monitor, world, "1", due="Tháng 12/2024")
    page = "/amendments/1"
    assert "Rút lại điều chỉnh" in clients.monitor.get(page).text
    assert "Rút lại điều chỉnh" not in clients.partner.get(page).text
    refused = clients.monitor.submit(f"{page}/withdraw", page=page, reason=" ")
    assert (refused.status_code, "Hãy ghi lý do rút lại" in refused.text) == (422, True)
    assert clients.monitor.submit(f"{page}/withdraw", page=page, reason="Ghi nhầm").status_code == 303
    told = clients.monitor.get(page).text
    assert "Đã rút lại ngày" in told
    assert "Nguyễn Theo Dõi" in told
    assert "Số 123/QĐ-UBND" not in clients.monitor.get("/plans/1").text
    assert "Đã rút lại:" in clients.monitor.get(FORM).text
    assert "Rút lại điều chỉnh, bổ sung" in clients.monitor.get("/history").text
    again = send(clients.monitor, world, "2", title="Rà soát trường lớp")
    assert again.status_code == 303, "the number of the decision is free again"
