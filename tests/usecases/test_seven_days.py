"""Seven days of hourly ticks over the demonstration: every mail, and why each one went.

`pytest -s` prints the table.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.support.office import at, desk
from tests.support.worlds import NOW, closing, make_app
from tracker.clock import FrozenClock
from tracker.domain.reminders import Skip
from tracker.usecases.reminders import tick

MONDAY = at("2024-12-16T00:00")
HOURS = range(6, 19)

# Day, lines told, who was told exactly that. Nothing on Wednesday and Thursday; Saturday and Sunday are off.
# Task 7 (31/8) fell on Thursday the 19th and task 8 (30/11) on Tuesday the 17th for another week of lateness: both were
# told on Monday, when the scheduler came up for the first time, and so come again a week later.
# Monday also brings what is late by more than 15 days to its monitor and by more than 22 to the leader (the heads are
# among those who do the work, and were told so), what waits for an answer, leads that have gone quiet, and the leader's
# page of the week. On Friday
# the other monitor has waited for a week with its own report of task 24.
EXPECTED = """\
16/12 07:00 | 17 overdue | khoi.thcs
16/12 07:00 | 18 overdue | noivu, noivu.chuyenvien
16/12 07:00 | 19 quiet | office
16/12 07:00 | 7 late-leaders, 17 late-leaders, 18 late-leaders | leader
16/12 07:00 | 7 overdue | lead, tckh.chuyenvien
16/12 07:00 | 8 overdue | gddt.thcs, gddt.tieuhoc, gddt.truongphong
16/12 07:00 | 8 overdue, 7 late-monitors, 17 late-monitors, 18 late-monitors, 24 waiting, 10 quiet, 12 quiet, 5 quiet, \
11 quiet, 11 quiet, 11 quiet, 11 quiet, 11 quiet | monitor
16/12 07:00 | Tuần từ ngày 16/12/2024: 4 mốc quá hạn | leader
17/12 07:00 | 22 before-14, 25 before-14 | gddt.thcs, gddt.tieuhoc, gddt.truongphong, monitor, thcscatbi, thcsdanghai, \
thcsdanglam, thcsdonghai1, thcsnamhai, thcsthanhto, thcstrangcat, ththcsdonghai2
17/12 07:00 | 25 before-14 | partner, thcatbi, thdanghai, thdanglam, thdonghai1, thnamhai, thtrangcat
20/12 07:00 | 17 overdue | khoi.thcs
20/12 07:00 | 18 overdue | noivu, noivu.chuyenvien
20/12 07:00 | 24 waiting | office
"""


def moments() -> Iterator[datetime]:
    """Every hour of seven days, from six in the morning to six in the evening, in Vietnam."""
    for day in range(7):
        for hour in HOURS:
            yield MONDAY + timedelta(days=day, hours=hour)


@pytest.fixture
def app(installation: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on the demonstration."""
    folder = shutil.copytree(installation / "demo", tmp_path / "demo")
    with closing(make_app(f"sqlite:///{folder}/tracker.sqlite3", folder, FrozenClock(NOW))) as app:
        yield app


@pytest.fixture
def seven_days(app: Flask) -> tuple[list[tuple[str, str, str]], list[tuple[str, Skip]]]:
    """(moment, lines, recipient) of every mail planned, and what was skipped at noon of each day."""
    mails, skipped = [], []
    with app.app_context():
        office = desk(app, MONDAY)
        for moment in moments():
            result = tick(desk(app, moment))
            local = moment.astimezone(office.zone)
            for mail in result.messages:
                lines = ", ".join(f"{item['task']} {item['rule']}" for item in mail["items"]) or mail["subject"]
                mails.append((f"{local:%d/%m %H:%M}", lines, mail["to"].partition("@")[0]))
            if f"{local:%H:%M}" == "12:00":
                asked = tick(desk(app, moment), dry_run=True)
                skipped += [(f"{local:%d/%m}", skip) for skip in asked.skipped]
    return mails, skipped


def test_seven_days_send_exactly_these_mails_for_these_reasons(
    seven_days: tuple[list[tuple[str, str, str]], list[tuple[str, Skip]]],
) -> None:
    mails, skipped = seven_days
    told: dict[tuple[str, str], list[str]] = {}
    for moment, lines, who in mails:
        told.setdefault((moment, lines), []).append(who)
    table = sorted(f"{moment} | {lines} | {', '.join(sorted(who))}" for (moment, lines), who in told.items())
    print("\n".join(["", *table]))  # noqa: T201
    assert "\n".join(table) + "\n" == EXPECTED
    reasons = {
        (day, skip.reason.value, f"{skip.share.number} {skip.share.unit_name}" if skip.share else "")
        for day, skip in skipped
    }
    assert {reason for _day, reason, _about in reasons} == {
        "told-already",
        "unit-has-nobody",
        "waits-for-acceptance",
        "day-off",
    }
    assert {day for day, reason, _about in reasons if reason == "day-off"} == {"21/12", "22/12"}
    on_tuesday = {
        why: sorted(about for day, reason, about in reasons if (day, reason) == ("17/12", why))
        for why in ("waits-for-acceptance", "unit-has-nobody")
    }
    wards = ("Cát Bi", "Nam Hải", "Thành Tô", "Tràng Cát", "Đông Hải 1", "Đông Hải 2", "Đằng Hải", "Đằng Lâm")
    assert on_tuesday == {
        "waits-for-acceptance": ["24 Ban Chỉ đạo phổ cập giáo dục quận", "24 Phòng Giáo dục và Đào tạo"],
        "unit-has-nobody": [f"24 Ban Chỉ đạo phổ cập giáo dục phường {ward}" for ward in wards],
    }
