from datetime import date

import pytest

from tracker.domain.errors import Refused
from tracker.domain.periods import Difference, check_period, differences, digest_of

TODAY = date(2025, 1, 20)
CELLS = {"done_on_time": 1, "overdue": 0}


def figures(**milestone):
    one = {"id": 7, "number": "7", "title": "Thu chi", "due": "2024-09-30", "cell": "in_time", "done_on": None}
    unit = {"code": "a", "name": "Phòng A", "lead": CELLS, "partner": CELLS}
    milestones = [{**one, "days_late": 0, **milestone}]
    return {"as_of": "2025-01-17", "cells": CELLS, "quiet": 0, "units": [unit], "milestones": milestones}


def test_equal_figures_have_no_difference_and_one_checksum_in_any_order():
    assert differences(figures(), figures()) == []
    assert digest_of(figures()) == digest_of(dict(reversed(figures().items())))
    assert digest_of(figures()) != digest_of(figures(days_late=1))


def test_each_figure_that_changed_is_named():
    moved = figures(cell="overdue", days_late=3)
    moved["units"] = []
    assert differences(figures(), moved) == [
        Difference("unit", "Phòng A", "lead.done_on_time", "1", None),
        Difference("unit", "Phòng A", "lead.overdue", "0", None),
        Difference("unit", "Phòng A", "partner.done_on_time", "1", None),
        Difference("unit", "Phòng A", "partner.overdue", "0", None),
        Difference("milestone", "7. Thu chi", "cell", "in_time", "overdue"),
        Difference("milestone", "7. Thu chi", "days_late", "0", "3"),
    ]


def test_the_name_is_tidied():
    assert check_period("  Học  kỳ I ", "", None, date(2025, 1, 17), TODAY) == "Học kỳ I"


@pytest.mark.parametrize(
    ("name", "first", "last", "told"),
    [
        (" ", None, date(2025, 1, 17), "tên kỳ"),
        ("x" * 121, None, date(2025, 1, 17), "tên kỳ"),
        ("Kỳ", None, TODAY, "sau ngày cuối"),
        ("Kỳ", date(2025, 1, 18), date(2025, 1, 17), "Ngày đầu kỳ"),
        ("Kỳ", None, date(1, 1, 1), "1990"),
    ],
)
def test_what_cannot_be_closed_is_refused_in_words(name, first, last, told):
    with pytest.raises(Refused, match=told):
        check_period(name, "", first, last, TODAY)
