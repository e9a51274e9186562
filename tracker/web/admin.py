"""The administrator's list of people: who has an account, in which role, for which unit, and who was last there."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused
from tracker.domain.people import Role
from tracker.domain.words import N_
from tracker.store import addresses, outbox, units
from tracker.store import people as stored
from tracker.usecases import people
from tracker.usecases.history import note_contacts_seen
from tracker.web import health
from tracker.web.admin_people import invite, role_of
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("admin", __name__, url_prefix="/admin")

FIELDS = ("email", "name", "role", "unit")


@pages.get("/")
def index() -> str:
    """Everybody with an account, and the form that adds one."""
    note_contacts_seen(person(), now(), runtime().zone)
    return _people({})


@pages.post("/people")
def add() -> Response | str | tuple[str, int]:
    """Add a person; without a first password they are invited, by mail or by a link to hand over."""
    typed = {name: request.form.get(name, "").replace("\0", "").strip() for name in FIELDS}
    first_password = request.form.get("password") or None
    try:
        added = people.add_person(
            typed["email"],
            typed["name"],
            role_of(typed["role"]),
            typed["unit"] or None,
            now=now(),
            password=first_password,
            locale=runtime().locale,
            demo=runtime().demo,
            by=person(),
        )
    except Refused as problem:
        return _people(typed, problem.text(gettext)), 422
    flash(gettext(N_("Đã thêm tài khoản %(email)s."), email=added.email), "success")
    back = url_for("admin.index")
    return redirect(back, code=303) if first_password else invite(added, back)


def _people(typed: dict[str, str], problem: str = "") -> str:
    everyone = stored.everyone()
    page = paged(everyone)
    return render_template(
        "pages/admin.html",
        page=page,
        refused=addresses.refused(),
        heart=health.heart(),
        outbox=outbox.counts(),
        last_seen=stored.last_seen([each.id for each in page.items]),
        open_accounts=sum(each.active for each in everyone),
        units=units.refs(living_on=today()),
        roles=tuple(Role),
        typed=typed,
        problem=problem,
    )
