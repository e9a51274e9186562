import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import Refused, StaleState
from tracker.domain.work import (
    AS_BEFORE,
    MAX_TEXT,
    TRANSITIONS,
    WORKING,
    Action,
    Entry,
    Standing,
    State,
    after,
    check_entry,
    next_state,
)

ALLOWED = {
    ("not_started", "progress"): "in_progress",
    ("not_started", "propose"): "approving",
    ("not_started", "submit"): "submitted",
    ("not_started", "ask_away"): "asked_away",
    ("not_started", "correct"): "not_started",
    ("in_progress", "progress"): "in_progress",
    ("in_progress", "propose"): "approving",
    ("in_progress", "submit"): "submitted",
    ("in_progress", "ask_away"): "asked_away",
    ("in_progress", "correct"): "in_progress",
    ("returned", "progress"): "returned",
    ("returned", "propose"): "approving",
    ("returned", "submit"): "submitted",
    ("returned", "ask_away"): "asked_away",
    ("returned", "correct"): "returned",
    ("approving", "approve"): "submitted",
    ("approving", "send_back"): "as before",
    ("approving", "withdraw"): "as before",
    ("approving", "correct"): "approving",
    ("submitted", "accept"): "accepted",
    ("submitted", "return"): "returned",
    ("submitted", "withdraw"): "as before",
    ("submitted", "correct"): "submitted",
    ("accepted", "return"): "returned",
    ("asked_away", "consent"): "not_applicable",
    ("asked_away", "decline"): "as before",
    ("asked_away", "withdraw"): "as before",
    ("asked_away", "correct"): "asked_away",
    ("not_applicable", "return"): "returned",
}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State, Action)))
@pytest.mark.parametrize("before", WORKING)
def test_every_state_meets_every_action(state, action, before):
    expected = ALLOWED.get((state.value, action.value))
    if expected:
        assert next_state(state, action, before).value == (before.value if expected == "as before" else expected)
    else:
        with pytest.raises(StaleState) as refusal:
            next_state(state, action, before)
        assert str(refusal.value).endswith(".")


def test_the_table_has_nothing_but_what_is_tested():
    found = {(s.value, a.value): "as before" if t is AS_BEFORE else t.value for (s, a), t in TRANSITIONS.items()}
    assert found == ALLOWED


TEXTS = {"result": "Xong", "reason": "Vì"}


@given(st.lists(st.sampled_from(list(Action)), max_size=14))
def test_whatever_people_try_accepted_work_has_left_its_unit_and_nothing_waives_itself(actions):
    standing, done = Standing(), set()
    for action in actions:
        try:
            standing = after(standing, Entry(action, **TEXTS))
        except StaleState:
            continue
        done.add(action)
        assert standing.before in WORKING
        assert standing.state not in WORKING or standing.before is standing.state
    assert standing.state is not State.ACCEPTED or done & {Action.SUBMIT, Action.APPROVE}
    assert standing.state is not State.NOT_APPLICABLE or done >= {Action.ASK_AWAY, Action.CONSENT}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry(Action.PROGRESS, percent=101), "từ 0 đến 100; bạn đã nhập 101"),
        (Entry(Action.PROGRESS, percent=-1), "bạn đã nhập -1"),
        (Entry(Action.PROGRESS), "Chưa có gì để ghi"),
        (Entry(Action.PROGRESS, result="   "), "Chưa có gì để ghi"),
        (Entry(Action.SUBMIT, percent=100), "ghi kết quả đạt được"),
        (Entry(Action.RETURN, reason=" "), "lý do trả lại"),
        (Entry(Action.SEND_BACK), "lý do chưa duyệt"),
        (Entry(Action.DECLINE), "lý do không đồng ý"),
        (Entry(Action.WITHDRAW, reason=" "), "lý do rút lại"),
        (Entry(Action.ASK_AWAY), "lý do phần việc này không áp dụng"),
        (Entry(Action.PROPOSE, percent=100), "ghi kết quả đạt được"),
        (Entry(Action.CORRECT), "Chưa có gì để ghi"),
        (Entry(Action.PROGRESS, result="x" * (MAX_TEXT + 1)), "tối đa 4000 ký tự"),
    ],
)
def test_an_entry_that_says_nothing_or_too_much_is_refused_in_words(entry, words):
    with pytest.raises(Refused, match=words):
        check_entry(entry)


WORKED = Standing(State.IN_PROGRESS, 20, State.IN_PROGRESS, 20)
REPORTED = Standing(State.SUBMITTED, 100, State.IN_PROGRESS, 20)
APPROVING = Standing(State.APPROVING, 100, State.RETURNED, 20)
ASKED = Standing(State.ASKED_AWAY, 20, State.NOT_STARTED, 20)


@pytest.mark.parametrize(
    ("standing", "entry", "state", "percent"),
    [
        (WORKED, Entry(Action.PROGRESS, percent=40), "in_progress", 40),
        (WORKED, Entry(Action.PROGRESS, result="Đã họp"), "in_progress", 20),
        (WORKED, Entry(Action.CORRECT, percent=10), "in_progress", 10),
        (WORKED, Entry(Action.SUBMIT, percent=90, result="Xong"), "submitted", 100),
        (WORKED, Entry(Action.PROPOSE, result="Xong"), "approving", 100),
        (WORKED, Entry(Action.ASK_AWAY, reason="Không có bếp ăn"), "asked_away", 20),
        (REPORTED, Entry(Action.CORRECT, percent=50), "submitted", 100),
        (REPORTED, Entry(Action.RETURN, reason="Thiếu danh sách"), "returned", 20),
        (REPORTED, Entry(Action.ACCEPT), "accepted", 100),
        (REPORTED, Entry(Action.WITHDRAW, reason="Nhầm nhiệm vụ"), "in_progress", 20),
        (APPROVING, Entry(Action.WITHDRAW, reason="Thiếu phụ lục"), "returned", 20),
        (ASKED, Entry(Action.WITHDRAW, reason="Vẫn có bếp ăn"), "not_started", 20),
        (APPROVING, Entry(Action.APPROVE), "submitted", 100),
        (APPROVING, Entry(Action.SEND_BACK, reason="Thiếu số liệu"), "returned", 20),
        (ASKED, Entry(Action.DECLINE, reason="Vẫn phải làm"), "not_started", 20),
        (ASKED, Entry(Action.CONSENT), "not_applicable", 20),
    ],
)
def test_where_a_share_stands_after_an_entry(standing, entry, state, percent):
    check_entry(entry)
    found = after(standing, entry)
    assert (found.state.value, found.percent) == (state, percent)


def test_what_a_monitor_returns_has_the_percent_from_before_the_head_read_it():
    standing = Standing()
    for entry in (
        Entry(Action.PROGRESS, percent=60),
        Entry(Action.PROPOSE, result="Xong"),
        Entry(Action.APPROVE),
        Entry(Action.RETURN, reason="Thiếu"),
    ):
        standing = after(standing, entry)
    assert standing == Standing(State.RETURNED, 60, State.RETURNED, 60)
