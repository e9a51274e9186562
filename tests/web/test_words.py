"""Numbers and the words that go with them, in both languages."""

import pytest
from flask import Flask

from tracker.web.templating import days_words, ngettext

# Pages whose questions to the database are asked on both kinds elsewhere.
pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("locale", "count", "words"),
    [
        ("en", 0, "0 days"),
        ("en", 1, "1 day"),
        ("en", 5, "5 days"),
        ("vi", 1, "1 ngày"),
        ("vi", 5, "5 ngày"),
    ],
)
def test_a_number_of_days_is_told_as_people_say_it(app: Flask, locale, count, words):
    with app.test_request_context(headers={"Cookie": f"locale={locale}"}):
        assert days_words(count) == words


def test_a_counted_message_takes_its_other_words_too(app: Flask):
    with app.test_request_context(headers={"Cookie": "locale=en"}):
        told = [ngettext("%(n)s mốc, tính đến %(day)s", "%(n)s mốc, tính đến %(day)s", n, day="x") for n in (1, 2)]
    assert told == ["1 milestone, as of x", "2 milestones, as of x"]
