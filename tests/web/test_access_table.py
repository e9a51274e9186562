"""Every route, for every role, on one's own, a shared, a stranger's and a missing thing: the answer that is right."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from tests.support import objects
from tests.support.objects import Objects
from tests.support.worlds import CAST, Clients
from tracker.domain.access import Doing, roles_that
from tracker.domain.people import Role
from tracker.store import sessions
from tracker.web.limits import limiter

pytestmark = pytest.mark.one_database

ROLES = {name: role for name, (role, _unit, _name) in CAST.items()} | {"member": Role.MEMBER}
FRAMEWORK = {"static", "bootstrap.static"}
# What ends the session that asks comes last.
LAST = ("saved_views.remove", "accounts.end_session", "accounts.end_other_sessions", "sign_in.sign_out")
# Sent where an empty form would be refused for being empty, before anybody asks who sent it.
BODIES = {
    "extensions.decide": {"outcome": "refused", "note": "Chưa đủ căn cứ"},
    "days_off.put": {"day": "2025-01-02", "kind": "off", "name": "Nghỉ bù", "document": "VB 1"},
    "days_off.put_school_date": {"date": "2024-2025:ends", "school_day": "2025-05-30", "school_document": "VB 1"},
    "days_off.remove": {"day": "2025-01-02", "reason": "Nhầm"},
    "drafts.enforce": {"number": "2/KH", "issued_on": "2024-12-16"},
    "periods.close": {"name": "Kỳ khác", "to_on": "2024-10-31"},
}
TABLE = Path(__file__).with_name("access_table.txt").read_text(encoding="utf-8")


# A stranger, who reads all and writes nothing, and who does the work: in the plain run these alone. Two rows are then
# answered otherwise, as nobody has decided on the request or removed the filter before.
PLAIN = ("visitor", "leader", "member")
UNDECIDED = {
    ("extensions.withdraw", "POST", "own"): "302 403 303",
    ("saved_views.remove", "POST", "own"): "302 403 403",
}


def rows(people: tuple[str, ...]) -> dict[tuple[str, str, str], str]:
    """The table: endpoint, method and object with the codes expected for these people."""
    cells = (line.split() for line in TABLE.strip().splitlines() if not line.startswith("#"))
    asked = [objects.COLUMNS.index(who) for who in people]
    return {tuple(found[:3]): " ".join(found[3 + at] for at in asked) for found in cells}


def cases(world: Flask, made: Objects) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Every route with each object it may be asked about: the table's key and the address."""
    for rule in sorted(world.url_map.iter_rules(), key=lambda each: (each.endpoint in LAST, each.endpoint)):
        if rule.endpoint in FRAMEWORK:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for thing, address in objects.addresses(rule, made):
                yield (rule.endpoint, method, thing), address


def answers(
    world: Flask, clients: Clients, made: Objects, people: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> dict[tuple[str, str, str], str]:
    """What each of these people is answered, key by key.

    No page is written, no password hashed and no reminder rehearsed: only the decision counts.
    """
    tokens = {}
    for who in people:
        page = getattr(clients, who).get("/sign-in" if who == "visitor" else "/account").text
        tokens[who] = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    monkeypatch.setattr("flask.templating._render", lambda *_: "")
    monkeypatch.setattr("tracker.usecases.reminder_rules.would_send", lambda *_: [])
    monkeypatch.setattr("tracker.store.sessions.load", cache(sessions.load))
    monkeypatch.setattr("tracker.adapters.passwords.verify", lambda _kept, _typed: (False, False))
    kept_out: dict[tuple[str, str, str], str] = {}
    found = {}
    for key, address in cases(world, made):
        codes = []
        for who in people:
            code = kept_out.get((*key[:2], who))
            if code is None:
                client = getattr(clients, who)
                limiter.reset()  # whoever asked before
                body = {"csrf_token": tokens[who], **BODIES.get(key[0], {})}
                with client.get(address) if key[1] == "GET" else client.post(address, data=body) as answer:
                    code = str(answer.status_code)
                if is_kept_out(world, key[0], who):
                    kept_out[(*key[:2], who)] = code
            codes.append(code)
        found[key] = " ".join(codes)
    return found


def is_kept_out(world: Flask, endpoint: str, who: str) -> bool:
    """Whether the blueprint's own rule turns that person away, so that no further object need be asked about."""
    rule = world.extensions["tracker_access"][endpoint.rpartition(".")[0]].__name__
    if who == "visitor":
        return rule not in ("public", "by_signed_address")
    return rule.startswith("only_") and ROLES[who] not in roles_that(Doing(rule.removeprefix("only_")))


@pytest.mark.parametrize("people", [PLAIN, pytest.param(objects.COLUMNS, marks=pytest.mark.long)], ids=len)
def test_every_role_is_answered_as_the_table_says(world, clients, people, monkeypatch):
    found = answers(world, clients, objects.make(world, clients), people, monkeypatch)
    expected = rows(people) | (UNDECIDED if people == PLAIN else {})
    assert found.keys() - expected.keys() == set(), "a new route needs its row in access_table.txt"
    assert expected.keys() - found.keys() == set(), "a row of the table has no route any more"
    assert {key: codes for key, codes in found.items() if codes != expected[key]} == {}
