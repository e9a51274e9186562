"""`tracker unit group-changes`: what waits since groups changed, and its confirmation."""

import json
from pathlib import Path

from tests.cli.conftest import Command

LIST = ("unit", "group-changes", "--demo")
ADD = ("unit", "add", "truong-th-moi", "Trường Tiểu học Mới", "--kind", "school", "--level", "primary", "--demo")


def waiting(tracker: Command) -> list[dict[str, object]]:
    return json.loads(tracker(*LIST, "--json").out)["changes"]


def test_a_new_school_waits_until_somebody_confirms_it(tracker: Command, home: Path) -> None:
    assert "Không có thay đổi nào chờ xác nhận" in tracker(*LIST).err
    assert tracker(*ADD).status == 0
    found = waiting(tracker)
    assert {(each["unit"], each["change"], each["why"]) for each in found} == {("truong-th-moi", "add", "joined")}
    assert "thêm  Trường Tiểu học Mới" in tracker(*LIST).out
    assert tracker(*LIST, "--all").status != 0, "a reason is asked for"
    assert waiting(tracker) == found
    one = next(str(each["key"]) for each in found if each["advised"])
    assert tracker(*LIST, "--confirm", one, "--reason", "QĐ 1", "--by", "monitor@example.org").status == 0
    assert tracker(*LIST, "--all", "--reason", "QĐ 2").status == 0
    assert [each["advised"] for each in waiting(tracker)].count(True) == 0
    assert tracker(*LIST, "--confirm", one, "--reason", "QĐ 3").status != 0
    assert tracker(*LIST, "--plan", "99").status != 0
    assert tracker(*LIST, "--confirm", one, "--reason", "QĐ 3", "--by", "nobody@example.org").status != 0
