"""Name, address, role, unit and telephone of a person are corrected, as the notice on personal data says."""

from datetime import date

import pytest

from tests.support.worlds import NOW
from tracker.domain.people import Role
from tracker.domain.share_people import Named
from tracker.store import acting, share_people
from tracker.store import people as stored
from tracker.store.database import transaction
from tracker.store.unit_events import open_shares

pytestmark = pytest.mark.one_database


@pytest.fixture
def lead(world, clients):
    with world.app_context():
        return stored.by_email("lead@example.org").person


def correct(client, person, **change: str):
    fields = {"name": person.name, "email": person.email, "role": person.role.value, "unit": person.unit_code}
    where = f"/admin/people/{person.id}"
    return client.submit(f"{where}/correct", page=where, **{**fields, **change})


def test_everything_of_an_account_can_be_corrected_and_the_history_tells_without_copies(world, clients, lead):
    with world.app_context(), transaction():
        share = open_shares([lead.unit_id], date(2024, 12, 16))[0].id
        share_people.replace(share, Named(frozenset({lead.id})), None, NOW)
    change = {"name": "Phạm Thị Chủ Trì", "email": "Chu.Tri@example.org", "role": "member", "unit": "phong-noi-vu"}
    assert correct(clients.admin, lead, **change, heir="0").status_code == 303
    with world.app_context():
        found = stored.by_email("chu.tri@example.org").person
        assert (found.id, found.name, found.role) == (lead.id, "Phạm Thị Chủ Trì", Role.MEMBER)
        assert found.unit_code == "phong-noi-vu"
        assert share_people.named([share]) == {}, "who leaves a unit is named for none of its shares"
    page = clients.admin.get(f"/history?person={lead.id}").text
    assert "Sửa thông tin tài khoản" in page
    assert "lead@example.org" not in page


def test_a_telephone_number_is_kept_by_oneself_or_the_administrator_and_dialled_by_who_oversees(clients, lead):
    refused = clients.lead.submit("/account/phone", page="/account", phone="gọi văn phòng")
    assert (refused.status_code, 'value="gọi văn phòng"' in refused.text) == (422, True)
    assert clients.lead.submit("/account/phone", page="/account", phone=" 0225  3629 215").status_code == 303
    dials = '<a class="text-nowrap" href="tel:02253629215">0225 3629 215</a>'
    for page in ("/", "/overdue", "/units/phong-tckh/people"):
        assert dials in clients.monitor.get(page).text, page
        assert "0225 3629 215" not in clients.partner.get(page).text, page
    assert "0225 3629 215" not in clients.admin.get(f"/history?person={lead.id}").text
    assert correct(clients.admin, lead, phone="").status_code == 303
    assert dials not in clients.monitor.get("/overdue").text


REFUSED = (
    ({"email": "office@example.org"}, "đã có tài khoản"),
    ({"email": "không phải thư"}, "không phải địa chỉ thư điện tử"),
    ({"name": " "}, "Hãy ghi họ tên"),
    ({"role": "king"}, "Hãy chọn một vai trò"),
    ({"unit": ""}, "cần một đơn vị"),
    ({"phone": "gọi văn phòng"}, "không phải số điện thoại"),
    ({"unit": "phong-phu-thuy"}, "Không có đơn vị với mã"),
)


@pytest.mark.parametrize(("change", "sentence"), REFUSED)
def test_what_makes_no_sense_is_refused_and_stays_in_the_form(world, clients, lead, change, sentence):
    answer = correct(clients.admin, lead, **change)
    assert answer.status_code == 422
    assert sentence in answer.text
    with world.app_context():
        assert stored.by_id(lead.id).person == lead


def test_nobody_gives_themselves_another_role(world, clients):
    with world.app_context():
        admin = stored.by_email("admin@example.org").person
    answer = correct(clients.admin, admin, role="leader", unit="")
    assert (answer.status_code, "Bạn không tự đổi vai trò" in answer.text) == (422, True)
    assert correct(clients.admin, admin, name="Trần Văn Quản Trị", unit="").status_code == 303


def test_the_last_of_a_unit_hands_its_work_over_before_moving_to_another(world, clients, lead):
    with world.app_context():
        partner = stored.by_email("partner@example.org").person
    asked = correct(clients.admin, lead, unit="phong-noi-vu", name="Phạm Mới")
    assert asked.status_code == 422
    assert "Đây là người cuối cùng của Phòng Tài chính - Kế hoạch" in asked.text
    assert "Chuyển từ Phòng Tài chính - Kế hoạch sang Phòng Nội vụ." in asked.text
    assert 'value="Phạm Mới"' in asked.text, "what was typed stays"
    assert correct(clients.admin, lead, unit="phong-noi-vu", heir="999999").status_code == 422
    assert correct(clients.admin, lead, name="Phạm Mới").status_code == 303, "a name alone leaves nothing behind"
    assert correct(clients.admin, lead, unit="phong-noi-vu", heir=str(partner.id)).status_code == 303
    with world.app_context():
        assert stored.by_email("lead@example.org").person.unit_code == "phong-noi-vu"
        assert [place.place.code for place in acting.of_person(partner.id)] == ["phong-tckh"]
