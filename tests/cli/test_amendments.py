"""`tracker plan import --amendment`, and the two versions of a plan."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

HEAD = ("--plan", "1", "--amendment", "123/QĐ-UBND", "--issued", "2024-10-15", "--accept-defaults", "--demo")


@pytest.fixture
def revised(tracker: Command, home: Path, tmp_path: Path) -> Path:
    """The demonstration's plan as a file, task 1 due later and task 31 gone."""
    file = tmp_path / "dieu-chinh.json"
    assert tracker("plan", "export", str(file), "--demo").status == 0
    plan = json.loads(file.read_text(encoding="utf-8"))
    (milestone,) = plan["tasks"][0]["milestones"]
    milestone.update(due="2024-12-31", due_as_written="Tháng 12/2024")
    plan["tasks"] = [task for task in plan["tasks"] if task["number"] != "31"]
    file.write_text(json.dumps(plan), encoding="utf-8")
    return file


def status(tracker: Command, *options: str) -> dict[str, int]:
    cells: dict[str, int] = json.loads(tracker("plan", "status", "--demo", "--json", *options).out)["cells"]
    return cells


def test_an_amendment_is_recorded_once_and_leaves_earlier_days_alone(tracker: Command, revised: Path) -> None:
    before, today = status(tracker, "--as-of", "2024-10-14"), status(tracker)
    preview = tracker("plan", "import", str(revised), *HEAD, "--dry-run", "--json")
    assert json.loads(preview.out)["counts"] == {"added": 0, "changed": 1, "dropped": 1, "unchanged": 39}
    assert status(tracker) == today
    first = tracker("plan", "import", str(revised), *HEAD)
    assert "Đã ghi điều chỉnh số 123/QĐ-UBND của kế hoạch số 1" in first.err
    assert status(tracker, "--as-of", "2024-10-14") == before
    assert sum(status(tracker).values()) == 41
    assert status(tracker, "--version", "issued") == today
    again = tracker("plan", "import", str(revised), *HEAD, "--json")
    assert "Không có gì thay đổi" in again.err
    assert json.loads(again.out)["amendment"] == {
        "number": "123/QĐ-UBND", "issued_on": "2024-10-15", "issuer": None, "note": "",
    }  # fmt: skip


def test_both_versions_are_exported(tracker: Command, revised: Path, tmp_path: Path) -> None:
    tracker("plan", "import", str(revised), *HEAD)
    counted = {}
    for version in ("issued", "current"):
        file = tmp_path / f"{version}.json"
        tracker("plan", "export", str(file), "--demo", "--version", version)
        tasks = json.loads(file.read_text(encoding="utf-8"))["tasks"]
        counted[version] = len(tasks), tasks[0]["milestones"][0]["due"]
    assert counted == {"issued": (41, "2024-08-31"), "current": (40, "2024-12-31")}


def test_a_reworded_row_is_joined_to_its_old_one_by_number(tracker: Command, revised: Path) -> None:
    plan = json.loads(revised.read_text(encoding="utf-8"))
    plan["tasks"][6]["title"] = "Nâng cao chất lượng đội ngũ trong tình hình mới"
    revised.write_text(json.dumps(plan), encoding="utf-8")
    number = plan["tasks"][6]["number"]
    joined = tracker("plan", "import", str(revised), *HEAD, "--same", f"{number}={number}", "--dry-run", "--json")
    assert json.loads(joined.out)["counts"]["added"] == 0
    new = tracker("plan", "import", str(revised), *HEAD, "--same", f"{number}=", "--dry-run", "--json")
    assert json.loads(new.out)["counts"]["added"] == 1
    assert "Không rõ “7=99”" in tracker("plan", "import", str(revised), *HEAD, "--same", "7=99").err


@pytest.mark.parametrize("half", [("--amendment", "1/QĐ"), ("--issued", "2024-10-15")])
def test_number_and_day_belong_together(tracker: Command, revised: Path, half: tuple[str, ...]) -> None:
    answer = tracker("plan", "import", str(revised), "--demo", *half)
    assert (answer.status, "cần cả số và ngày" in answer.err) == (1, True)


def test_another_content_under_the_same_number_is_refused(tracker: Command, revised: Path) -> None:
    tracker("plan", "import", str(revised), *HEAD)
    plan = json.loads(revised.read_text(encoding="utf-8"))
    plan["tasks"].pop()
    revised.write_text(json.dumps(plan), encoding="utf-8")
    answer = tracker("plan", "import", str(revised), *HEAD)
    assert (answer.status, "nội dung khác" in answer.err) == (1, True)


def test_next_years_draft_is_previewed_then_made_once(tracker: Command, home: Path) -> None:
    preview = tracker("plan", "rollover", "--to", "2025-2026", "--demo", "--dry-run", "--json")
    told = json.loads(preview.out)
    assert (told["plan"]["id"], told["plan"]["state"], told["tasks"], told["milestones"]) == (None, "draft", 41, 42)
    opening = next(each for each in told["proposals"] if (each["task"], each["field"]) == ("13", "due"))
    assert (opening["new"], opening["to_confirm"]) == ("Ngày 05/9/2025", True)
    assert "Xem trước, chưa ghi gì" in preview.err
    made = tracker("plan", "rollover", "--to", "2025-2026", "--demo", "--json")
    assert json.loads(made.out)["plan"]["id"] == 2
    assert json.loads(tracker("plan", "status", "--demo", "--json").out)["plan"]["id"] == 1
    again = tracker("plan", "rollover", "--to", "2025-2026", "--demo")
    assert (again.status, "đã có dự thảo" in again.err) == (1, True)
    assert "không phải năm học" in tracker("plan", "rollover", "--to", "2025", "--demo").err


