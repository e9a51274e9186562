"""create_app(): extensions, blueprints each with its access rule, error pages."""

from datetime import timedelta
from email.utils import parseaddr
from functools import partial
from pathlib import Path

from flask import Flask, Response, request
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from tracker.adapters.channels import Doors, open_channels
from tracker.adapters.files import MAX_FILE_OCTETS, FileStore
from tracker.adapters.sealing import Seal
from tracker.adapters.signing import Signer
from tracker.clock import Clock, FrozenClock, SystemClock
from tracker.config import Settings
from tracker.domain.access import Doing
from tracker.store import search_texts as search_texts  # folds what every commit changed
from tracker.store.database import db, init_database
from tracker.web import (
    access,
    account_links,
    accounts,
    admin,
    admin_acting,
    admin_leaving,
    admin_people,
    amendments,
    burn_up,
    calendar,
    checkpoints,
    days_off,
    directory,
    drafts,
    errands,
    errors,
    extensions,
    feeds,
    group_changes,
    health,
    history,
    import_difference,
    import_names,
    import_steps,
    imports,
    list_files,
    live,
    matrix,
    notices,
    outbox,
    overdue,
    overview,
    periods,
    plan_settings,
    plans,
    privacy,
    reminder_choices,
    reminder_rules,
    saved_views,
    search,
    second_factor,
    share_log,
    share_people,
    sign_in,
    tasks,
    templating,
    timeline,
    unit_changes,
    unit_settings,
    unit_views,
    units,
    unsubscribe,
    urging,
    urgings,
    waiting,
    work,
)
from tracker.web.compressed import STATIC, compress
from tracker.web.feed_door import FeedDoor
from tracker.web.limits import limiter
from tracker.web.runtime import Runtime
from tracker.web.sessions import load_account

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE_FILES_AT_ONCE = 5


def create_app(settings: Settings, clock: Clock | None = None, *, pages: bool = True) -> Flask:
    """The web application for `settings`; it starts no thread and sends nothing.

    A command that serves no `pages` begins in half the time without them.
    """
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "tracker/web/static"))
    _configure(app, settings)
    app.extensions["tracker"] = Runtime(
        clock=clock or (FrozenClock(settings.frozen_at) if settings.frozen_at else SystemClock()),
        zone=settings.zone,
        base_url=settings.base_url,
        locale=settings.locale,
        demo=settings.demo,
        mail_is_sent=settings.smtp_url is not None,
        files=FileStore(settings.files_dir),
        seal=Seal(settings.secret_key),
        signer=Signer(settings.secret_key),
        history_months=settings.history_months,
        mail_per_minute=settings.mail_per_minute,
        mail_sender=parseaddr(settings.mail_from or "")[1],
    )
    app.extensions["tracker_channels"] = partial(open_channels, _doors(settings))
    errands.init_app(app)
    init_database(app, settings.database_url)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    Bootstrap5(app)
    limiter.init_app(app)
    login = LoginManager(app)
    login.user_loader(load_account)
    templating.init_app(app)
    errors.init_app(app)
    if pages:
        _register_pages(app)
        app.wsgi_app = FeedDoor(app)  # type: ignore[method-assign]
    _protect_forms(app)
    app.after_request(_harden)
    app.after_request(compress)
    return app


def _protect_forms(app: Flask) -> None:
    """Take forms with a token of the session alone, but for addresses that need no session."""
    protection = CSRFProtect(app)
    for name, rule in app.extensions.get("tracker_access", {}).items():
        if rule is access.by_signed_address:
            protection.exempt(app.blueprints[name])


def _doors(settings: Settings) -> Doors:
    """Where messages leave by."""
    return Doors(
        base_url=settings.base_url,
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
        webhook_url=settings.webhook_url,
        webhook_secret=settings.webhook_secret,
    )


def _configure(app: Flask, settings: Settings) -> None:
    """The settings that Flask and its extensions read."""
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=EVIDENCE_FILES_AT_ONCE * MAX_FILE_OCTETS + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=24 * 3600,
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_HEADERS_ENABLED=False,
    )


def _register_pages(app: Flask) -> None:
    """Every blueprint with the rule of who may enter it; objects are asked about one by one in the views."""
    register, only = access.register, access.only
    register(app, health.pages, access.public)
    for module in (sign_in, account_links, privacy):
        register(app, module.pages, access.public)
    register(app, unsubscribe.pages, access.by_signed_address)
    for module in (accounts, second_factor, overview, work, plans, amendments, drafts):
        register(app, module.pages, access.signed_in)
    for module in (tasks, overdue, timeline, burn_up, calendar, units, feeds):
        register(app, module.pages, access.signed_in)
    for module in (share_log, extensions, checkpoints, waiting, unit_settings):
        register(app, module.pages, access.signed_in)
    for module in (periods, share_people, plan_settings, matrix, group_changes, notices, reminder_choices):
        register(app, module.pages, access.signed_in)
    for module in (search, saved_views, list_files, live, unit_views):
        register(app, module.pages, access.signed_in)
    register(app, days_off.pages, only(Doing.SEE_DAYS_OFF))
    register(app, reminder_rules.pages, only(Doing.SEE_REMINDER_RULES))
    register(app, outbox.pages, only(Doing.SEE_MAIL))
    register(app, urgings.pages, only(Doing.SEE_MAIL))
    register(app, urging.pages, only(Doing.URGE))
    register(app, history.pages, only(Doing.SEE_HISTORY))
    for module in (imports, import_steps, import_names, import_difference):
        register(app, module.pages, only(Doing.IMPORT))
    for module in (unit_changes, directory):
        register(app, module.pages, only(Doing.CHANGE_UNITS))
    register(app, directory.edit_pages, only(Doing.CORRECT_UNITS))
    for module in (admin, admin_people, admin_acting, admin_leaving):
        register(app, module.pages, only(Doing.MANAGE_PEOPLE))


def _harden(response: Response) -> Response:
    """Headers of every answer: nothing from elsewhere, no framing, no sniffing, nothing personal kept by caches."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    if request.endpoint not in STATIC:
        headers.setdefault("Cache-Control", "private, no-store")
    return response
