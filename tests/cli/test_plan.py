"""`tracker plan`."""

import hashlib
import json
from pathlib import Path

import pytest

from dev import ROOT
from tests.cli.conftest import Command
from tests.support.importing import SMALL
from tests.support.runs import first_plain
from tests.support.worlds import ANNEX, NOW
from tracker.adapters.files import Upload
from tracker.cli.context import open_app
from tracker.store import import_drafts as drafts
from tracker.store import people
from tracker.usecases import import_wizard
from tracker.usecases.import_reading import read
from tracker.web.runtime import runtime

ANNEX_FILE = str(ANNEX)
QUICK_IMPORT = ("plan", "import", str(ROOT / "seeds/plans/hai-an-2024-2025.json"), "--accept-defaults")


@pytest.mark.reader_process
def test_read_needs_no_database_and_prints_one_document(tracker: Command, empty_home: Path) -> None:
    answer = tracker("plan", "read", ANNEX_FILE, "--json")
    read = json.loads(answer.out)
    assert answer.status == 0
    assert len(read["tasks"]) == 41
    assert set(read["tasks"][12]) >= {
        "number",
        "group",
        "title",
        "product",
        "leads_as_written",
        "partners_as_written",
        "leads",
        "partners",
        "milestones",
    }
    assert set(read["tasks"][12]["leads"][0]) >= {"text", "name", "kind", "role"}
    assert read["tasks"][24]["milestones"][1]["due"] == "2025-05-31"
    assert set(read["findings"][0]) >= {"severity", "task", "column", "code", "message"}
    assert not empty_home.exists()


def test_a_reading_is_told_to_people_too(tracker: Command, empty_home: Path) -> None:
    assert "41" in tracker("plan", "read", QUICK_IMPORT[2]).out


def test_import_twice_tells_the_difference_once(tracker: Command, home: Path) -> None:
    preview = tracker(*QUICK_IMPORT, "--dry-run", "--json")
    assert preview.status == 0
    assert json.loads(preview.out)["plan"]["id"] is None
    assert "Xem trước, chưa ghi gì: thêm 41, đổi 0" in preview.err
    assert tracker("plan", "status").status == 1
    first = tracker(*QUICK_IMPORT, "--monitor", "phong-gddt", "--monitor", "van-phong-hdnd-ubnd", "--json")
    told = json.loads(first.out)
    assert told["counts"] == {"added": 41, "changed": 0, "dropped": 0, "unchanged": 0}
    assert (told["milestones"], told["plan"]["new"], len(told["rows"])) == (42, True, 41)
    assert "chưa có đơn vị theo dõi" not in first.err
    second = tracker(*QUICK_IMPORT, "--json")
    assert json.loads(second.out)["counts"] == {"added": 0, "changed": 0, "dropped": 0, "unchanged": 41}
    assert "Không có gì thay đổi: thêm 0, đổi 0, bỏ 0, giữ nguyên 41 nhiệm vụ" in second.err


def test_a_first_plan_brings_the_units_it_names_along(tracker: Command, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "huyen-khac.csv"
    file.write_text(
        "Số TT;Nội dung công việc;Đơn vị chủ trì;Hoàn thành\n1;Rà soát trường lớp;Phòng Văn hóa huyện Xa;8/2024\n",
        encoding="utf-8",
    )
    preview = tracker("plan", "import", str(file), "--propose-units", "--dry-run")
    assert preview.status == 0
    assert "Phòng Văn hóa huyện Xa" not in tracker("unit", "list").out
    assert tracker("plan", "import", str(file), "--propose-units", "--accept-defaults").status == 0
    assert "Phòng Văn hóa huyện Xa" in tracker("unit", "list").out
    assert "Không có gì thay đổi" in tracker("plan", "import", str(file)).err


def test_the_document_is_kept_once_with_the_plan_and_not_by_a_dry_run(tracker: Command, home: Path) -> None:
    def kept() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (home / "files").rglob("*") if path.is_file()}

    file = Path(QUICK_IMPORT[2])
    tracker(*QUICK_IMPORT, "--dry-run")
    assert tracker(*QUICK_IMPORT, "--monitor", "khong-co").status == 1
    assert kept() == {}
    for _ in range(2):
        tracker(*QUICK_IMPORT)
        assert kept() == {hashlib.sha256(file.read_bytes()).hexdigest(): file.read_bytes()}


OTHERS = """Số TT;Nội dung công việc;Đơn vị chủ trì;Đơn vị phối hợp;Hoàn thành
1;Rà soát cơ sở vật chất các nhà trường;Phòng Giáo dục và Đào tạo;UBND các xã, thị trấn;8/2024
2;Xây dựng kế hoạch năm học;Phòng Giáo dục và Đào tạo;các trường Trung học cơ sở, Trường THCS Cổ Loa;9/2024
3;Tổng kết năm học;Phòng Nội vụ;UBND các xã, thị trấn;5/2025
"""


