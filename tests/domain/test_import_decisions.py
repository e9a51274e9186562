"""What is decided during an import: kept as plain data, turned into what the directory learns, undone by itself."""

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.support.samples import read
from tests.support.worlds import ANNEX
from tracker.adapters.documents import read_plan
from tracker.adapters.seeds import load_directory
from tracker.domain.calendar_days import DaysOff
from tracker.domain.import_decisions import Decisions, NameDecision, learnt, proposed
from tracker.domain.import_preview import names_to_decide, unchecked, understood
from tracker.domain.plan_document import PlanDocument, from_json, to_json
from tracker.domain.proposals import propose_directory
from tracker.domain.reading.periods import PlanYear
from tracker.domain.reading.times import OfficeDays
from tracker.domain.units import Directory, Group, GroupRule, Unit

KNOWN = Directory([Unit("noi-vu", "Phòng Nội vụ"), Unit("y-te", "Phòng Y tế")])
NEW = NameDecision("Cty Môi trường", "unit", "cong-ty", "Công ty Môi trường đô thị", unit_kind="centre")
SAME = NameDecision("Phòng Nội chính", "known", "noi-vu")
OPEN = NameDecision("các hộ dân", "open", "cac-ho-dan", "các hộ dân")
BY_HAND = NameDecision("các trường có bếp ăn", "group", "bep-an", "các trường có bếp ăn", members=("y-te",))
BY_RULE = NameDecision("các phòng", "group", "cac-phong", "các phòng", rule=GroupRule(("department",), ("district",)))


@pytest.fixture(scope="module")
def annex() -> PlanDocument:
    return read(ANNEX.name)


def test_decisions_go_to_plain_data_and_back():
    all_kinds = Decisions(
        cells={3: {"due": "Tháng 8/2024"}},
        particulars={"title": "Kế hoạch"},
        monitors=("noi-vu",),
        amendment={"number": "12/QĐ", "issued_on": "2024-12-10"},
        same={0: 7, 2: None},
    ).beside([NEW, SAME, OPEN, BY_HAND, BY_RULE])
    assert Decisions.from_json(json.loads(json.dumps(all_kinds.as_json()))) == all_kinds
    assert Decisions.from_json({}) == Decisions()


def test_each_kind_of_decision_teaches_the_directory_its_own():
    found = learnt([NEW, SAME, OPEN, BY_HAND, BY_RULE], KNOWN)
    directory = found.onto(KNOWN)
    assert [unit.aliases for unit in found.units] == [("Cty Môi trường",)]
    assert [(group.code, group.kind) for group in found.groups] == [
        ("cac-ho-dan", "open"),
        ("bep-an", "list"),
        ("cac-phong", "rule"),
    ]
    assert found.spellings == (("noi-vu", "Phòng Nội chính"),)
    for each in (NEW, SAME, OPEN, BY_HAND, BY_RULE):
        known = directory.find(each.text)
        assert known
        assert known.code == each.code
    assert directory.expand("bep-an") == ("y-te",)


def test_a_name_that_the_directory_has_caught_up_with_teaches_nothing():
    grown = learnt([NEW, SAME, OPEN], KNOWN).onto(KNOWN)
    again = learnt([NEW, SAME, OPEN], grown)
    assert (again.units, again.groups, again.spellings) == ((), (), ())


def test_a_spelling_of_a_unit_that_is_not_to_be_is_left_out():
    assert learnt([NameDecision("Ban X", "known", "chua-co")], KNOWN).spellings == ()
    both = learnt([NameDecision("Ban X", "known", "cong-ty"), NEW], KNOWN)
    assert both.spellings == (("cong-ty", "Ban X"),)
    found = both.onto(KNOWN).find("Ban X")
    assert found
    assert found.code == "cong-ty"


def test_a_new_unit_of_a_name_that_is_there_is_a_spelling_of_it():
    typed = replace(NEW, name="phòng  NỘI VỤ")
    assert learnt([typed], KNOWN) == learnt([replace(SAME, text=NEW.text)], KNOWN)
    twice = learnt([NEW, replace(NEW, text="Đô thị xanh", code="do-thi")], KNOWN)
    assert [unit.code for unit in twice.units] == ["cong-ty"]
    assert twice.spellings == (("cong-ty", "Đô thị xanh"),)


COMMUNES = ("UBND xã Tân Thành", "UBND xã Tân Thanh", "UBND xã Tân Thạnh")


def test_names_that_differ_in_marks_alone_are_proposed_decided_and_learnt_each_for_itself():
    rows = "".join(f"{n};Việc thứ {n};{name};;Tháng 9/2024\n" for n, name in enumerate(COMMUNES, start=1))
    alone = read_plan(f"Số TT;Nội dung;Chủ trì;Phối hợp;Hoàn thành\n{rows}".encode(), "a.csv", Directory())
    names = proposed(propose_directory(alone))
    assert [each.text for each in names] == list(COMMUNES)
    decided = Decisions.from_json(json.loads(json.dumps(Decisions().beside(names).as_json())))
    directory = learnt(decided.names.values(), Directory()).onto(Directory())
    leads = [task.leads[0].name for task in understood(alone, directory, decided).tasks]
    assert leads == list(COMMUNES)


def test_a_code_that_another_name_has_by_now_gives_way():
    known = Directory([Unit("ubnd-xa-tan-thanh", "UBND xã Tân Thành")])
    new = [NameDecision(name, "unit", "ubnd-xa-tan-thanh", name) for name in COMMUNES]
    assert [unit.code for unit in learnt(new, known).units] == ["ubnd-xa-tan-thanh-2", "ubnd-xa-tan-thanh-3"]


