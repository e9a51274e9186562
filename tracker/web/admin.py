"""The administrator's pages: who has an account, in which role, for which unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import Person, Role
from tracker.domain.words import N_
from tracker.store import people as stored
from tracker.store import units
from tracker.usecases import people
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("admin", __name__, url_prefix="/admin")

FIELDS = ("email", "name", "role", "unit")


@pages.get("/")
def index() -> str:
    """Everybody with an account, and the form that adds one."""
    return _people({})


@pages.post("/people")
def add() -> Response | tuple[str, int]:
    """Add a person; without a first password the account waits until one is set."""
    typed = {name: request.form.get(name, "").replace("\0", "").strip() for name in FIELDS}
    try:
        added = people.add_person(
            typed["email"],
            typed["name"],
            _role(typed["role"]),
            typed["unit"] or None,
            now=now(),
            password=request.form.get("password") or None,
            locale=runtime().locale,
            demo=runtime().demo,
        )
    except Refused as problem:
        return _people(typed, problem.text(gettext)), 422
    flash(gettext(N_("Đã thêm tài khoản %(email)s."), email=added.email), "success")
    return redirect(url_for("admin.index"), code=303)


@pages.get("/people/<int:person_id>")
def show(person_id: int) -> str:
    """One account, and what can be done with it."""
    return render_template("pages/admin_person.html", found=_someone(person_id), problem="")


@pages.post("/people/<int:person_id>/password")
def password(person_id: int) -> Response | tuple[str, int]:
    """Set another password for a person; their sessions end."""
    found = _someone(person_id)
    try:
        people.set_password(found.email, request.form.get("password", ""), now=now(), demo=runtime().demo)
    except Refused as problem:
        return render_template("pages/admin_person.html", found=found, problem=problem.text(gettext)), 422
    flash(gettext(N_("Đã đặt mật khẩu mới cho %(email)s. Hãy trao tận tay người dùng."), email=found.email), "success")
    return redirect(url_for("admin.show", person_id=person_id), code=303)


@pages.post("/people/<int:person_id>/open")
def open_account(person_id: int) -> Response:
    """Let a person sign in again."""
    found = people.set_active(_someone(person_id).email, True, now=now())
    flash(gettext(N_("Đã mở lại tài khoản %(email)s."), email=found.email), "success")
    return redirect(url_for("admin.show", person_id=person_id), code=303)


@pages.post("/people/<int:person_id>/close")
def close_account(person_id: int) -> Response:
    """End a person's sessions and let them in no more; what they wrote stays under their name."""
    if person_id == person().id:
        raise Refused(N_("Bạn không tự đóng tài khoản của mình được; hãy nhờ một quản trị viên khác."))
    found = people.set_active(_someone(person_id).email, False, now=now())
    flash(gettext(N_("Đã đóng tài khoản %(email)s; mọi phiên đăng nhập đã kết thúc."), email=found.email), "success")
    return redirect(url_for("admin.show", person_id=person_id), code=303)


def _people(typed: dict[str, str], problem: str = "") -> str:
    everyone = stored.everyone()
    page = paged(everyone)
    return render_template(
        "pages/admin.html",
        page=page,
        last_seen=stored.last_seen([each.id for each in page.items]),
        open_accounts=sum(each.active for each in everyone),
        units=units.refs(living_on=today()),
        roles=tuple(Role),
        typed=typed,
        problem=problem,
    )


def _someone(person_id: int) -> Person:
    found = stored.by_id(person_id)
    if found is None:
        raise NotFound(N_("Không có tài khoản này. Hãy mở lại từ trang Quản trị."))
    return found.person


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise Refused(N_("Hãy chọn một vai trò trong danh sách.")) from None
