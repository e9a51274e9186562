"""Rules as data: what they say of themselves, what is refused, and the ones that come with the program."""

from dataclasses import replace

import pytest

from tests.support.reminding import RULES
from tracker.adapters.words import translate
from tracker.domain.errors import Refused
from tracker.domain.reminder_rules import Audience, Event, Rule, check_rule, described, headline
from tracker.domain.words import filled

BY_CODE = {rule.code: rule for rule in RULES}


def said(rule: Rule, locale: str) -> str:
    when, to = described(rule)
    parts = (", ".join(filled(*each, lambda text: translate(locale, text)) for each in part) for part in (when, to))
    return " → ".join(parts)


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        (
            "before-14",
            "Còn 14 ngày đến hạn → người thực hiện của đơn vị chủ trì, người thực hiện của đơn vị phối hợp",
            "Due in 14 days → those who do it in the lead unit, those who do it in partner units",
        ),
        ("before-1", "Còn 1 ngày đến hạn → ", "Due in 1 day → "),
        ("due-day", "Đến hạn → ", "Due → "),
        ("overdue", "Quá hạn từ 1 ngày, nhắc lại mỗi 7 ngày → ", "Overdue by 1 day, again every 7 days → "),
        (
            "late-heads",
            "Quá hạn từ 8 ngày, hoặc đã đôn đốc 2 lần, nhắc lại mỗi 14 ngày → thủ trưởng đơn vị",
            "Overdue by 8 days, or urged 2 times, again every 14 days → heads of the unit",
        ),
        ("returned", "Bị trả lại, gửi ngay → ", "Sent back, sent at once → "),
        ("quiet", "Im lặng, nhắc lại mỗi 7 ngày, vào thứ Hai → ", "Gone quiet, again every 7 days, on Monday → "),
    ],
)
def test_a_rule_says_in_either_language_what_it_does(code: str, vi: str, en: str) -> None:
    assert said(BY_CODE[code], "vi").startswith(vi)
    assert said(BY_CODE[code], "en").startswith(en)


def test_the_offices_own_name_is_used_where_there_is_one() -> None:
    rule = BY_CODE["before-7"]
    assert filled(*headline(rule)) == "Còn 7 ngày đến hạn"
    assert filled(*headline(replace(rule, name="Tuần cuối 100%"))) == "Tuần cuối 100%"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_rules_that_come_with_the_program_may_stand(rule: Rule) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": 366}, "Số ngày phải từ 0 đến 365"),
        ({"to": frozenset()}, "ít nhất một nơi nhận"),
        ({"event": Event.RETURNED, "days": 3}, "không biết trước được"),
        ({"event": Event.START, "days": -1}, "trước hoặc trong ngày đó"),
        ({"days": -1, "to": frozenset({Audience.PARTNERS})}, "không bị nhắc quá hạn"),
        ({"every": 7}, "Chỉ nhắc lặp lại được sau ngày đó"),
        ({"days": -1, "every": 0}, "Chỉ nhắc lặp lại được sau ngày đó"),
        ({"days": -1, "times": 3}, "Số lần nhắc phải từ 1"),
        ({"days": -1, "every": 7, "times": 0}, "Số lần nhắc phải từ 1"),
        ({"weekday": 1}, "thứ trong tuần"),
        ({"days": -8, "urged": 2}, "Số lần đôn đốc"),
        ({"name": "x" * 201}, "Tên quy tắc dài quá"),
    ],
)
def test_a_rule_that_cannot_speak_is_refused_with_the_mend(changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_rule(replace(BY_CODE["due-day"], **changes))  # type: ignore[arg-type]