def test_another_office_begins_with_its_own_units_alone(tracker: Command, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "dong-anh.csv"
    file.write_text("Kế hoạch của huyện Đông Anh;;;;\nNăm học;2024-2025\n" + OTHERS, encoding="utf-8")
    answer = tracker("plan", "import", str(file), "--accept-defaults")
    assert answer.status == 0, answer.err
    assert "0 đơn vị trong danh bạ" in answer.err
    units = json.loads(tracker("unit", "list", "--json").out)
    names = {unit["name"] for unit in units if unit["kind"] != "group"}
    assert names == {"Phòng Giáo dục và Đào tạo", "Phòng Nội vụ", "Trường THCS Cổ Loa"}


def test_a_plan_that_nobody_watches_says_so(tracker: Command, home: Path) -> None:
    assert "chưa có đơn vị theo dõi" in tracker(*QUICK_IMPORT).err
    assert "chưa có đơn vị theo dõi" not in tracker(*QUICK_IMPORT, "--monitor", "phong-gddt").err


def test_a_refused_file_is_named_and_changes_nothing(tracker: Command, home: Path, tmp_path: Path) -> None:
    letter = tmp_path / "thu-moi.txt"
    letter.write_text("Kính gửi các đồng chí, trân trọng kính mời dự họp.", encoding="utf-8")
    answer = tracker("plan", "import", str(letter))
    assert (answer.status, answer.out) == (1, "")
    assert "Không tìm thấy bảng nhiệm vụ" in answer.err
    wrong = tmp_path / "ke-hoach.csv"
    wrong.write_text(
        "Năm học;2024-2025\n\nSố TT;Nội dung công việc;Đơn vị chủ trì;Bắt đầu;Hoàn thành\n"
        "1;Rà soát cơ sở vật chất;Phòng Nội vụ;Tháng 7/2024;Tháng 8/2024\n"
        "2;Khai giảng;Phòng Nội vụ;Tháng 9/2024;Tháng 8/2024\n",
        encoding="utf-8",
    )
    refused = tracker("plan", "import", str(wrong), "--accept-defaults")
    assert refused.status == 1
    assert "nhiệm vụ 2" in refused.err
    assert "dòng 5" in refused.err
    assert "Chưa có kế hoạch nào" in tracker("plan", "status").err


def test_status_has_the_shape_of_the_contract(tracker: Command, home: Path) -> None:
    answer = tracker("plan", "status", "--demo", "--json")
    told = json.loads(answer.out)
    assert answer.status == 0
    assert told["as_of"] == "2024-12-16"
    assert told["cells"] == {"done_on_time": 8, "done_late": 3, "in_time": 27, "overdue": 4, "no_date": 0}
    assert told["quiet"] >= 3
    office = next(unit for unit in told["units"] if unit["code"] == "phong-gddt")
    assert office["name"] == "Phòng Giáo dục và Đào tạo"
    assert sum(office["lead"].values()) == 32
    assert set(office["partner"]) == set(told["cells"])


def test_status_speaks_for_any_day(tracker: Command, home: Path) -> None:
    early = json.loads(tracker("plan", "status", "--demo", "--as-of", "2024-07-15", "--json").out)
    assert early["cells"] == {"done_on_time": 0, "done_late": 0, "in_time": 42, "overdue": 0, "no_date": 0}
    assert "tính đến ngày 31/08/2024: 42 mốc" in tracker("plan", "status", "--demo", "--as-of", "2024-08-31").out
    assert tracker("plan", "status", "--demo", "--as-of", "31/8/2024").status == 2
    assert "Không có kế hoạch số 9" in tracker("plan", "status", "--demo", "--plan", "9").err


@pytest.mark.parametrize("kind", first_plain(["csv", "json", "xlsx", "docx"], plain=2))
def test_an_export_reads_back_to_the_same_plan(tracker: Command, home: Path, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"ke-hoach.{kind}"
    assert tracker("plan", "export", str(file), "--demo").status == 0
    back = tracker("plan", "import", str(file), "--demo", "--accept-defaults", "--json")
    assert json.loads(back.out)["counts"]["unchanged"] == 41, back.err


def test_an_export_as_of_a_day_says_how_each_task_stands(tracker: Command, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "tinh-hinh.csv"
    assert tracker("plan", "export", str(file), "--demo", "--as-of", "2024-12-16").status == 0
    text = file.read_text(encoding="utf-8-sig")
    assert "Tình hình đến 16/12/2024" in text
    assert "xong đúng hạn;100%;28/08/2024" in text
    assert "chưa xong, còn hạn; chưa xong, còn hạn" in text


@pytest.mark.parametrize("name", ["ke-hoach.ods", "ke-hoach.pdf", "ke-hoach"])
def test_other_kinds_are_refused_with_those_that_work(tracker: Command, home: Path, tmp_path: Path, name: str) -> None:
    answer = tracker("plan", "export", str(tmp_path / name), "--demo")
    assert answer.status == 1
    assert ".xlsx, .docx, .csv, .json" in answer.err
    assert not (tmp_path / name).exists()


def test_a_file_that_lacks_tasks_of_the_plan_asks_before_it_drops_them(
    tracker: Command, home: Path, tmp_path: Path
) -> None:
    tracker(*QUICK_IMPORT, "--monitor", "phong-gddt")
    whole = tmp_path / "ca.csv"
    tracker("plan", "export", str(whole))
    lines = whole.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    cut = tmp_path / "thieu.csv"
    cut.write_text("".join(lines[:-3]), encoding="utf-8")
    preview = tracker("plan", "import", str(cut), "--plan", "1", "--dry-run", "--json")
    assert (preview.status, json.loads(preview.out)["counts"]["dropped"]) == (1, 3)
    refused = tracker("plan", "import", str(cut), "--plan", "1", "--json")
    assert refused.status == 1
    assert "3 nhiệm vụ đang có trong kế hoạch không còn trong văn bản: số 39, 40, 41" in refused.err
    assert "số 39, 40, 41" in json.loads(refused.out)["refused"]
    assert tracker("plan", "import", str(cut), "--plan", "1", "--accept-defaults").status == 0
    back = tracker("plan", "import", str(whole), "--plan", "1", "--json")
    assert json.loads(back.out)["counts"]["dropped"] == 0


def test_an_import_tells_how_many_units_its_groups_stand_for(tracker: Command, home: Path) -> None:
    assert "Nhóm “các trường học”: 6 đơn vị trong danh bạ." in tracker(*QUICK_IMPORT).err


def test_an_export_to_nowhere_is_told(tracker: Command, home: Path, tmp_path: Path) -> None:
    tracker(*QUICK_IMPORT)
    answer = tracker("plan", "export", str(tmp_path / "khong-co" / "a.csv"))
    assert answer.status == 1
    assert "Không ghi được tệp" in answer.err


def test_commands_mean_the_plan_that_runs_on_the_day(tracker: Command, home: Path, tmp_path: Path) -> None:
    seed = json.loads((ROOT / "seeds/plans/hai-an-2024-2025.json").read_text(encoding="utf-8"))
    next_year = tmp_path / "nam-sau.json"
    next_year.write_text(
        json.dumps(seed | {"plan": {"title": "Kế hoạch năm sau", "school_year": "2025-2026"}}), encoding="utf-8"
    )
    asked = (("plan", "status", "--demo", "--json"), ("feed", "--scope", "plan", "--demo"))
    before = [tracker(*each).out for each in asked]
    assert tracker("plan", "import", str(next_year), "--demo", "--accept-defaults").status == 0
    assert [tracker(*each).out for each in asked] == before
    later = json.loads(tracker("plan", "status", "--demo", "--as-of", "2025-10-01", "--json").out)
    assert later["plan"]["school_year"] == "2025-2026"


def test_what_was_corrected_in_a_page_is_taken_over_by_the_command(
    tracker: Command, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "sai.csv"
    file.write_text(SMALL.replace("31/10/2024", "31/4/2025"), encoding="utf-8")
    again = ("plan", "import", str(file), "--demo", "--accept-defaults", "--new-plan")
    assert tracker(*again).status == 1
    with open_app(True, may_freeze=True):
        who, files, zone = people.by_email("monitor@example.org").person, runtime().files, runtime().zone
        upload = Upload(file.name, file.read_bytes())
        draft = import_wizard.begin(who, upload, files=files, now=NOW, school_year="2024-2025")
        read(draft, 1, files=files)
        import_wizard.decide(who, draft, NOW, lambda decisions: decisions.with_cells(1, {"due": "30/4/2025"}))
        import_wizard.compare(who, draft, now=NOW, zone=zone)
        seen = drafts.one(draft).difference["fingerprint"]
        import_wizard.confirm(who, draft, seen=seen, accept_defaults=True, now=NOW, zone=zone)
    answer = tracker(*again)
    assert answer.status == 0
    assert "hoàn thành: trong văn bản “31/4/2025”; sửa khi nhập “30/4/2025”" in answer.err
    assert "Không có gì thay đổi" in answer.err
    refused = tracker(*again, "--as-printed")
    assert "không có ngày 31/4" in refused.err
