"""A draft of the new year through the front door."""

import re

import pytest

from tests.support.queries import count_queries
from tracker.store.database import db

DRAFT = "/plans/2/draft"


@pytest.fixture
def draft(clients) -> str:
    """Makes the draft of 2025-2026 from the plan's own page."""
    page = clients.monitor.get("/plans/1").text
    assert 'value="2025-2026"' in page
    answer = clients.monitor.submit("/plans/1/rollover", "/plans/1", to="2025-2026")
    assert answer.status_code == 303
    return answer.location


def test_a_draft_is_made_decided_and_put_in_force(clients, draft):
    page = clients.monitor.get(draft).text
    assert "Dự thảo: chưa có hiệu lực" in page
    assert "Ngày 05/9/2024" in page
    assert "Ngày 05/9/2025" in page
    assert " disabled>" in page
    first = re.search(r'name="decision-(\d+)"', page)[1]
    kept = clients.monitor.submit(
        DRAFT, **{f"decision-{first}": "edited", f"value-{first}": "Kế hoạch mới", "do": "save"}
    )
    assert kept.status_code == 303
    assert "Kế hoạch mới" in clients.monitor.get("/plans/2").text
    head = {"number": "88/KH-UBND", "issued_on": "2024-12-16", "issuer": ""}
    refused = clients.monitor.submit("/plans/2/enforce", DRAFT, **head)
    assert (refused.status_code, "đề xuất chưa quyết định" in refused.text) == (422, True)
    assert clients.monitor.submit(DRAFT, do="accept_all").status_code == 303
    assert clients.monitor.submit("/plans/2/enforce", DRAFT, **head).location == "/plans/2"
    assert "88/KH-UBND" in clients.partner.get("/plans/2").text
    assert clients.monitor.get(DRAFT).status_code == 404


@pytest.mark.parametrize(
    ("who", "seen", "decides"),
    [
        ("monitor", 200, True),
        ("admin", 200, True),
        ("leader", 200, False),
        ("lead", 404, False),
        ("partner", 404, False),
    ],
)
def test_leaders_read_a_draft_and_units_do_not_see_it(clients, draft, who, seen, decides):
    client = getattr(clients, who)
    for path in (DRAFT, "/plans/2"):
        assert client.get(path).status_code == seen
    assert ("Lưu quyết định" in client.get(DRAFT).text) == decides
    assert ("/plans/2" in client.get("/plans").text) == (seen == 200)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/plans").text)[1]
    sent = client.post(DRAFT, data={"csrf_token": token, "do": "accept_all"})
    assert sent.status_code == (303 if decides else 403 if seen == 200 else 404)


def test_a_draft_is_not_what_pages_open_with(clients, draft):
    assert "năm học 2025-2026" not in clients.leader.get("/").text.lower()
    assert clients.monitor.get("/overdue?plan=2").status_code == 200
    assert clients.partner.get("/overdue?plan=2").status_code == 404


@pytest.mark.parametrize(("to", "words"), [("2024-2025", "không sau năm học"), ("x", "không phải năm học")])
def test_a_year_that_cannot_be_gets_a_sentence(clients, to, words):
    answer = clients.monitor.submit("/plans/1/rollover", "/plans/1", to=to)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_wrong_decisions_get_a_sentence(clients, draft):
    answer = clients.monitor.submit(DRAFT, **{"decision-999": "accepted"})
    assert (answer.status_code, "Không có đề xuất này" in answer.text) == (422, True)
    head = {"number": "88/KH-UBND", "issued_on": "mai", "issuer": ""}
    assert (
        "Ô “Ngày ban hành”: “mai” không phải một ngày" in clients.monitor.submit("/plans/2/enforce", DRAFT, **head).text
    )


def test_the_draft_page_stays_within_its_queries(world, clients, draft):
    with world.app_context():
        engine = db.engine
    with count_queries(engine) as statements:
        clients.monitor.get(f"{DRAFT}?all=1")
    assert len(statements) <= 10


def test_a_draft_is_thrown_away_after_it_was_told_what_goes(clients, draft):
    assert 'href="/plans/2/discard"' in clients.monitor.get(DRAFT).text
    page = clients.monitor.get("/plans/2/discard").text
    assert "41 nhiệm vụ của dự thảo" in page
    assert "người quyết định" not in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    clients.office.submit(DRAFT, do="accept_all")
    late = clients.monitor.submit("/plans/2/discard", seen=seen)
    assert (late.status_code, "có người đã thay đổi dự thảo này" in late.text) == (409, True)
    assert "trong đó 21 đề xuất đã có người quyết định" in late.text
    seen = re.search(r'name="seen" value="([^"]+)"', late.text)[1]
    answer = clients.monitor.submit("/plans/2/discard", seen=seen)
    assert (answer.status_code, answer.location) == (303, "/plans")
    assert "Đã bỏ dự thảo" in clients.monitor.get("/plans").text
    for gone in (DRAFT, "/plans/2", "/plans/2/discard"):
        assert clients.monitor.get(gone).status_code == 404
    assert "có thể đã có người bỏ" in clients.office.submit(DRAFT, "/plans/1", do="accept_all").text
    assert clients.monitor.submit("/plans/1/rollover", "/plans/1", to="2025-2026").status_code == 303


def test_others_throw_no_draft_away(clients, draft):
    assert clients.admin.get("/plans/2/discard").status_code == 200
    for who, answer in (("leader", 403), ("lead", 404), ("partner", 404)):
        client = getattr(clients, who)
        assert client.get("/plans/2/discard").status_code == answer
        assert client.submit("/plans/2/discard", "/account", seen="").status_code == answer
        assert "/plans/2/discard" not in client.get(DRAFT).text
    assert clients.monitor.get("/plans/2").status_code == 200


def test_a_plan_in_force_has_no_page_to_throw_it_away(clients):
    assert clients.monitor.get("/plans/1/discard").status_code == 404
    assert clients.monitor.submit("/plans/1/discard", "/plans/1", seen="").status_code == 404
    assert clients.monitor.get("/plans/1").status_code == 200
