"""A school year of reminders over the real plan: what is owed goes once, what is not goes to nobody, all of it told.

The oracle says in its own plain words what is owed; at every tick the messages planned and sent are compared with it.
"""

import random
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.support.reminder_facts import local
from tests.support.school_life import Life
from tests.support.school_year import SchoolYear, at
from tests.support.worlds import ISSUED
from tracker.adapters.files import FileStore

pytestmark = pytest.mark.one_database


@pytest.fixture
def life(world: Flask, tmp_path) -> Life:
    made = Life(2024, FileStore(tmp_path))
    with world.app_context():
        made.fill_the_office(ISSUED)
        yield made


def show(year: SchoolYear) -> None:
    for name, count in sorted(year.figures.items()):
        print(f"{count:7} {name}")  # noqa: T201


def test_two_days_send_what_is_owed_and_nothing_else(world: Flask, life: Life) -> None:
    year = SchoolYear(world, 7)
    first = date(2024, 12, 9)
    life.special = {date(2024, 12, 10): [life.hurry, life.close_accounts, life.finish_late_work, life.other_rules]}
    outages = [(at(date(2024, 12, 10), 7), at(date(2024, 12, 10), 8))]
    year.post.away = [(at(date(2024, 12, 9), 7), at(date(2024, 12, 10), 10))]
    sample = random.Random(1)
    year.live(first, first + timedelta(days=1), life.of_day, outages, lambda _moment: sample.random() < 0.05)
    show(year)
    assert year.figures["messages sent (mail)"] > 10
    assert year.figures["lines struck out, for nothing was owed any more"]
    assert year.figures["messages whose lines were told by a later digest"] > 10


@pytest.mark.long
def test_a_year_with_outages_a_merger_and_failing_mail_sends_what_is_owed_and_nothing_else(
    world: Flask, life: Life
) -> None:
    year = SchoolYear(world, 11)
    first = date(2024, 8, 1)
    life.special = {
        date(2024, 10, 16): [life.close_accounts],
        date(2024, 11, 6): [life.new_colleague],
        date(2024, 11, 12): [life.day_off],
        date(2024, 12, 4): [life.other_rules],
        date(2024, 11, 27): [life.finish_late_work],
        date(2025, 1, 8): [life.quiet_sooner],
        date(2025, 5, 6): [life.hurry],
        date(2025, 2, 10): [life.merge],
        date(2025, 3, 19): [life.close_accounts],
    }
    outages = [
        (at(date(2024, 9, 10), 7), at(date(2024, 9, 10), 8)),
        (at(date(2024, 12, 17)), at(date(2024, 12, 18))),
        (at(date(2025, 3, 3)), at(date(2025, 3, 17))),
    ]
    year.post.refused = {"p3@example.org"}
    year.post.away = [
        (at(date(2024, 10, 1), 7), at(date(2024, 10, 1), 15)),
        (at(date(2024, 11, 26), 7), at(date(2024, 11, 29), 9)),
        (at(date(2025, 5, 28), 7), at(date(2025, 6, 2), 16)),
    ]
    year.post.busy = [(at(date(2024, 12, 26)), at(date(2024, 12, 27))), (at(date(2025, 4, 29)), at(date(2025, 4, 30)))]
    year.live(
        first, date(2025, 7, 31), life.of_day, outages, lambda moment: local(moment).timetuple().tm_yday % 29 == 0
    )
    show(year)
    assert year.figures["messages sent (mail)"] > 1_000
