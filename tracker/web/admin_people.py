"""The administrator's page of one person: password, invitation, opening and closing the account."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.account_links import LinkKind
from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import ROLES_OF_UNITS, Person, Role
from tracker.domain.words import N_
from tracker.store import acting as stored_acting
from tracker.store import addresses, person_data, units
from tracker.store import people as stored
from tracker.usecases import account_links as links
from tracker.usecases import leaving, people, second_factors
from tracker.usecases import outbox as sending
from tracker.usecases.history import note_seen
from tracker.web import outbox
from tracker.web.errands import run_soon, send_now
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("admin_people", __name__, url_prefix="/admin/people")

MOST_SHOWN = 50
CORRECTED = ("email", "name", "role", "unit", "phone")


@pages.get("/<int:person_id>")
def show(person_id: int) -> str:
    """One account, and what can be done with it."""
    found = someone(person_id)
    note_seen(found, person(), now(), runtime().zone)
    return person_page(found)


@pages.post("/<int:person_id>/correct")
def correct(person_id: int) -> Response | tuple[str, int]:
    """Correct name, address, role, unit and telephone of a person; what that leaves behind is asked about first."""
    found = someone(person_id)
    typed = {name: request.form.get(name, "").replace("\0", "").strip() for name in CORRECTED}
    try:
        wanted = people.Correction(
            typed["email"], typed["name"], role_of(typed["role"]), typed["unit"] or None, typed["phone"]
        )
        leaving.correct(found, wanted, chosen_heir(), by=person(), now=now(), today=today())
    except leaving.StillOwes as problem:
        owed = leaving.left_behind(found, wanted, today())
        return leaving_page(found, owed, problem.text(gettext), typed), 422
    except Refused as problem:
        return person_page(found, correct_problem=problem.text(gettext), corrected=typed), 422
    flash(gettext(N_("Đã sửa thông tin tài khoản.")), "success")
    return back_to(person_id)


def chosen_heir() -> int | None:
    """Who takes over, as the form says; None where it says nothing."""
    heir = request.form.get("heir", "")
    return int(heir) if heir.isdecimal() else None


def leaving_page(found: Person, owed: leaving.Owed, problem: str = "", typed: Mapping[str, str] | None = None) -> str:
    """What a person leaves behind and who may take it over, before the account closes or, `typed`, is corrected."""
    return render_template(
        "pages/admin_leaving.html",
        found=found,
        owed=owed,
        problem=problem,
        most=MOST_SHOWN,
        typed=typed,
        new_unit=units.ref_by_code(typed["unit"]) if typed else None,
    )


def role_of(text: str) -> Role:
    """The role that a form names; Refused where it is none."""
    try:
        return Role(text)
    except ValueError:
        raise Refused(N_("Hãy chọn một vai trò trong danh sách.")) from None


@pages.post("/<int:person_id>/password")
def password(person_id: int) -> Response | tuple[str, int]:
    """Set another password for a person; their sessions end."""
    found = someone(person_id)
    new = request.form.get("password", "")
    try:
        people.set_password(found.email, new, now=now(), demo=runtime().demo, by=person())
    except Refused as problem:
        return person_page(found, problem=problem.text(gettext)), 422
    flash(gettext(N_("Đã đặt mật khẩu mới cho %(email)s. Hãy trao tận tay người dùng."), email=found.email), "success")
    return back_to(person_id)


@pages.post("/<int:person_id>/link")
def link(person_id: int) -> Response | str:
    """Invite a person, or let one who has a password choose another: by mail, or by a link to hand over."""
    found = someone(person_id)
    if not found.active:
        raise Refused(N_("Tài khoản này đã đóng; hãy mở lại trước khi mời."))
    return invite(found, url_for("admin_people.show", person_id=person_id))


@pages.post("/<int:person_id>/second-factor-off")
def second_factor_off(person_id: int) -> Response:
    """Switch the second factor off for somebody who lost the phone."""
    found = someone(person_id)
    second_factors.take_away(found, by=person(), now=now())
    flash(gettext(N_("Đã tắt xác thực hai bước của %(email)s."), email=found.email), "success")
    return back_to(person_id)


@pages.post("/<int:person_id>/address-works")
def address_works(person_id: int) -> Response:
    """Take the flag away from an address that a mail server refused, for somebody had it mended."""
    found = someone(person_id)
    sending.address_works(found.id)
    flash(gettext(N_("Sẽ lại gửi thư đến %(email)s."), email=found.email), "success")
    return back_to(person_id)


@pages.post("/<int:person_id>/open")
def open_account(person_id: int) -> Response:
    """Let a person sign in again."""
    found = people.set_active(someone(person_id).email, True, now=now(), by=person())
    flash(gettext(N_("Đã mở lại tài khoản %(email)s."), email=found.email), "success")
    return back_to(person_id)


def invite(found: Person, back: str) -> Response | str:
    """Send the person a link by mail and lead to the address `back`; without mail, a page shows the link once."""
    if not runtime().mail_is_sent:
        return render_template(
            "pages/admin_link.html", found=found, link=links.make_for_hand(found, now(), runtime().base_url, person())
        )
    has_password = bool(_credentials(found.id).password_hash)
    kind = LinkKind.RESET if has_password else LinkKind.INVITE
    run_soon(partial(send_now, links.put_out(found, kind, now(), runtime().base_url, by=person())))
    flash(gettext(N_("Đã gửi thư có đường dẫn đặt mật khẩu đến %(email)s."), email=found.email), "success")
    return redirect(back, code=303)


def back_to(person_id: int) -> Response:
    """To the page of that person."""
    return redirect(url_for("admin_people.show", person_id=person_id), code=303)


def someone(person_id: int) -> Person:
    """The person with that id, NotFound where there is none."""
    return _credentials(person_id).person


def _credentials(person_id: int) -> stored.Credentials:
    found = stored.by_id(person_id)
    if found is None:
        raise NotFound(N_("Không có tài khoản này. Hãy mở lại từ trang Quản trị."))
    return found


def person_page(found: Person, **more: Any) -> str:
    """The page of that person; `more` are problems with what was typed into its forms."""
    living = units.refs(living_on=today())
    return render_template(
        "pages/admin_person.html",
        found=found,
        mail_is_sent=runtime().mail_is_sent,
        refusal=addresses.refused([found.id]).get(found.id),
        problem_of_mail=outbox.problem,
        acting=stored_acting.of_person(found.id),
        units=[unit for unit in living if unit.id != found.unit_id],
        every_unit=living,
        roles=tuple(Role),
        erased=person_data.shows_erased(found),
        has_factor=second_factors.is_on(found),
        of_unit=found.role in ROLES_OF_UNITS,
        **{
            "problem": "",
            "acting_problem": "",
            "erase_problem": "",
            "typed": {},
            "corrected": {},
            "correct_problem": "",
            **more,
        },
    )
