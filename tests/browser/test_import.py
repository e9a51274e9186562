"""A plan brought in as a monitor does it: at the desk the annex again, on the phone a small plan of their own."""

from tests.support.browser import PHONE, assert_accessible
from tests.support.importing import SMALL
from tests.support.worlds import ANNEX


def test_the_annex_again_changes_nothing_in_the_demonstration(sign_in):
    desk = sign_in("monitor")
    desk.goto("/plans")
    desk.get_by_role("link", name="Nhập kế hoạch").click()
    desk.get_by_label("Tệp Word, Excel").set_input_files(ANNEX)
    desk.get_by_label("Nhập vào").select_option("1")
    desk.get_by_role("button", name="Đọc và xem trước").click()
    assert desk.locator(".preview-table tbody tr").count() == 25
    assert_accessible(desk)
    desk.get_by_role("button", name="Xem những gì sẽ thay đổi").click()
    assert "Không có gì thay đổi" in desk.get_by_role("status").inner_text()
    assert desk.get_by_role("button", name="Ghi ").count() == 0


def test_a_small_plan_comes_in_by_phone(sign_in):
    phone = sign_in("monitor", width=PHONE)
    phone.goto("/plans/import")
    phone.get_by_label("Hoặc dán văn bản").fill(SMALL)
    phone.get_by_label("Năm học").fill("2024-2025")
    phone.get_by_role("button", name="Đọc và xem trước").click()
    first = phone.locator("#row-0")
    assert "→ từ 01/08/2024, hạn 31/08/2024" in first.inner_text()
    first.get_by_role("link", name="Sửa").click()
    phone.get_by_label("Hoàn thành").fill("Ngày 05/9/2024")
    assert_accessible(phone)
    phone.get_by_role("button", name="Lưu và đọc lại dòng này").click()
    assert "→ hạn 05/09/2024" in first.inner_text()
    phone.get_by_role("link", name="Xem và quyết định các tên").click()
    phone.get_by_label("Công ty Môi trường đô thị", exact=True).select_option("new")
    assert_accessible(phone)
    phone.get_by_role("button", name="Lưu các lựa chọn").click()
    phone.get_by_role("button", name="Xem những gì sẽ thay đổi").click()
    phone.get_by_label("Tôi nhận cách hiểu").check()
    assert_accessible(phone)
    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    phone.get_by_role("button", name="Ghi 2 nhiệm vụ, 1 đơn vị").click()
    assert "Đã ghi: thêm 2" in phone.get_by_role("status").inner_text()
    assert_accessible(phone)
