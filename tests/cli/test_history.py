"""`tracker history`, and the commands of closed periods, on the demonstration."""

import json

DEMO = ("--demo",)


def test_the_history_since_a_day(home, tracker):
    told = tracker("history", "--since", "2024-01-01", *DEMO)
    assert told.status == 0
    assert "Nhập kế hoạch" in told.out
    lines = json.loads(tracker("history", "--since", "2024-01-01", "--json", *DEMO).out)
    assert {"at", "person", "what", "field", "old", "new"} <= set(lines[0])
    assert lines == sorted(lines, key=lambda line: line["at"], reverse=True)
    assert json.loads(tracker("history", "--since", "2030-01-01", "--json", *DEMO).out) == []


def test_a_period_is_closed_and_checked(home, tracker):
    closed = tracker("plan", "close-period", "1", "--to", "2024-11-30", "--name", "Học kỳ I", "--json", *DEMO)
    assert closed.status == 0
    assert sum(json.loads(closed.out)["cells"].values()) == 42
    checked = tracker("plan", "check-period", "1", "--json", *DEMO)
    assert checked.status == 0
    assert [each["differences"] for each in json.loads(checked.out)["periods"]] == [[]]
    again = tracker("plan", "close-period", "1", "--to", "2024-11-30", "--name", "học kỳ i", *DEMO)
    assert again.status == 1
    assert "đã chốt" in again.err