def test_a_count_of_units_is_proposed_as_a_group_and_by_hand_where_it_counts_fewer_than_there_are():
    leads = [
        "UBND xã Tân Thành; UBND xã Tân Lập",
        "UBND 2 xã",
        "UBND 1 xã",
        "15 trường Tiểu học",
        "TT Y tế, TT Văn hóa",
    ]
    rows = "".join(f'{n};Việc thứ {n};"{lead}";;Tháng 9/2024\n' for n, lead in enumerate(leads, start=1))
    document = read_plan(f"Số TT;Nội dung;Chủ trì;Phối hợp;Hoàn thành\n{rows}".encode(), "a.csv", Directory())
    found = propose_directory(document)
    assert [unit.name for unit in found.units] == [*leads[0].split("; "), "TT Y tế", "TT Văn hóa"]
    assert [(each.name, each.kind) for each in found.groups] == [
        ("UBND 2 xã", "rule"),
        ("UBND 1 xã", "list"),
        ("15 trường Tiểu học", "rule"),
    ]


def test_a_later_decision_about_the_same_name_in_another_spelling_replaces_the_earlier():
    once = Decisions().with_name(OPEN).with_name(replace(BY_HAND, text="Các  Hộ dân"))
    assert [each.kind for each in once.names.values()] == ["group"]
    assert once.without_name("CÁC HỘ DÂN").names == {}


def test_a_document_without_decisions_is_understood_as_it_was_read(annex: PlanDocument):
    directory = load_directory()
    stored = from_json(json.loads(json.dumps(to_json(unchecked(annex, directory)))))
    again = understood(stored, directory, Decisions())
    assert again.tasks == annex.tasks
    assert sorted(map(repr, again.findings)) == sorted(map(repr, annex.findings))


def test_a_document_read_by_nobody_is_understood_like_one_read_with_the_directory(annex: PlanDocument):
    alone = unchecked(read(ANNEX.name, known=False), Directory())
    again = understood(alone, load_directory(), Decisions())
    assert again.tasks == annex.tasks
    assert [each.code for each in again.findings if each.severity != "note"] == []


def test_the_directory_an_annex_proposes_knows_all_but_the_roles(annex: PlanDocument):
    alone = unchecked(read(ANNEX.name, known=False), Directory())
    directory = learnt(proposed(propose_directory(alone)), Directory()).onto(Directory())
    left = [each.text for each in names_to_decide(understood(alone, directory, Decisions())) if each.kind != "open"]
    assert "Trưởng khối thi đua Mầm non" in left
    assert len(left) <= 4
    assert all(isinstance(each, Unit | Group) for each in (*directory.units, *directory.groups))


def test_corrected_cells_are_read_by_the_same_rules_and_their_findings_replaced(annex: PlanDocument):
    directory, at = load_directory(), 12
    wrong = understood(annex, directory, Decisions(cells={at: {"due": "31/4/2025"}}))
    assert [each.code for each in wrong.errors] == ["bad-date"]
    cells = {"title": "Khai giảng", "leads": "Phòng Nội vụ", "due": "Quý I/2025"}
    right = understood(wrong, directory, Decisions(cells={at: cells}))
    task = right.tasks[at]
    assert right.errors == ()
    assert (task.title, task.leads[0].code, task.milestones[0].due) == ("Khai giảng", "phong-noi-vu", date(2025, 3, 31))
    assert right.tasks[:at] == annex.tasks[:at]


def test_the_corrected_day_of_issue_moves_what_is_counted_from_it(annex: PlanDocument):
    directory = load_directory()
    offset = understood(annex, directory, Decisions(cells={0: {"due": "15 ngày kể từ ngày ban hành", "start": ""}}))
    moved = understood(offset, directory, Decisions(particulars={"issued_on": "2024-08-01", "title": "Tên mới"}))
    assert moved.title == "Tên mới"
    assert moved.tasks[0].milestones[0].due == date(2024, 8, 16)
    assert moved.tasks[1:] == annex.tasks[1:]


def test_dates_of_the_school_year_that_the_office_set_go_before_the_usual_frame(annex: PlanDocument):
    directory = load_directory()
    usual = understood(annex, directory, Decisions(cells={0: {"due": "Trước khai giảng", "start": ""}}))
    office = OfficeDays(DaysOff(), (PlanYear(2023, 2024), PlanYear(2024, 2025, opens=date(2024, 9, 3))))
    own = understood(usual, directory, Decisions(), office=office)

    assert [each.tasks[0].milestones[0].due for each in (usual, own)] == [date(2024, 9, 4), date(2024, 9, 2)]
    assert [each.params["day_on"] for each in own.findings if each.code == "school-frame"] == ["2024-09-03"]
    assert own.tasks[1:] == annex.tasks[1:]


def test_product_and_group_are_corrected_like_any_cell(annex):
    said = Decisions(cells={0: {"product": "Báo cáo", "group": "I. Trường lớp"}})
    document = understood(unchecked(annex, KNOWN), KNOWN, said)
    assert (document.tasks[0].product, document.tasks[0].group) == ("Báo cáo", "I. Trường lớp")
    assert document.tasks[0].title == annex.tasks[0].title
    assert document.tasks[1].group is None


def test_gaps_are_asked_about_in_a_whole_plan_alone(annex):
    picked = unchecked(replace(annex, tasks=(*annex.tasks[:20], *annex.tasks[21:])), KNOWN)

    def gaps(scope: str) -> list[str]:
        document = understood(picked, KNOWN, Decisions(scope=scope))
        return [each.task or "" for each in document.findings if each.code == "number-gap"]

    assert gaps("whole") == gaps("") == ["22"]
    assert gaps("listed") == []
