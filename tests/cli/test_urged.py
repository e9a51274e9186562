"""`tracker urged` on the demonstration."""

import json


def test_what_units_were_reminded_of_is_told_up_to_a_day(home, tracker):
    assert tracker("remind", "--demo").status == 0
    told = tracker("urged", "--demo")
    assert told.status == 0
    lines = json.loads(tracker("urged", "--json", "--demo").out)
    assert len(lines) == len(told.out.splitlines())
    assert {line["state"] for line in lines} <= {"pending", "sent"}
    one = tracker("urged", "--unit", "phong-tckh", "--from", "2024-12-16", "--to", "2024-12-16", "--json", "--demo")
    assert {(line["unit"], line["at"][:10]) for line in json.loads(one.out)} <= {("phong-tckh", "2024-12-16")}
    assert json.loads(tracker("urged", "--to", "2024-08-01", "--json", "--demo").out) == []
    assert json.loads(tracker("urged", "--by-hand", "--json", "--demo").out) == [each for each in lines if each["by"]]


def test_a_unit_that_is_none_is_told(home, tracker):
    answer = tracker("urged", "--unit", "khong-co", "--demo")
    assert answer.status == 1
    assert "khong-co" in answer.err
