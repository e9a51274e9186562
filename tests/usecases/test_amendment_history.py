"""Whatever is decided, and in whatever order: undoing what was kept gives the plan as first issued, and of each day."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.worlds import NOW, closing, make_app
from tracker.clock import FrozenClock
from tracker.domain.amendments import AmendmentHead, Key, Thing, changes_between, rebuilt, undone
from tracker.domain.errors import Refused
from tracker.domain.plan_document import Party, Place, PlanDocument, ReadMilestone, ReadTask
from tracker.store import amendments
from tracker.usecases.imports import import_plan

ISSUED = date(2024, 7, 1)
TITLES = (
    "Rà soát cơ sở vật chất trường học",
    "Tổ chức khai giảng năm học mới",
    "Hội thi giáo viên dạy giỏi bậc Tiểu học",
    "Sơ kết học kỳ I và báo cáo kết quả",
    "Tập huấn chuyển đổi số cho cán bộ quản lý",
    "Tổng kết năm học, khen thưởng",
)
PARTIES = (
    Party("Phòng Nội vụ", "Phòng Nội vụ", "unit", "phong-noi-vu"),
    Party("Phòng TC-KH", "Phòng Tài chính - Kế hoạch", "unit", "phong-tckh"),
    Party("UBND các phường", "Ủy ban nhân dân các phường", "group", "ubnd-cac-phuong"),
    Party("các đơn vị liên quan", "các đơn vị liên quan", "open"),
)
DAYS = (date(2024, 8, 31), date(2024, 12, 31), date(2025, 5, 31), None)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[ReadTask, ...]:
    """A plan of some tasks: any order, wording, units and dates."""
    titles = draw(st.permutations(TITLES))[: draw(st.integers(1, len(TITLES)))]
    tail = st.sampled_from(("", " trên địa bàn quận", " (theo hướng dẫn của Sở)"))
    found = []
    for number, title in enumerate(titles, start=1):
        leads, partners = (tuple(draw(st.lists(st.sampled_from(PARTIES), max_size=2, unique=True))) for _ in range(2))
        dues = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=2))
        times = tuple(ReadMilestone("date" if due else "none", None, due, "", str(due or "")) for due in dues)
        product = draw(st.sampled_from((None, "Báo cáo")))
        words = ("; ".join(each.text for each in cell) for cell in (leads, partners))
        found.append(ReadTask(str(number), None, title + draw(tail), product, *words, leads, partners, times, Place()))
    return tuple(found)


@pytest.fixture(scope="module")
def office(worlds, tmp_path_factory) -> Iterator[Flask]:
    """One world for all examples; each makes a plan of its own in it."""
    url = worlds.fresh("world")
    with closing(make_app(url, tmp_path_factory.mktemp("history"), FrozenClock(NOW))) as app, app.app_context():
        yield app


PLANS = itertools.count()


def seen(look: dict[Key, Thing], things: dict[Key, Thing]) -> dict[Key, Thing]:
    """Of a look, the things that were there in an earlier one; those added later belong to no task there."""
    return {key: look[key] for key in things}


REVISIONS = {"first": tasks(), "revisions": st.lists(tasks(), min_size=1, max_size=4)}
FEW = settings(max_examples=5, deadline=None)
MANY = settings(max_examples=400, deadline=None)


@given(**REVISIONS)
@FEW
def test_undoing_the_amendments_gives_the_first_plan_and_the_plan_of_each_day(office, first, revisions) -> None:
    amend_and_look_back(first, revisions)


@pytest.mark.long
@given(**REVISIONS)
@MANY
def test_hundreds_of_plans_and_their_amendments(office, first, revisions) -> None:
    amend_and_look_back(first, revisions)


def amend_and_look_back(first: tuple[ReadTask, ...], revisions: list[tuple[ReadTask, ...]]) -> None:
    """Imports a plan and its revisions, and compares every earlier day with what it was then."""
    title = f"Kế hoạch {next(PLANS)}"
    document = PlanDocument(title, "2024-2025", first, issued_on=ISSUED)
    plan_id = import_plan(document, now=NOW, accept_defaults=True).plan_id
    history = {ISSUED: amendments.look(plan_id)}
    for at, revised in enumerate(revisions, start=1):
        head = AmendmentHead(f"{at}/QĐ", ISSUED + timedelta(days=at))
        try:
            import_plan(
                replace(document, tasks=revised), now=NOW, plan_id=plan_id, amendment=head, accept_defaults=True
            )
        except Refused:
            continue  # it changed nothing
        history[head.issued_on] = amendments.look(plan_id)
    for day, then in history.items():
        found = amendments.look_on(plan_id, day)
        assert rebuilt(found) == rebuilt(then)
        assert seen(found, then) == then
    assert rebuilt(amendments.look_on(plan_id, None)) == rebuilt(history[ISSUED])


FIELDS = st.dictionaries(st.sampled_from("abc"), st.none() | st.text(max_size=3), min_size=3, max_size=3)
LOOKS = st.lists(st.dictionaries(st.integers(1, 4), FIELDS, min_size=1), min_size=2, max_size=5)


@given(LOOKS)
def test_changes_undo_each_other_exactly(steps: list[dict[int, dict[str, str | None]]]) -> None:
    look: dict[Key, Thing] = {}
    looks, changes = [], []
    for step in steps:
        after: dict[Key, Thing] = {**look, **{("task", each): Thing(each, fields) for each, fields in step.items()}}
        changes.append(changes_between(look, after))
        looks.append(look)
        look = after
    for before, made in zip(reversed(looks), reversed(changes), strict=True):
        look = undone(look, made)
        assert look == before
