"""Every route, for every role, on one's own, a shared, a stranger's and a missing thing: the answer that is right."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask

from tests.support import objects
from tests.support.objects import Objects
from tests.support.worlds import CAST, Clients
from tracker.domain.access import Doing, roles_that
from tracker.domain.people import Role
from tracker.store import sessions

pytestmark = pytest.mark.one_database

ROLES = {name: role for name, (role, _unit, _name) in CAST.items()} | {"member": Role.MEMBER}
FRAMEWORK = {"static", "bootstrap.static"}
# What ends the session that asks comes last.
LAST = ("accounts.end_session", "accounts.end_other_sessions", "sign_in.sign_out")
# Sent where an empty form would be refused for being empty, before anybody asks who sent it.
BODIES = {
    "extensions.decide": {"outcome": "refused", "note": "Chưa đủ căn cứ"},
    "days_off.put": {"day": "2025-01-02", "kind": "off", "name": "Nghỉ bù", "document": "VB 1"},
    "days_off.remove": {"day": "2025-01-02", "reason": "Nhầm"},
    "drafts.enforce": {"number": "2/KH", "issued_on": "2024-12-16"},
    "periods.close": {"name": "Kỳ khác", "to_on": "2024-10-31"},
}
TABLE = """
# endpoint                     form object  visitor administrator monitor leader head member
account_links.ask               POST -        422 422 422 429 429 429
account_links.form              GET  -        200 200 200 200 200 200
account_links.show              GET  -        404 404 404 404 404 404
account_links.use               POST -        404 404 404 404 404 404
accounts.act                    POST -        302 422 422 422 422 422
accounts.change_password        POST -        302 422 422 422 422 422
accounts.choose_deadlines       POST -        302 303 303 303 303 303
accounts.data                   POST -        302 200 200 200 200 200
accounts.show                   GET  -        302 200 200 200 200 200
admin.add                       POST -        302 422 403 403 403 403
admin.index                     GET  -        302 200 403 403 403 403
admin_acting.end                POST any      302 404 403 403 403 403
admin_acting.end                POST missing  302 404 403 403 403 403
admin_acting.let_act            POST any      302 422 403 403 403 403
admin_acting.let_act            POST missing  302 404 403 403 403 403
admin_leaving.ask               GET  any      302 200 403 403 403 403
admin_leaving.ask               GET  missing  302 404 403 403 403 403
admin_leaving.close             POST any      302 422 403 403 403 403
admin_leaving.close             POST missing  302 404 403 403 403 403
admin_leaving.data              POST any      302 200 403 403 403 403
admin_leaving.data              POST missing  302 404 403 403 403 403
admin_leaving.erase             POST any      302 422 403 403 403 403
admin_leaving.erase             POST missing  302 404 403 403 403 403
admin_people.address_works      POST any      302 303 403 403 403 403
admin_people.address_works      POST missing  302 404 403 403 403 403
admin_people.correct            POST any      302 422 403 403 403 403
admin_people.correct            POST missing  302 404 403 403 403 403
admin_people.link               POST any      302 200 403 403 403 403
admin_people.link               POST missing  302 404 403 403 403 403
admin_people.open_account       POST any      302 303 403 403 403 403
admin_people.open_account       POST missing  302 404 403 403 403 403
admin_people.password           POST any      302 422 403 403 403 403
admin_people.password           POST missing  302 404 403 403 403 403
admin_people.second_factor_off  POST any      302 303 403 403 403 403
admin_people.second_factor_off  POST missing  302 404 403 403 403 403
admin_people.show               GET  any      302 200 403 403 403 403
admin_people.show               GET  missing  302 404 403 403 403 403
amendments.form                 GET  any      302 200 200 403 403 403
amendments.form                 GET  missing  302 404 404 404 404 404
amendments.send                 POST any      302 404 404 403 403 403
amendments.send                 POST missing  302 404 404 404 404 404
amendments.show                 GET  any      302 200 200 200 200 200
amendments.show                 GET  missing  302 404 404 404 404 404
amendments.take_back            POST any      302 422 422 403 403 403
amendments.take_back            POST missing  302 404 404 404 404 404
checkpoints.add                 POST own      302 403 403 403 422 422
checkpoints.add                 POST partner  302 403 403 403 403 403
checkpoints.add                 POST foreign  302 403 422 403 404 404
checkpoints.add                 POST missing  302 404 404 404 404 404
checkpoints.change              POST own      302 403 403 403 303 303
checkpoints.change              POST foreign  302 403 303 403 404 404
checkpoints.change              POST missing  302 404 404 404 404 404
days_off.back                   GET  -        302 302 302 302 403 403
days_off.index                  GET  -        302 200 200 200 403 403
days_off.put                    POST -        302 303 403 403 403 403
days_off.remove                 POST -        302 303 403 403 403 403
directory.add_group             POST -        302 422 422 403 403 403
directory.add_unit              POST -        302 422 422 403 403 403
directory.change_group          POST any      302 422 422 403 403 403
directory.change_group          POST missing  302 404 404 403 403 403
directory.group                 GET  any      302 200 200 403 403 403
directory.group                 GET  missing  302 404 404 403 403 403
directory.index                 GET  -        302 200 200 403 403 403
drafts.ask_to_discard           GET  any      302 404 404 404 404 404
drafts.ask_to_discard           GET  draft    302 200 200 403 404 404
drafts.ask_to_discard           GET  missing  302 404 404 404 404 404
drafts.decide                   POST any      302 404 404 404 404 404
drafts.decide                   POST draft    302 303 303 403 404 404
drafts.decide                   POST missing  302 404 404 404 404 404
drafts.discard                  POST any      302 404 404 404 404 404
drafts.discard                  POST draft    302 409 409 403 404 404
drafts.discard                  POST missing  302 404 404 404 404 404
drafts.enforce                  POST any      302 404 404 404 404 404
drafts.enforce                  POST draft    302 422 422 403 404 404
drafts.enforce                  POST missing  302 404 404 404 404 404
drafts.make                     POST any      302 422 422 403 403 403
drafts.make                     POST draft    302 422 422 403 404 404
drafts.make                     POST missing  302 404 404 404 404 404
drafts.show                     GET  any      302 404 404 404 404 404
drafts.show                     GET  draft    302 200 200 200 404 404
drafts.show                     GET  missing  302 404 404 404 404 404
extensions.ask                  POST own      302 403 403 403 422 422
extensions.ask                  POST partner  302 403 403 403 403 403
extensions.ask                  POST foreign  302 403 422 403 404 404
extensions.ask                  POST missing  302 404 404 404 404 404
extensions.back                 GET  own      302 302 302 302 302 302
extensions.back                 GET  foreign  302 302 302 302 404 404
extensions.back                 GET  missing  302 404 404 404 404 404
extensions.decide               POST own      302 403 303 403 403 403
extensions.decide               POST foreign  302 403 403 403 404 404
extensions.decide               POST missing  302 404 404 404 404 404
extensions.withdraw             POST own      302 403 403 403 409 409
extensions.withdraw             POST foreign  302 403 303 403 404 404
extensions.withdraw             POST missing  302 404 404 404 404 404
feed_tokens.calendar            GET  -        404 404 404 404 404 404
feeds.create                    POST -        302 422 422 422 422 422
feeds.index                     GET  -        302 200 200 200 200 200
feeds.revoke                    POST own      302 404 404 404 303 404
feeds.revoke                    POST missing  302 404 404 404 404 404
group_changes.confirm           POST any      302 422 422 403 403 403
group_changes.confirm           POST missing  302 404 404 404 404 404
group_changes.show              GET  any      302 200 200 403 403 403
group_changes.show              GET  missing  302 404 404 404 404 404
health.alive                    GET  -        200 200 200 200 200 200
health.ready                    GET  -        503 503 503 503 503 503
history.export                  GET  -        302 200 200 200 200 403
history.index                   GET  -        302 200 200 200 200 403
import_difference.amendment     POST any      302 404 303 403 403 403
import_difference.amendment     POST missing  302 404 404 403 403 403
import_difference.compare       POST any      302 404 303 403 403 403
import_difference.compare       POST missing  302 404 404 403 403 403
import_difference.confirm       POST any      302 404 409 403 403 403
import_difference.confirm       POST missing  302 404 404 403 403 403
import_difference.monitors      POST any      302 404 303 403 403 403
import_difference.monitors      POST missing  302 404 404 403 403 403
import_difference.report        GET  any      302 404 404 403 403 403
import_difference.report        GET  missing  302 404 404 403 403 403
import_difference.same          POST any      302 404 303 403 403 403
import_difference.same          POST missing  302 404 404 403 403 403
import_difference.show          GET  any      302 404 200 403 403 403
import_difference.show          GET  missing  302 404 404 403 403 403
import_names.decide             POST any      302 404 404 403 403 403
import_names.decide             POST missing  302 404 404 403 403 403
import_names.decide_all         POST any      302 404 303 403 403 403
import_names.decide_all         POST missing  302 404 404 403 403 403
import_names.index              GET  any      302 404 200 403 403 403
import_names.index              GET  missing  302 404 404 403 403 403
import_names.show               GET  any      302 404 404 403 403 403
import_names.show               GET  missing  302 404 404 403 403 403
import_steps.as_printed         POST any      302 404 303 403 403 403
import_steps.as_printed         POST missing  302 404 404 403 403 403
import_steps.correct            POST any      302 404 303 403 403 403
import_steps.correct            POST missing  302 404 404 403 403 403
import_steps.drop_unfit         POST any      302 404 303 403 403 403
import_steps.drop_unfit         POST missing  302 404 404 403 403 403
import_steps.particulars        POST any      302 404 303 403 403 403
import_steps.particulars        POST missing  302 404 404 403 403 403
import_steps.skip               POST any      302 404 422 403 403 403
import_steps.skip               POST missing  302 404 404 403 403 403
import_steps.target             POST any      302 404 303 403 403 403
import_steps.target             POST missing  302 404 404 403 403 403
imports.begin                   POST -        302 422 422 403 403 403
imports.choose_table            GET  any      302 404 200 403 403 403
imports.choose_table            GET  missing  302 404 404 403 403 403
imports.discard                 POST any      302 404 303 403 403 403
imports.discard                 POST missing  302 404 404 403 403 403
imports.document                GET  any      302 404 404 403 403 403
imports.document                GET  missing  302 404 404 403 403 403
imports.index                   GET  -        302 200 200 403 403 403
imports.of_plan                 GET  any      302 200 200 403 403 403
imports.of_plan                 GET  missing  302 404 404 403 403 403
imports.read                    POST any      302 404 404 403 403 403
imports.read                    POST missing  302 404 404 403 403 403
imports.show                    GET  any      302 404 404 403 403 403
imports.show                    GET  missing  302 404 404 403 403 403
imports.template                GET  -        302 200 200 403 403 403
matrix.show                     GET  any      302 200 200 200 200 200
matrix.show                     GET  draft    302 200 200 200 404 404
matrix.show                     GET  missing  302 404 404 404 404 404
notices.index                   GET  -        302 200 200 200 200 200
notices.read                    POST missing  302 404 404 404 404 404
notices.read_all                POST -        302 303 303 303 303 303
outbox.index                    GET  -        302 200 200 200 403 403
outbox.retry                    POST any      302 409 409 403 403 403
outbox.retry                    POST missing  302 404 404 403 403 403
outbox.retry_all                POST -        302 303 303 403 403 403
outbox.show                     GET  any      302 200 200 200 403 403
outbox.show                     GET  missing  302 404 404 404 403 403
overdue.index                   GET  -        302 200 200 200 200 200
overview.index                  GET  -        302 200 200 200 200 200
periods.back                    GET  any      302 302 302 302 302 302
periods.back                    GET  missing  302 302 302 302 302 302
periods.close                   POST any      302 303 422 403 403 403
periods.close                   POST missing  302 404 404 404 404 404
periods.index                   GET  any      302 200 200 200 200 200
periods.index                   GET  draft    302 200 200 200 404 404
periods.index                   GET  missing  302 404 404 404 404 404
periods.reopen                  POST any      302 422 403 403 403 403
periods.reopen                  POST missing  302 404 404 404 404 404
periods.show                    GET  any      302 200 200 200 200 200
periods.show                    GET  missing  302 404 404 404 404 404
plan_settings.back              GET  any      302 302 302 302 302 302
plan_settings.back              GET  missing  302 302 302 302 302 302
plan_settings.monitors          POST any      302 422 422 403 403 403
plan_settings.monitors          POST missing  302 404 404 404 404 404
plan_settings.rules             POST any      302 422 422 403 403 403
plan_settings.rules             POST missing  302 404 404 404 404 404
plan_settings.show              GET  any      302 200 200 403 403 403
plan_settings.show              GET  draft    302 200 200 403 404 404
plan_settings.show              GET  missing  302 404 404 404 404 404
plans.index                     GET  -        302 200 200 200 200 200
plans.show                      GET  any      302 200 200 200 200 200
plans.show                      GET  draft    302 200 200 200 404 404
plans.show                      GET  missing  302 404 404 404 404 404
privacy.accept                  POST -        302 303 303 303 303 303
privacy.show                    GET  -        200 200 200 200 200 200
reminder_choices.put            POST -        302 422 422 422 422 422
reminder_choices.show           GET  -        302 200 200 200 200 200
reminder_rules.add              POST -        302 422 422 403 403 403
reminder_rules.back             GET  any      302 302 302 302 403 403
reminder_rules.back             GET  missing  302 302 302 302 403 403
reminder_rules.change           POST any      302 422 422 403 403 403
reminder_rules.change           POST missing  302 404 404 404 403 403
reminder_rules.index            GET  -        302 200 200 200 403 403
reminder_rules.new              GET  -        302 200 200 403 403 403
reminder_rules.remove           POST any      302 409 409 403 403 403
reminder_rules.remove           POST missing  302 404 404 403 403 403
reminder_rules.show             GET  any      302 200 200 200 403 403
reminder_rules.show             GET  missing  302 404 404 404 403 403
reminder_rules.switch           POST any      302 303 303 403 403 403
reminder_rules.switch           POST missing  302 404 404 403 403 403
second_factor.begin             POST -        302 422 422 422 422 422
second_factor.confirm           POST -        302 422 422 422 422 422
second_factor.off               POST -        302 422 422 422 422 422
second_factor.renew             POST -        302 422 422 422 422 422
second_factor.show              GET  -        302 200 200 200 200 200
share_log.accept                POST own      302 403 409 403 403 403
share_log.accept                POST partner  302 403 409 403 403 403
share_log.accept                POST foreign  302 403 403 403 404 404
share_log.accept                POST missing  302 404 404 404 404 404
share_log.answer_away           POST own      302 403 409 403 403 403
share_log.answer_away           POST partner  302 403 409 403 403 403
share_log.answer_away           POST foreign  302 403 403 403 404 404
share_log.answer_away           POST missing  302 404 404 404 404 404
share_log.approve               POST own      302 403 403 403 409 403
share_log.approve               POST partner  302 403 403 403 403 403
share_log.approve               POST foreign  302 403 409 403 404 404
share_log.approve               POST missing  302 404 404 404 404 404
share_log.ask_away              POST own      302 403 403 403 422 422
share_log.ask_away              POST partner  302 403 403 403 403 403
share_log.ask_away              POST foreign  302 403 422 403 404 404
share_log.ask_away              POST missing  302 404 404 404 404 404
share_log.back                  GET  own      302 302 302 302 302 302
share_log.back                  GET  partner  302 302 302 302 302 302
share_log.back                  GET  foreign  302 302 302 302 404 404
share_log.back                  GET  missing  302 404 404 404 404 404
share_log.discard               POST own      302 303 303 303 303 303
share_log.discard               POST partner  302 303 303 303 303 303
share_log.discard               POST foreign  302 303 303 303 404 404
share_log.discard               POST missing  302 404 404 404 404 404
share_log.draft                 POST own      302 403 403 403 200 200
share_log.draft                 POST partner  302 403 403 403 403 403
share_log.draft                 POST foreign  302 403 200 403 404 404
share_log.draft                 POST missing  302 404 404 404 404 404
share_log.log                   POST own      302 403 403 403 422 422
share_log.log                   POST partner  302 403 403 403 403 403
share_log.log                   POST foreign  302 403 422 403 404 404
share_log.log                   POST missing  302 404 404 404 404 404
share_log.send_back             POST own      302 403 422 403 403 403
share_log.send_back             POST partner  302 403 422 403 403 403
share_log.send_back             POST foreign  302 403 403 403 404 404
share_log.send_back             POST missing  302 404 404 404 404 404
share_log.withdraw              POST own      302 403 403 403 422 422
share_log.withdraw              POST partner  302 403 403 403 403 403
share_log.withdraw              POST foreign  302 403 422 403 404 404
share_log.withdraw              POST missing  302 404 404 404 404 404
share_people.back_to_list       GET  -        302 302 302 302 302 302
share_people.many               POST -        302 303 303 303 303 303
share_people.one                POST own      302 403 403 403 303 403
share_people.one                POST partner  302 403 403 403 403 403
share_people.one                POST foreign  302 403 303 403 404 404
share_people.one                POST missing  302 404 404 404 404 404
sign_in.check_code              POST -        303 303 303 303 303 303
sign_in.code                    GET  -        302 302 302 302 302 302
sign_in.language                POST -        400 400 400 400 400 400
sign_in.page                    GET  -        200 302 302 302 302 302
sign_in.sign_in                 POST -        422 422 422 422 422 422
tasks.evidence                  GET  own      302 200 200 200 200 200
tasks.evidence                  GET  foreign  302 200 200 200 404 404
tasks.evidence                  GET  missing  302 404 404 404 404 404
tasks.evidence_of_task          GET  own      302 404 404 404 404 404
tasks.evidence_of_task          GET  foreign  302 404 404 404 404 404
tasks.evidence_of_task          GET  partner  302 200 200 200 200 200
tasks.evidence_of_task          GET  missing  302 404 404 404 404 404
tasks.show                      GET  own      302 200 200 200 200 200
tasks.show                      GET  foreign  302 200 200 200 404 404
tasks.show                      GET  partner  302 200 200 200 200 200
tasks.show                      GET  missing  302 404 404 404 404 404
timeline.index                  GET  -        302 200 200 200 200 200
unit_changes.ask                GET  own      302 200 200 403 403 403
unit_changes.ask                GET  foreign  302 200 200 403 403 403
unit_changes.ask                GET  missing  302 404 404 403 403 403
unit_changes.record             POST own      302 303 303 403 403 403
unit_changes.record             POST foreign  302 303 303 403 403 403
unit_changes.record             POST missing  302 404 404 403 403 403
unit_edits.change_spellings     POST own      302 303 403 403 403 403
unit_edits.change_spellings     POST foreign  302 303 403 403 403 403
unit_edits.change_spellings     POST missing  302 404 403 403 403 403
unit_edits.edit                 GET  own      302 200 403 403 403 403
unit_edits.edit                 GET  foreign  302 200 403 403 403 403
unit_edits.edit                 GET  missing  302 404 403 403 403 403
unit_settings.change            POST own      302 303 403 403 303 403
unit_settings.change            POST foreign  302 303 403 403 403 403
unit_settings.change            POST missing  302 404 404 404 404 404
unit_settings.show              GET  own      302 200 403 403 200 403
unit_settings.show              GET  foreign  302 200 403 403 403 403
unit_settings.show              GET  missing  302 404 404 404 404 404
units.index                     GET  -        302 200 200 200 200 200
units.show                      GET  own      302 200 200 200 200 200
units.show                      GET  foreign  302 200 200 200 200 200
units.show                      GET  missing  302 404 404 404 404 404
unsubscribe.end                 POST any      404 404 404 404 404 404
unsubscribe.end                 POST missing  404 404 404 404 404 404
unsubscribe.show                GET  any      404 404 404 404 404 404
unsubscribe.show                GET  missing  404 404 404 404 404 404
urging.send                     POST -        302 403 303 403 403 403
urging.show                     GET  -        302 403 302 403 403 403
urgings.export                  GET  -        302 200 200 200 403 403
urgings.index                   GET  -        302 200 200 200 403 403
waiting.accept                  POST -        302 422 422 422 422 422
waiting.index                   GET  -        302 200 200 200 200 200
work.mine                       GET  -        302 200 200 200 200 200
accounts.end_other_sessions     POST -        302 303 303 303 303 303
accounts.end_session            POST -        302 303 303 303 303 303
sign_in.sign_out                POST -        303 303 303 303 303 303
"""


def rows() -> dict[tuple[str, str, str], str]:
    """The table: endpoint, method and object with the expected codes, in the order of `objects.columns`."""
    cells = (line.split() for line in TABLE.strip().splitlines() if not line.startswith("#"))
    return {(endpoint, method, thing): " ".join(codes) for endpoint, method, thing, *codes in cells}


def cases(world: Flask, made: Objects) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Every route with each object it may be asked about: the table's key and the address."""
    for rule in sorted(world.url_map.iter_rules(), key=lambda each: (each.endpoint in LAST, each.endpoint)):
        if rule.endpoint in FRAMEWORK:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for thing, address in objects.addresses(rule, made):
                yield (rule.endpoint, method, thing), address


