"""`tracker unit`: what becomes of units, near names, groups, from the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

DEMO = ("--demo",)
EVENT = ("--on", "2024-12-10", "--document", "Nghị quyết số 202/2025/QH15", "--demo")
MERGE = ("unit", "merge", "phong-gddt", "phong-noi-vu", "--into", "phong-vhxh=Phòng Văn hóa - Xã hội", *EVENT)


def status(tracker: Command, day: str) -> str:
    return tracker("plan", "status", "--demo", "--json", "--as-of", day).out


def test_the_status_of_a_day_before_an_event_is_byte_for_byte_the_same(tracker: Command, home: Path) -> None:
    days = ("2024-09-01", "2024-12-09")
    before = [status(tracker, day) for day in days]
    text = tracker("plan", "status", "--demo", "--as-of", "2024-12-09").out
    rename = ("unit", "rename", "phong-tckh", "Phòng Á Đầu Bảng", *EVENT)
    assert (tracker(*MERGE).status, tracker(*rename).status) == (0, 0)
    assert [status(tracker, day) for day in days] == before
    assert tracker("plan", "status", "--demo", "--as-of", "2024-12-09").out == text
    after = {row["code"]: row for row in json.loads(status(tracker, "2024-12-10"))["units"]}
    assert after["phong-tckh"]["name"] == "Phòng Á Đầu Bảng"
    assert sum(after["phong-vhxh"]["lead"].values()) > 20


def test_a_dry_run_shows_shares_and_people_and_writes_nothing(tracker: Command, home: Path) -> None:
    before = status(tracker, "2024-12-16")
    shown = tracker(*MERGE, "--dry-run", "--json")
    told = json.loads(shown.out)
    assert (shown.status, told["dry_run"], told["event"]) == (0, True, None)
    assert {share["decision"] for share in told["shares"]} == {"hand"}
    assert "monitor@example.org" in {person["email"] for person in told["people"]}
    assert told["watched_plans"]
    assert "Xem trước, chưa ghi gì" in shown.err
    assert "đơn vị nhận thay" in shown.err
    assert status(tracker, "2024-12-16") == before


def test_shares_are_decided_one_by_one_or_all_at_once(tracker: Command, home: Path) -> None:
    dissolve = ("unit", "dissolve", "phong-tckh", *EVENT, "--json")
    first, *rest = json.loads(tracker(*dissolve, "--dry-run").out)["shares"]
    closed = ("--share", f"{first['share']}=close", "--all", "cancel", "--reason", "Theo quyết định")
    told = json.loads(tracker(*dissolve, *closed, "--by", "admin@example.org").out)
    decisions = {share["share"]: share["decision"] for share in told["shares"]}
    assert decisions == {first["share"]: "close"} | {share["share"]: "cancel" for share in rest}
    life = json.loads(tracker("unit", "show", "phong-tckh", "--demo", "--json").out)
    assert life["ends_on"] == "2024-12-09"
    assert [event["kind"] for event in life["events"]] == ["dissolve"]
    assert life["events"][0]["person"]
    assert "dissolve (Nghị quyết" in tracker("unit", "show", "phong-tckh", "--demo").out


@pytest.mark.long
def test_a_split_a_takeover_and_an_event_to_come(tracker: Command, home: Path) -> None:
    into = ("--into", "phong-tc=Phòng Tài chính", "--into", "phong-kinh-te")
    split = tracker(
        "unit", "split", "phong-tckh", *into, *EVENT, "--all", "phong-kinh-te", "--person", "lead@example.org=phong-tc"
    )
    assert split.status == 0, split.err
    assert "về phong-tc" in split.err
    coming = ("--on", "2025-07-01", "--document", "QĐ 2", "--demo")
    taken = tracker("unit", "takeover", "phong-noi-vu", "--to", "phong-y-te", "--ends", *coming)
    assert taken.status == 0
    assert "Người và việc theo dõi chuyển vào ngày 01/07/2025." in taken.err
    people = {
        person["email"]: person["unit_code"] for person in json.loads(tracker("user", "list", "--demo", "--json").out)
    }
    assert people["lead@example.org"] == "phong-tc"
    assert people["noivu@example.org"] == "phong-noi-vu"
    tracker("remind", "--demo", "--now", "2025-07-01T08:00+07:00")
    people = {
        person["email"]: person["unit_code"] for person in json.loads(tracker("user", "list", "--demo", "--json").out)
    }
    assert people["noivu@example.org"] == "phong-y-te"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("merge", "phong-gddt", "--into", "phong-gddt", *EVENT), 1, "vào chính nó"),
        (("merge", "phong-la", "--into", "phong-gddt", *EVENT), 1, "Hãy chọn lại đơn vị. Xem mã: tracker unit list."),
        (("merge", "phong-gddt", "--into", "Mã xấu=Tên", *EVENT), 1, "chữ thường không dấu"),
        (("merge", "phong-gddt", "--into", "phong-noi-vu=Tên", *EVENT), 1, "đã có trong danh bạ"),
        (("split", "phong-gddt", *EVENT), 1, "Chia tách cần"),
        (("dissolve", "phong-gddt", "--all", "cancel", *EVENT), 1, "Hãy ghi lý do"),
        (("dissolve", "phong-gddt", "--share", "x=close", *EVENT), 2, "không đúng dạng"),
        (("dissolve", "phong-gddt", "--person", "lead@example.org", *EVENT), 2, "không đúng dạng"),
        (("dissolve", "phong-gddt", "--person", "=phong-y-te", *EVENT), 1, "Không có tài khoản"),
        (("dissolve", "phong-gddt", "--by", "la@example.org", *EVENT), 1, "Không có tài khoản"),
        (("dissolve", "phong-gddt", "--by", "partner@example.org", *EVENT), 1, "Chỉ quản trị viên"),
        (("dissolve", "phong-gddt", "--document", "x", "--demo"), 2, "--on"),
        (("dissolve", "phong-gddt", "--on", "31/4/2025", "--document", "x", "--demo"), 2, "31/4/2025"),
        (("rename", "phong-gddt", *EVENT), 1, "đều như cũ"),
        (("show", "phong-la", "--demo"), 1, "Không có đơn vị với mã “phong-la”"),
        (("group", "cac-truong-hoc", "--demo"), 2, "đúng một cách đếm"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    tracker: Command, home: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    answer = tracker("unit", *arguments)
    assert (answer.status, sentence in answer.err) == (code, True), answer.err


def test_units_and_groups_are_added_found_and_given_names(tracker: Command, home: Path) -> None:
    unit = ("unit", "add", "chi-cuc-thue", "Chi cục Thuế khu vực", "--kind", "department", "--alias", "CCT")
    assert tracker(*unit).status == 0
    assert tracker("unit", "alias", "Cơ quan thuế", "chi-cuc-thue").err == "Từ nay “Cơ quan thuế” là chi-cuc-thue.\n"
    assert "từ trước" in tracker("unit", "alias", "cơ quan thuế", "chi-cuc-thue").err
    near = json.loads(tracker("unit", "find", "Chi cuc thuế khu vưc Hải An", "--json", "--most", "1").out)
    assert [each["code"] for each in near] == ["chi-cuc-thue"]
    assert "chi-cuc-thue" in tracker("unit", "find", "Chi cục thuế").out
    group = ("unit", "group", "truong-ban-tru", "--name", "các trường bán trú", "--by-hand", "truong-mn-moi")
    for code in ("truong-mn-moi", "truong-mn-hai"):
        tracker("unit", "add", code, f"Trường Mầm non {code}", "--kind", "school", "--level", "preschool")
    assert "nay có 1 đơn vị" in tracker(*group).err
    assert (
        "nay có 2 đơn vị"
        in tracker("unit", "group", "truong-ban-tru", "--by-rule", "school", "--level", "preschool").err
    )
    assert "nay có 0 đơn vị" in tracker("unit", "group", "truong-ban-tru", "--open").err
