"""`tracker days-off`, `tracker plan settings` and `tracker unit give`, on the demonstration."""

import json
from pathlib import Path

from tests.cli.conftest import Command

GIVE = ("unit", "give", "phong-tckh", "--demo")
SETTINGS = ("plan", "settings", "--demo")


def answer(tracker: Command, *arguments: str) -> dict[str, object]:
    said = tracker(*arguments, "--demo", "--json")
    assert said.status == 0, said.err
    return json.loads(said.out)


def test_a_day_off_is_written_listed_and_removed(tracker: Command, home: Path) -> None:
    day = ("days-off", "set", "2024-12-27", "--name", "Nghỉ bù", "--document", "QĐ 9")
    assert answer(tracker, *day, "--by", "admin@example.org")["is_off"] is True
    listed = ("days-off", "list", "--year", "2024")
    assert {"day": "2024-12-27", "name": "Nghỉ bù"}.items() <= answer(tracker, *listed)[-1].items()
    assert "27/12/2024  nghỉ" in tracker(*listed, "--demo").out
    refused = tracker("days-off", "set", "2024-12-30", "--name", "x", "--document", "y", "--worked", "--demo")
    assert (refused.status, "vốn là ngày làm việc" in refused.err) == (1, True)
    remove = ("days-off", "remove", "2024-12-27", "--reason", "Ghi nhầm", "--demo")
    assert tracker(*remove, "--by", "lead@example.org").status == 1
    assert [tracker(*remove).status, tracker(*remove).status] == [0, 1]
    told = tracker("history", "--since", "2024-12-16", "--demo").out
    assert "Trần Quốc Huy | Sửa ngày nghỉ" in told
    assert "(lệnh hoặc tự động) | Sửa ngày nghỉ" in told


def test_a_date_of_the_school_year_is_set_and_let_go(tracker: Command, home: Path) -> None:
    ends = ("days-off", "school-date", "2024-2025", "ends", "--document", "QĐ 9", "--demo")
    assert "30/05/2025" in tracker(*ends, "--day", "2025-05-30").err
    assert "DTSTART;VALUE=DATE:20250530" in tracker("feed", "--scope", "holidays", "--demo").out
    assert tracker(*ends, "--day", "2026-05-30", "--by", "admin@example.org").status == 1
    assert "31/05/2025" in tracker(*ends).err


def test_the_settings_of_a_plan_are_shown_and_set_all_or_none(tracker: Command, home: Path) -> None:
    before = answer(tracker, "plan", "settings")
    assert before["monitors"] == ["phong-gddt", "van-phong-hdnd-ubnd"]
    changed = answer(tracker, "plan", "settings", "--quiet-days", "21", "--late-next-day", "--monitor", "phong-noi-vu")
    assert changed == before | {"quiet_days": 21, "late_after_working_day": False, "monitors": ["phong-noi-vu"]}
    assert tracker(*SETTINGS, "--quiet-days", "9", "--monitor", "lạ").status == 1
    assert tracker(*SETTINGS, "--quiet-days", "0").status == 1
    assert tracker(*SETTINGS, "--monitor", "phong-gddt", "--no-monitor").status == 2
    assert tracker(*SETTINGS, "--quiet-days", "9", "--by", "lead@example.org").status == 1
    assert answer(tracker, "plan", "settings") == changed
    shown = tracker(*SETTINGS, "--no-monitor").out
    assert "Theo dõi: chưa có đơn vị nào." in shown
    assert "sau 21 ngày" in shown


def test_shares_are_given_to_people_of_the_unit(tracker: Command, home: Path) -> None:
    before = answer(tracker, "unit", "give", "phong-tckh")["shares"]
    task = before[0]["task"]
    given = answer(tracker, "unit", "give", "phong-tckh", "--task", task, "--to", "lead@example.org")
    assert {tuple(each["doers"]) for each in given["shares"]} == {("lead@example.org",)}
    assert "lead@example.org" in tracker(*GIVE, "--task", task).out
    assert tracker(*GIVE, "--task", task, "--to", "partner@example.org").status == 1
    assert tracker(*GIVE, "--task", task, "--to-all", "--by", "partner@example.org").status == 1
    assert tracker(*GIVE, "--task", "999").status == 1
    assert tracker(*GIVE, "--to-all").status == 2
    assert "cả đơn vị" in tracker(*GIVE, "--task", task, "--to-all", "--by", "lead@example.org").out
    assert tracker("unit", "give", "phong-la", "--demo").status == 1
