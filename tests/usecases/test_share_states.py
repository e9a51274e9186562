"""States beyond reporting: what the head reads first, what does not apply, corrections, many accepted at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.shares import FINANCE, Office
from tests.support.worlds import NOW
from tracker.domain.errors import Forbidden, NotFound, Overtaken, Refused, StaleState
from tracker.domain.status import Cell, Ending
from tracker.domain.work import Action, State
from tracker.store import logs, plans, reminder_facts
from tracker.store.database import db
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.tables import ProgressEntry
from tracker.usecases.progress import MOST_AT_ONCE, Report, accept_all
from tracker.usecases.unit_settings import set_approval
from tracker.web.runtime import runtime

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(world):
    with world.app_context():
        yield Office(world)


@pytest.fixture
def share(office):
    return office.line("1").share.id


def stands(office, number="1"):
    line = office.line(number, on=NOW + timedelta(days=1))
    return line.share.facts.state, line.share.facts.percent


def test_a_members_report_waits_for_the_head_who_lets_it_leave_the_unit(office, share):
    member = office.member()
    set_approval(office.person("lead"), FINANCE, wanted=True, now=NOW)
    office.record(member, share, Action.PROGRESS, percent=30)
    assert office.record(member, share, Action.SUBMIT, result="Xong").action is Action.PROPOSE
    assert stands(office) == (State.APPROVING, 100)
    with pytest.raises(StaleState, match="chưa báo hoàn thành"):
        office.record("monitor", share, Action.ACCEPT)
    with pytest.raises(Forbidden, match="Chỉ thủ trưởng"):
        office.record(member, share, Action.APPROVE)
    assert office.record("lead", share, Action.APPROVE, at=LATER).action is Action.APPROVE
    assert stands(office)[0] is State.SUBMITTED
    office.record("monitor", share, Action.ACCEPT, at=LATER)
    assert office.line("1", on=NOW + timedelta(days=1)).share.facts.done_on == NOW.date()


def test_the_head_sends_back_inside_the_unit_and_the_share_is_where_it_was(office, share):
    member = office.member()
    set_approval(office.person("lead"), FINANCE, wanted=True, now=NOW)
    office.record(member, share, Action.PROGRESS, percent=30)
    office.record(member, share, Action.SUBMIT, result="Xong")
    with pytest.raises(Refused, match="lý do chưa duyệt"):
        office.record("lead", share, Action.SEND_BACK)
    office.record("lead", share, Action.SEND_BACK, reason="Thiếu số liệu")
    assert stands(office) == (State.IN_PROGRESS, 30)


def test_a_head_needs_nobodys_approval_and_a_unit_without_the_setting_has_no_step(office, share):
    member = office.member()
    assert office.record(member, share, Action.SUBMIT, result="Xong").action is Action.SUBMIT
    set_approval(office.person("admin"), FINANCE, wanted=True, now=NOW)
    other = office.line("7").share.id
    assert office.record("lead", other, Action.SUBMIT, result="Xong").action is Action.SUBMIT


@pytest.mark.parametrize(("who", "unit"), [("monitor", FINANCE), ("lead", "phong-gddt"), ("leader", FINANCE)])
def test_only_the_head_and_administrators_settle_the_step(office, who, unit):
    with pytest.raises(Forbidden, match="Chỉ thủ trưởng của đơn vị và quản trị viên"):
        set_approval(office.person(who), unit, wanted=True, now=NOW)


def test_a_unit_without_a_head_cannot_wait_for_one(office):
    with pytest.raises(Refused, match="chưa có thủ trưởng"):
        set_approval(office.person("admin"), "phong-gddt", wanted=True, now=NOW)
    with pytest.raises(NotFound):
        set_approval(office.person("admin"), "khong-co", wanted=True, now=NOW)


def test_what_does_not_apply_is_flagged_and_counted_apart_once_the_monitor_agrees(office, share):
    office.record("lead", share, Action.PROGRESS, percent=10)
    with pytest.raises(Refused, match="không áp dụng cho đơn vị"):
        office.record("lead", share, Action.ASK_AWAY)
    office.record("lead", share, Action.ASK_AWAY, reason="Không có trường thuộc diện")
    assert office.line("1", on=LATER).share.status.cell is Cell.OVERDUE
    office.record("monitor", share, Action.CONSENT)
    line = office.line("1", on=LATER)
    assert (line.share.status.cell, line.share.status.ended) == (Cell.NO_DATE, Ending.NOT_APPLICABLE)
    plan = plans.head(1)
    whole = next(
        each for each in milestone_lines(plan, CutOff(LATER.date(), LATER, runtime().zone)) if each.number == "1"
    )
    assert (whole.status.cell, whole.status.ended) == (Cell.NO_DATE, Ending.NOT_APPLICABLE)
    with pytest.raises(StaleState, match="không áp dụng"):
        office.record("lead", share, Action.PROGRESS, percent=20)
    office.record("monitor", share, Action.RETURN, reason="Vẫn có một trường")
    assert stands(office) == (State.RETURNED, 10)


def test_declined_the_share_is_where_it_was_and_its_own_unit_never_agrees(office, share):
    office.record("lead", share, Action.ASK_AWAY, reason="Không có")
    with pytest.raises(Forbidden):
        office.record("lead", share, Action.CONSENT)
    with pytest.raises(Refused, match="lý do không đồng ý"):
        office.record("monitor", share, Action.DECLINE)
    office.record("monitor", share, Action.DECLINE, reason="Văn bản 12 áp dụng mọi đơn vị")
    assert stands(office) == (State.NOT_STARTED, 0)


def test_a_report_made_by_mistake_is_taken_back_and_every_view_knows_from_when(office, share):
    office.record("lead", share, Action.PROGRESS, percent=30)
    office.record("lead", share, Action.SUBMIT, result="Xong")
    with pytest.raises(Refused, match="lý do rút lại"):
        office.record("lead", share, Action.WITHDRAW)
    next_day = NOW + timedelta(days=1)
    office.record("lead", share, Action.WITHDRAW, at=next_day, reason="Nhầm nhiệm vụ")
    with pytest.raises(StaleState, match="chưa báo hoàn thành hoặc đã rút báo cáo"):
        office.record("monitor", share, Action.ACCEPT, at=next_day)
    assert office.line("1", on=LATER).share.status.state is State.SUBMITTED
    then = next_day + timedelta(hours=1)
    assert office.line("1", on=then).share.status.state is State.IN_PROGRESS
    owed = {each.id: each.state for each in reminder_facts.owed(then, runtime().zone)}
    assert owed[share] is State.IN_PROGRESS
    assert [line.action for line in entries(share)] == ["progress", "submit", "withdraw"]
    office.record("lead", share, Action.SUBMIT, result="Xong thật", at=next_day + timedelta(days=2))
    office.record("monitor", share, Action.ACCEPT, at=next_day + timedelta(days=3))
    line = office.line("1", on=next_day + timedelta(days=3, hours=1))
    assert line.share.facts.done_on == (next_day + timedelta(days=2)).date()


def test_after_the_answer_there_is_nothing_to_take_back(office, share):
    for answer, words in ((Action.RETURN, "đã được trả lại"), (Action.ACCEPT, "đã được xác nhận")):
        office.record("lead", share, Action.SUBMIT, result="Xong")
        office.record("monitor", share, answer, reason="Vì")
        with pytest.raises(StaleState, match=words):
            office.record("lead", share, Action.WITHDRAW, reason="Nhầm")


def test_a_request_that_the_work_does_not_apply_is_taken_back_and_the_work_is_owed_again(office, share):
    office.record("lead", share, Action.ASK_AWAY, reason="Không có")
    office.record("lead", share, Action.WITHDRAW, reason="Có một trường")
    assert stands(office) == (State.NOT_STARTED, 0)
    with pytest.raises(StaleState, match="có thể đơn vị đã rút"):
        office.record("monitor", share, Action.CONSENT)


def test_a_member_takes_back_what_they_sent_themselves_and_the_head_takes_back_all(office, share):
    member = office.member()
    office.record("lead", share, Action.SUBMIT, result="Xong")
    with pytest.raises(Forbidden, match="chính người đã gửi"):
        office.record(member, share, Action.WITHDRAW, reason="Nhầm")
    for who in ("monitor", "leader", "admin"):
        with pytest.raises(Forbidden, match="Chỉ người của đơn vị"):
            office.record(who, share, Action.WITHDRAW, reason="Nhầm")
    office.record("lead", share, Action.WITHDRAW, reason="Nhầm")
    office.record(member, share, Action.SUBMIT, result="Xong")
    office.record(member, share, Action.CORRECT, result="Xong hết", corrects=entries(share)[-1].id)
    office.record(member, share, Action.WITHDRAW, reason="Nhầm")
    office.record(member, share, Action.SUBMIT, result="Xong")
    office.record("lead", share, Action.WITHDRAW, reason="Chưa xong")
    assert stands(office)[0] is State.NOT_STARTED


def test_what_the_head_let_leave_the_unit_only_the_head_takes_back(office, share):
    member = office.member()
    set_approval(office.person("lead"), FINANCE, wanted=True, now=NOW)
    office.record(member, share, Action.SUBMIT, result="Xong")
    office.record(member, share, Action.WITHDRAW, reason="Thiếu phụ lục")
    office.record(member, share, Action.SUBMIT, result="Xong, đủ phụ lục")
    office.record("lead", share, Action.APPROVE)
    with pytest.raises(Forbidden, match="Chỉ thủ trưởng"):
        office.record(member, share, Action.WITHDRAW, reason="Nhầm")
    office.record("lead", share, Action.WITHDRAW, reason="Số liệu sai")
    assert stands(office)[0] is State.NOT_STARTED


def entries(share):
    query = sa.select(ProgressEntry).where(ProgressEntry.share_id == share).order_by(ProgressEntry.version)
    return list(db.session.scalars(query))


def test_a_correction_names_what_it_corrects_and_the_old_entry_stays(office, share):
    office.record("lead", share, Action.PROGRESS, percent=90, result="Đã rà soát 21 trường")
    first = entries(share)[0].id
    office.record("lead", share, Action.CORRECT, percent=40, result="Đã rà soát 12 trường", corrects=first)
    cut = CutOff(LATER.date(), LATER, runtime().zone)
    newest, oldest = logs.log_of_task(logs.shares_of_task(office.line("1").task_id, cut), cut, None, 50)[share]
    assert (oldest.result, newest.corrects, newest.result) == ("Đã rà soát 21 trường", first, "Đã rà soát 12 trường")
    assert stands(office) == (State.IN_PROGRESS, 40)


def test_correcting_an_older_entry_leaves_the_percent_of_today(office, share):
    office.record("lead", share, Action.PROGRESS, percent=10)
    first = entries(share)[0].id
    office.record("lead", share, Action.PROGRESS, percent=50)
    with pytest.raises(Refused, match="chỉ sửa được ở mục ghi gần nhất"):
        office.record("lead", share, Action.CORRECT, percent=15, corrects=first)
    office.record("lead", share, Action.CORRECT, result="Rõ hơn", corrects=first)
    assert stands(office) == (State.IN_PROGRESS, 50)


def test_nothing_is_corrected_once_accepted_nor_what_others_wrote_nor_in_other_logs(office, share):
    office.record("lead", share, Action.SUBMIT, result="Xong")
    report = entries(share)[0].id
    office.record("monitor", share, Action.RETURN, reason="Thiếu")
    answer = entries(share)[1].id
    with pytest.raises(Refused, match="Chỉ sửa được mục do đơn vị ghi"):
        office.record("lead", share, Action.CORRECT, result="x", corrects=answer)
    for foreign in (None, 999_999):
        with pytest.raises(NotFound, match="mục nhật ký cần sửa"):
            office.record("lead", share, Action.CORRECT, result="x", corrects=foreign)
    with pytest.raises(NotFound, match="mục nhật ký cần sửa"):
        office.record("lead", office.line("7").share.id, Action.CORRECT, result="x", corrects=report)
    office.record("lead", share, Action.SUBMIT, result="Đủ")
    office.record("lead", share, Action.CORRECT, result="Đủ cả phụ lục", corrects=report)
    assert stands(office) == (State.SUBMITTED, 100)
    office.record("monitor", share, Action.ACCEPT)
    with pytest.raises(StaleState, match="không sửa nhật ký được nữa"):
        office.record("lead", share, Action.CORRECT, result="x", corrects=report)


def accepted(office, who, *reports):
    return accept_all(office.person(who), reports, NOW, files=runtime().files, zone=runtime().zone)


def test_many_are_accepted_at_once_and_each_that_is_not_says_why(office, share):
    second = office.line("7").share.id
    office.record("lead", share, Action.SUBMIT, result="Xong")
    office.record("lead", second, Action.SUBMIT, result="Xong")
    own = office.line("2", unit="phong-gddt").share.id
    problems = accepted(office, "monitor", Report(share, 1), Report(second, 0), Report(own, 0), Report(999_999, 0))
    assert stands(office, "1")[0] is State.ACCEPTED
    assert stands(office, "7")[0] is State.SUBMITTED
    assert {key: type(each) for key, each in problems.items()} == {
        second: Overtaken,
        own: Forbidden,
        999_999: NotFound,
    }
    assert not accepted(office, "monitor", Report(second, 1))


def test_nothing_chosen_and_too_much_chosen_are_refused(office):
    with pytest.raises(Refused, match="Chưa chọn phần việc nào"):
        accepted(office, "monitor")
    with pytest.raises(Refused, match="tối đa"):
        accepted(office, "monitor", *(Report(number, 0) for number in range(MOST_AT_ONCE + 1)))
