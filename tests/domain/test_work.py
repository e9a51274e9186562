import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import Refused, StaleState
from tracker.domain.work import MAX_TEXT, TRANSITIONS, Action, Entry, State, check_entry, next_state, percent_after

ALLOWED = {
    ("not_started", "progress"): "in_progress",
    ("not_started", "submit"): "submitted",
    ("in_progress", "progress"): "in_progress",
    ("in_progress", "submit"): "submitted",
    ("returned", "progress"): "returned",
    ("returned", "submit"): "submitted",
    ("submitted", "accept"): "accepted",
    ("submitted", "return"): "returned",
    ("accepted", "return"): "returned",
}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State, Action)))
def test_every_state_meets_every_action(state, action):
    expected = ALLOWED.get((state.value, action.value))
    if expected:
        assert next_state(state, action).value == expected
    else:
        with pytest.raises(StaleState) as refusal:
            next_state(state, action)
        assert str(refusal.value).endswith((".", "…"))


def test_the_table_has_nothing_but_what_is_tested():
    assert {(s.value, a.value): t.value for (s, a), t in TRANSITIONS.items()} == ALLOWED


@given(st.lists(st.sampled_from(list(Action)), max_size=12))
def test_whatever_people_try_accepted_work_was_submitted_first(actions):
    state, submitted = State.NOT_STARTED, False
    for action in actions:
        try:
            state = next_state(state, action)
        except StaleState:
            continue
        submitted = submitted or action is Action.SUBMIT
    assert state is not State.ACCEPTED or submitted


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry(Action.PROGRESS, percent=101), "từ 0 đến 100; bạn đã nhập 101"),
        (Entry(Action.PROGRESS, percent=-1), "bạn đã nhập -1"),
        (Entry(Action.PROGRESS), "Chưa có gì để ghi"),
        (Entry(Action.PROGRESS, result="   "), "Chưa có gì để ghi"),
        (Entry(Action.SUBMIT, percent=100), "ghi kết quả đạt được"),
        (Entry(Action.RETURN, reason=" "), "lý do trả lại"),
        (Entry(Action.PROGRESS, result="x" * (MAX_TEXT + 1)), "tối đa 4000 ký tự"),
    ],
)
def test_an_entry_that_says_nothing_or_too_much_is_refused_in_words(entry, words):
    with pytest.raises(Refused, match=words):
        check_entry(entry)


@pytest.mark.parametrize(
    ("entry", "before", "after"),
    [
        (Entry(Action.PROGRESS, percent=40), 20, 40),
        (Entry(Action.PROGRESS, result="Đã họp"), 20, 20),
        (Entry(Action.SUBMIT, percent=90, result="Xong"), 20, 100),
        (Entry(Action.RETURN, reason="Thiếu danh sách"), 100, 20),
        (Entry(Action.ACCEPT), 100, 100),
    ],
)
def test_the_percent_after_an_entry(entry, before, after):
    check_entry(entry)
    assert percent_after(entry, before, before_submission=20) == after