def test_a_draft_is_thrown_away_by_number_and_a_plan_in_force_is_not(tracker: Command, home: Path) -> None:
    tracker("plan", "rollover", "--to", "2025-2026", "--demo")
    preview = tracker("plan", "discard-draft", "2", "--demo", "--dry-run", "--json")
    told = json.loads(preview.out)
    assert (told["plan"]["id"], told["tasks"], told["decided"], told["dry_run"]) == (2, 41, 0, True)
    assert "Xem trước, chưa bỏ gì: 41 nhiệm vụ" in preview.err
    assert "Đã bỏ dự thảo, kế hoạch số 2: 41 nhiệm vụ" in tracker("plan", "discard-draft", "2", "--demo").err
    again = tracker("plan", "discard-draft", "2", "--demo")
    assert (again.status, "có thể đã có người bỏ" in again.err) == (1, True)
    in_force = tracker("plan", "discard-draft", "1", "--demo")
    assert (in_force.status, "không còn là dự thảo" in in_force.err) == (1, True)
    assert tracker("plan", "rollover", "--to", "2025-2026", "--demo").status == 0


@pytest.fixture
def partial(tracker: Command, home: Path, tmp_path: Path) -> Path:
    """Only task 1, due later, and a new task 42."""
    file = tmp_path / "sua-doi.json"
    assert tracker("plan", "export", str(file), "--demo").status == 0
    plan = json.loads(file.read_text(encoding="utf-8"))
    first = plan["tasks"][0]
    first["milestones"][0].update(due="2024-12-31", due_as_written="Tháng 12/2024")
    plan["tasks"] = [first, {**first, "number": "42", "title": "Diễn tập phòng cháy, chữa cháy trong trường học"}]
    file.write_text(json.dumps(plan), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("options", "dropped"),
    [((), 0), (("--only-listed",), 0), (("--whole-plan",), 40)],
    ids=["proposed", "listed", "all"],
)
def test_a_partial_amendment_drops_nothing_unasked(
    tracker: Command, partial: Path, options: tuple[str, ...], dropped: int
) -> None:
    preview = tracker("plan", "import", str(partial), *HEAD, "--dry-run", "--json", *options)
    told = json.loads(preview.out)
    assert told["counts"]["dropped"] == dropped
    asked = {each["code"] for each in told["findings"] if each["severity"] == "question"}
    assert ("tasks-gone" in asked) == bool(dropped)
    assert ("only-listed" in asked) == (not options)
    waiting = tracker("plan", "import", str(partial), *(each for each in HEAD if each != "--accept-defaults"), *options)
    assert waiting.status == (0 if options == ("--only-listed",) else 1)


def test_a_row_is_left_out_by_number_with_a_reason(tracker: Command, partial: Path) -> None:
    answer = tracker("plan", "import", str(partial), *HEAD, "--skip", "42=chưa duyệt", "--json")
    assert "không nhập 42. Diễn tập phòng cháy, chữa cháy trong trường học (chưa duyệt)" in answer.err
    told = json.loads(answer.out)
    assert (told["counts"]["added"], told["skipped"][0]["reason"]) == (0, "chưa duyệt")
    for wrong in ("42=", "99=lý do", "42"):
        assert "Không rõ" in tracker("plan", "import", str(partial), *HEAD, "--skip", wrong).err


@pytest.mark.long
def test_a_document_like_the_plan_that_is_there_asks_which_one_is_meant(
    tracker: Command, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "dieu-chinh.json"
    tracker("plan", "export", str(file), "--demo")
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan["plan"]["title"] += " (điều chỉnh)"
    file.write_text(json.dumps(plan), encoding="utf-8")
    asked = tracker("plan", "import", str(file), "--demo", "--dry-run")
    assert (asked.status, "(41/41 nhiệm vụ)" in asked.err) == (1, True)
    assert "41/41" not in tracker("plan", "import", str(file), "--demo", "--dry-run", "--new-plan").err
    assert "thêm 0" in tracker("plan", "import", str(file), "--demo", "--dry-run", "--plan", "1").err


@pytest.mark.long
def test_the_first_version_after_an_amendment_is_told_as_such(tracker: Command, revised: Path, tmp_path: Path) -> None:
    issued = tmp_path / "ban-dau.json"
    tracker("plan", "export", str(issued), "--demo")
    tracker("plan", "import", str(revised), *HEAD)
    answer = tracker("plan", "import", str(issued), "--plan", "1", "--demo", "--accept-defaults")
    assert "bản ban hành lần đầu của kế hoạch số 1" in answer.err
    assert "khác bản ấy ở 2 nhiệm vụ" in answer.err
