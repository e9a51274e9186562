"""Numbers and the words that go with them, in both languages."""

import pytest
from flask import Flask

from tests.project.test_translations import messages
from tracker.adapters.words import translations
from tracker.web.templating import days_words, ngettext

# Pages whose questions to the database are asked on both kinds elsewhere.
pytestmark = pytest.mark.one_database

COUNTED = [text for _place, text in messages() if isinstance(text, tuple)]


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


def test_every_counted_message_has_a_form_of_its_own_for_one():
    english = translations("en")
    assert len(COUNTED) > 5
    assert [one for one, many in COUNTED if english.ngettext(one, many, 1) == english.ngettext(one, many, 2)] == []


def test_pages_count_in_the_language_of_the_reader(clients):
    page = "/units/truong-th-thanh-to"
    assert " phần việc</h2>" in clients.monitor.get(page).text
    clients.monitor.submit("/language", page="/account", locale="en", next="/")
    assert " shares</h2>" in clients.monitor.get(page).text
