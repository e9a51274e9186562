"""A unit's head gives shares to people on the pages, and everybody sees whose they are."""

import re

import pytest

from tests.support.unit_changes import TODAY, cast, cut, plan
from tests.support.worlds import NOW
from tracker.domain.people import Role
from tracker.store import people, units
from tracker.store.database import db, transaction
from tracker.store.facts import unit_lines


@pytest.fixture
def finance(world) -> tuple[list[int], int]:
    """The lead share of the finance office in task 7, then its others, and the id of its clerk."""
    with world.app_context():
        unit = units.ids_by_code()["phong-tckh"]
        with transaction():
            people.add("clerk@example.org", "Lương Thị Hạnh", Role.MEMBER, unit, "", "vi", NOW)
        lines = [line for line in unit_lines(plan(), unit, cut(TODAY)) if line.share.part == "lead"]
        lines.sort(key=lambda line: line.number != "7")
        found = [line.share.id for line in lines], cast("clerk").id
        db.session.remove()
    return found


def test_one_share_is_given_on_the_page_of_its_task_and_the_page_tells_whose_it_is(clients, finance):
    (share, *_), clerk = finance
    answer = clients.lead.submit(f"/shares/{share}/people", "/tasks/7", doer=[clerk])
    assert answer.status_code == 303
    page = clients.lead.get(answer.headers["Location"]).text
    assert "Đã giao 1 phần việc cho Lương Thị Hạnh." in page
    assert re.search(r"Người thực hiện:</b> Lương Thị Hạnh", page)
    assert "Lương Thị Hạnh" in clients.monitor.get("/tasks/7").text
    assert f'action="/shares/{share}/people"' not in clients.monitor.get("/tasks/7").text
    assert clients.lead.get(f"/shares/{share}/people").headers["Location"].endswith("/tasks/7")


def test_many_are_given_at_once_and_each_person_finds_their_own(clients, finance):
    shares, clerk = finance
    answer = clients.lead.submit("/my/people", "/my", share=shares, doer=clerk, part="lead")
    assert answer.status_code == 303
    page = clients.lead.get("/my").text
    assert "Việc của tôi (0)" in page
    assert "Chưa giao cho ai (0)" in page
    assert page.count("Người thực hiện: Lương Thị Hạnh") == len(shares)
    assert "Chưa có phần việc nào được giao cho bạn" in clients.lead.get("/my?who=me").text
    assert "Mọi phần việc đều đã giao" in clients.lead.get("/my?who=nobody").text
    head = re.search(r'name="doer" value="(\d+)"> Phạm Chủ Trì', page)[1]
    both = clients.lead.submit("/my/people", "/my", share=shares, doer=[clerk, head], part="lead")
    told = clients.lead.get(both.location).text
    assert "cho Lương Thị Hạnh, Phạm Chủ Trì." in told
    assert told.count("Người thực hiện: Lương Thị Hạnh, Phạm Chủ Trì") == len(shares)
    back = clients.lead.submit("/my/people", "/my", share=shares[:1])
    assert "việc chung của đơn vị" in clients.lead.get(back.headers["Location"]).text
    assert "Chưa giao cho ai (1)" in clients.lead.get("/my").text


def test_giving_many_to_others_leaves_who_stands_in_unless_that_is_chosen(clients, finance):
    shares, clerk = finance
    head = re.search(r'name="doer" value="(\d+)"> Phạm Chủ Trì', clients.lead.get("/my").text)[1]
    clients.lead.submit(f"/shares/{shares[0]}/people", "/tasks/7", doer=[clerk], stand_in=head)
    assert '<option value="keep">' in clients.lead.get("/my").text
    for chosen, left in (("keep", 1), ("", 0)):
        clients.lead.submit("/my/people", "/my", share=shares, doer=clerk, stand_in=chosen)
        assert clients.lead.get("/my").text.count("làm thay: Phạm Chủ Trì") == left


@pytest.mark.parametrize(
    ("fields", "says"),
    [({}, "ít nhất một phần việc"), ({"share": "x"}, "không hợp lệ"), ({"share": "1 OR 1"}, "không hợp lệ")],
)
def test_a_form_that_says_nothing_or_nonsense_is_answered_on_the_list(clients, finance, fields, says):
    answer = clients.lead.submit("/my/people", "/my", **fields)
    assert says in clients.lead.get(answer.headers["Location"]).text


def test_what_was_chosen_in_a_form_that_is_refused_stays_chosen(clients, finance):
    (share, other, *_), clerk = finance
    answer = clients.lead.submit("/my/people", "/my", share=[share], doer=[clerk], stand_in=clerk, part="lead")
    page = clients.lead.get(answer.location).text
    assert "không thể vừa thực hiện vừa làm thay" in page
    assert re.search(rf'name="share" value="{share}" checked', page)
    assert re.search(rf'name="doer" value="{clerk}" checked', page)
    assert re.search(rf'<option value="{clerk}" selected', page)
    assert not re.search(rf'name="share" value="{other}" checked', page)


def test_a_foreign_id_in_any_field_gives_nothing_away(clients, finance):
    (share, *_), clerk = finance
    assert clients.partner.submit("/my/people", "/my", share=share, doer=clerk).status_code == 404
    assert clients.monitor.submit("/my/people", "/my", share=share, doer=clerk).status_code == 403
    refused = clients.lead.submit(f"/shares/{share}/people", "/tasks/7", doer=[2, clerk])
    assert refused.status_code == 422
    assert "Chỉ giao được cho người của đơn vị" in refused.text
    assert re.search(rf'name="doer" value="{clerk}" checked', refused.text), "the form, with what was chosen"
    assert clients.lead.submit("/shares/99999/people", "/tasks/7", doer=[clerk]).status_code == 404
    assert clients.lead.get("/shares/99999/people").status_code == 404
    assert "Chưa giao cho ai (2)" in clients.lead.get("/my").text
