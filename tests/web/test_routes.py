"""No route is forgotten: each belongs to a blueprint with a declared rule, and each holds the unknown visitor off."""

import re

import pytest
from flask import Flask

from tracker.web import access

# Pages whose questions to the database are asked on both kinds elsewhere.
pytestmark = pytest.mark.one_database

FRAMEWORK = {"static", "bootstrap.static"}
PUBLIC = {"health", "sign_in", "account_links", "privacy"}
BY_SIGNED_ADDRESS = {"unsubscribe"}


def routes(app: Flask):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in FRAMEWORK]


def test_every_route_belongs_to_a_blueprint_with_a_rule(app):
    rules = app.extensions["tracker_access"]
    assert {rule.endpoint for rule in routes(app) if rule.endpoint.rpartition(".")[0] not in rules} == set()
    assert {name for name, rule in rules.items() if rule is access.public} == PUBLIC
    assert {name for name, rule in rules.items() if rule is access.by_signed_address} == BY_SIGNED_ADDRESS


def test_forms_are_taken_without_a_token_at_signed_addresses_alone(app):
    protection = app.extensions["csrf"]
    assert {blueprint.name for blueprint in protection._exempt_blueprints} == BY_SIGNED_ADDRESS
    assert protection._exempt_views == set()


def test_the_unknown_visitor_is_led_to_the_sign_in_page_from_everywhere(clients, world):
    for rule in routes(world):
        if rule.endpoint.rpartition(".")[0] in PUBLIC | BY_SIGNED_ADDRESS:
            continue
        path = re.sub(r"<(?:any\((\w+))?[^>]+>", lambda place: place[1] or "1", rule.rule)
        answer = clients.visitor.get(path) if "GET" in rule.methods else None
        if answer is not None:
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/sign-in"), path


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/admin/", {"admin"}), ("/outbox", {"admin", "monitor", "office", "leader"})],
)
@pytest.mark.parametrize("who", ["admin", "monitor", "office", "lead", "partner", "leader"])
def test_pages_for_some_roles_refuse_the_others(clients, path, allowed, who):
    assert getattr(clients, who).get(path).status_code == (200 if who in allowed else 403)


@pytest.mark.parametrize(
    "path", ["/", "/my", "/plans", "/plans/1", "/overdue", "/timeline", "/units", "/feeds", "/account"]
)
@pytest.mark.parametrize("who", ["admin", "monitor", "lead", "partner", "leader"])
def test_everybody_who_signs_in_opens_the_common_pages(clients, path, who):
    answer = getattr(clients, who).get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
