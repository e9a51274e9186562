"""The search: everything of the plan by any spelling, nothing that one may not see, and no stale word."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.history import History
from tests.support.objects import add_member
from tests.support.queries import count_queries
from tests.support.unit_changes import MERGE, ON, happen
from tests.support.worlds import NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.names import bare
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.work import Action
from tracker.store import people
from tracker.store.database import db, transaction
from tracker.store.search_texts import NOTED
from tracker.store.tables import SearchStale, SearchText, TaskRow, UnitAlias, UnitRow
from tracker.usecases.amendments import TaskEdit, amend


def counts(client, q: str) -> dict[str, int]:
    """How much of each kind the page says it found."""
    page = client.get("/search", query_string={"q": q}).text
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.S)
    return {name: int(n) for name, n in re.findall(r">([^<(]+) \((\d+)\)</a>", tabs[0])} if tabs else {}


@pytest.fixture
def logged(world):
    """The finance office wrote of a lack of money, the education office of floods."""
    history = History(world)
    history.record(
        "lead", "7", Action.PROGRESS, date(2024, 9, 6), percent=60, result="Đã họp", difficulty="Thiếu kinh phí mua sắm"
    )
    history.record("monitor", "1", Action.PROGRESS, date(2024, 9, 6), percent=10, difficulty="Mưa lũ kéo dài")


def test_every_title_is_found_without_marks(world, clients):
    with world.app_context():
        titles = db.session.scalars(sa.select(TaskRow.title).order_by(TaskRow.id).limit(12)).all()
        db.session.remove()
    for title in titles:
        words = " ".join(re.findall(r"\w+", bare(title))[:7])
        assert counts(clients.partner, words).get("Nhiệm vụ", 0) >= 1, words


@pytest.mark.parametrize("q", ["dang hai", "ĐẰNG HẢI", "đằng hải", "hai  dang", '"dang hai"'])
def test_a_unit_is_found_as_people_type_it_and_the_words_are_marked(clients, q):
    page = clients.monitor.get("/search", query_string={"q": q, "kind": "units"}).text
    assert "<mark>Đằng</mark> <mark>Hải</mark>" in page
    assert 'aria-current="page">Đơn vị (' in page


@pytest.mark.both_databases
def test_each_reads_the_logs_that_the_pages_show_them(clients, logged):
    assert counts(clients.lead, "kinh phi mua sam") == {"Tất cả": 1, "Nhật ký tiến độ": 1}
    for who in ("monitor", "office", "leader", "admin"):
        assert counts(getattr(clients, who), "kinh phi mua sam").get("Nhật ký tiến độ") == 1, who
    assert counts(clients.partner, "kinh phi mua sam") == {}
    assert counts(clients.lead, "mua lu") == {}
    page = clients.lead.get("/search?q=kinh+phi").text
    assert "Thiếu <mark>kinh</mark> <mark>phí</mark> mua sắm" in page


def test_a_log_within_its_unit_is_found_by_its_own_people_alone(world, clients):
    with world.app_context(), transaction() as session:
        session.execute(sa.update(UnitRow).where(UnitRow.code == "phong-tckh").values(head_approves=True))
    with world.app_context():
        add_member()
    History(world).record("member", "7", Action.SUBMIT, date(2024, 9, 6), result="Số liệu nháp")
    assert counts(clients.lead, "so lieu nhap").get("Nhật ký tiến độ") == 1
    assert counts(clients.monitor, "so lieu nhap") == {}


@pytest.mark.both_databases
def test_a_log_that_was_handed_over_is_the_heirs_to_find(world, clients, logged):
    with world.app_context():
        happen(MERGE)
    assert counts(clients.lead, "kinh phi mua sam").get("Nhật ký tiến độ") == 1
    assert counts(clients.lead, "mua lu").get("Nhật ký tiến độ") == 1
    assert counts(clients.partner, "kinh phi mua sam") == {}


def test_a_unit_is_found_by_its_former_name(world, clients):
    with world.app_context():
        happen(Change(EventKind.RENAME, ON, "QĐ 1", ("truong-th-thanh-to",), name="Trường Tiểu học Số Một"))
    page = clients.monitor.get("/search?q=thanh+to&kind=units").text
    assert "Trường Tiểu học Số Một" in page
    assert "Trường Tiểu học <mark>Thành</mark> <mark>Tô</mark>" in page


def test_whoever_takes_no_part_finds_the_title_and_opens_nothing(clients):
    page = clients.partner.get("/search?q=phổ+cập&kind=tasks").text
    titles = re.findall(r'<div class="what"><span class="number">.*?</div>', page)
    assert any("<a " not in title for title in titles)


@pytest.mark.both_databases
def test_what_is_written_anywhere_is_found_at_once_and_what_goes_is_not(world, clients):
    with world.app_context():
        monitor = people.by_email("monitor@example.org").person
        edit = [TaskEdit(7, {"title": "Lắp đặt mái vòm sân khấu"})]
        amendment = amend(monitor, 1, AmendmentHead("88/QĐ-UBND", date(2024, 12, 1)), edit, now=NOW)
        with transaction() as session:
            unit_id = session.scalar(sa.select(UnitRow.id).where(UnitRow.code == "phong-tckh"))
            session.add(UnitAlias(unit_id=unit_id, text="Ngân khố"))
    assert counts(clients.partner, "mai vom") == {"Tất cả": 1, "Nhiệm vụ": 1}
    assert counts(clients.partner, "88 / qd - ubnd") == {"Tất cả": 1, "Văn bản": 1}
    assert counts(clients.partner, "ngan kho") == {"Tất cả": 1, "Đơn vị": 1}
    with world.app_context(), transaction() as session:
        session.execute(sa.delete(UnitAlias).where(UnitAlias.text == "Ngân khố"))
        session.execute(sa.update(TaskRow).where(TaskRow.id == 7).values(title="Tên khác hẳn"))
    assert amendment
    assert counts(clients.partner, "ngan kho") == {}
    assert counts(clients.partner, "mai vom") == {}
    assert counts(clients.partner, "ten khac han").get("Nhiệm vụ") == 1


def _write_and_fail() -> None:
    with transaction() as session:
        session.execute(sa.update(TaskRow).where(TaskRow.id == 7).values(title="Không ai thấy"))
        raise ZeroDivisionError


def test_what_was_undone_is_not_folded(world, clients):
    with world.app_context():
        with pytest.raises(ZeroDivisionError):
            _write_and_fail()
        db.session.remove()
    assert counts(clients.monitor, "khong ai thay") == {}


@pytest.mark.both_databases
def test_every_text_has_its_fold_and_every_table_its_triggers(world):
    with world.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchStale)) == 0
        kept = dict(db.session.execute(sa.select(SearchText.kind, sa.func.count()).group_by(SearchText.kind)).all())
        assert kept["task"] == db.session.scalar(sa.select(sa.func.count()).select_from(TaskRow))
        assert kept["unit"] == db.session.scalar(sa.select(sa.func.count()).select_from(UnitRow))
        where = "sqlite_master WHERE type = 'trigger'" if db.engine.dialect.name == "sqlite" else "pg_trigger"
        column = "name" if db.engine.dialect.name == "sqlite" else "tgname"
        names = set(db.session.scalars(sa.text(f"SELECT {column} FROM {where}")))
        assert [table for table in NOTED if not any(name.startswith(f"{table}_search") for name in names)] == []


def test_results_come_a_page_at_a_time_and_keep_the_words(clients):
    first = clients.monitor.get("/search?q=t&kind=units").text
    assert 'rel="next" href="/search?q=t&amp;kind=units&amp;page=2"' in first
    second = clients.monitor.get("/search?q=t&kind=units&page=2").text
    assert 'rel="prev"' in second
    names = [re.findall(r'<div class="what"><a href="([^"]+)"', page) for page in (first, second)]
    assert len(names[0]) == 20
    assert not set(names[0]) & set(names[1])


@pytest.mark.parametrize(
    ("q", "said"),
    [("", "Gõ vài từ"), ("???", "Không có chữ hay số nào"), ("zzz qqq", "Không tìm thấy “zzz qqq”")],
)
def test_nothing_found_comes_with_advice(clients, q, said):
    answer = clients.monitor.get("/search", query_string={"q": q})
    assert answer.status_code == 200
    assert said in answer.text


@pytest.mark.parametrize("q", ["%", "_", "' OR 1=1 --", "a" * 5000, "\0", "<script>alert(1)</script>"])
def test_whatever_is_typed_is_only_looked_for(clients, q):
    answer = clients.monitor.get("/search", query_string={"q": q})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_box_stands_on_every_page_of_who_is_signed_in(clients):
    for path in ("/", "/units", "/account", "/search"):
        assert clients.partner.get(path).text.count('name="q"') >= 1, path
    assert 'id="find"' not in clients.visitor.get("/sign-in").text


def test_a_search_asks_ten_questions_at_most(world, clients, logged):
    with world.app_context():
        engine = db.engine
    for path in (
        "/search?q=truong",
        "/search?q=phong&kind=units",
        "/search?q=kinh",
        "/search?q=nam",
        "/search?q=ke+hoach",
    ):
        for who in ("monitor", "lead"):
            with count_queries(engine) as statements:
                assert getattr(clients, who).get(path).status_code == 200
            assert len(statements) <= 10, (who, path, len(statements))