def answers(
    world: Flask, clients: Clients, made: Objects, monkeypatch: pytest.MonkeyPatch
) -> dict[tuple[str, str, str], str]:
    """What every role is answered, key by key. No page is written and no password hashed: only the decision counts."""
    tokens = {}
    for who in objects.columns():
        page = getattr(clients, who).get("/sign-in" if who == "visitor" else "/account").text
        tokens[who] = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    monkeypatch.setattr("flask.templating._render", lambda *_: "")
    monkeypatch.setattr("tracker.store.sessions.load", cache(sessions.load))
    monkeypatch.setattr("tracker.adapters.passwords.verify", lambda _kept, _typed: (False, False))
    kept_out: dict[tuple[str, str, str], str] = {}
    found = {}
    for key, address in cases(world, made):
        codes = []
        for who in objects.columns():
            code = kept_out.get((*key[:2], who))
            if code is None:
                client = getattr(clients, who)
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


def test_every_role_is_answered_as_the_table_says(world, clients, monkeypatch):
    found = answers(world, clients, objects.make(world, clients), monkeypatch)
    expected = rows()
    assert found.keys() - expected.keys() == set(), "a new route needs its row in TABLE above"
    assert expected.keys() - found.keys() == set(), "a row of the table has no route any more"
    assert {key: codes for key, codes in found.items() if codes != expected[key]} == {}
