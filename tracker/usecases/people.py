"""Accounts: who is added, who signs in, whose password changes, who leaves."""

from dataclasses import dataclass, replace
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from tracker.adapters import passwords
from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import ROLES_OF_UNITS, Person, Role
from tracker.domain.phones import checked_phone
from tracker.domain.units import Directory
from tracker.domain.words import N_
from tracker.store import account_links as links
from tracker.store import addresses, people, person_data, sessions, units
from tracker.store.database import transaction
from tracker.store.feeds import touch_people
from tracker.store.history import record_change
from tracker.store.people import Credentials
from tracker.usecases import share_people, subscriptions
from tracker.usecases.first_directory import shipped_unit

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to hold of a person from now on: address, name, role, and the code of the unit.

    Without a `phone` the number stays as it is; an empty one takes it away.
    """

    email: str
    name: str
    role: Role
    unit_code: str | None
    phone: str | None = None


def add_person(
    email: str,
    name: str,
    role: Role,
    unit_code: str | None,
    *,
    now: datetime,
    password: str | None = None,
    locale: str = "vi",
    demo: bool = False,
    by: Person | None = None,
) -> Person:
    """Add a person of the unit with that code; without a password nobody can sign in yet.

    Refused for an address that is none or taken, a name left empty, a unit that is unknown or missing where the role
    needs one, and a password that `passwords.check_new` refuses.
    """
    address = _address(email)
    _check_name(name)
    if password is not None:
        passwords.check_new(password, demo=demo)
    hashed = passwords.hash_password(password) if password is not None else ""
    with transaction():
        unit_id = _unit_id(unit_code, role)
        person_id = people.add(address, name, role, unit_id, hashed, locale, now)
        record_change("person.added", "person", person_id, now=now, person=by, unit_id=unit_id)
    return _known(people.by_id(person_id), email).person


def check_correction(person: Person, wanted: Correction, by: Person | None) -> int | None:
    """The id of the unit that a person is corrected to; Refused as `correct_person` says. Inside a transaction."""
    _address(wanted.email)
    _check_name(wanted.name)
    checked_phone(wanted.phone or "")
    if person_data.is_erased(person.id):
        raise Refused(N_("Dữ liệu của người này đã được xóa."))
    if by is not None and by.id == person.id and wanted.role is not person.role:
        raise Refused(N_("Bạn không tự đổi vai trò của mình được; hãy nhờ một quản trị viên khác."))
    return _unit_id(wanted.unit_code, wanted.role)


def correct_person(person: Person, wanted: Correction, *, now: datetime, by: Person | None = None) -> Person:
    """Correct address, name, role, unit and telephone number of a person; returns the person as they are then.

    Who leaves a unit is named for none of its shares any more; with another address, links that were sent before open
    nothing. The history tells role and unit, of the others only that they changed. Refused as for `add_person`,
    for an account whose data were erased, and for another role of one's own.
    """
    with transaction():
        unit_id = check_correction(person, wanted, by)
        people.correct(person.id, _address(wanted.email), wanted.name, wanted.role, unit_id)
        if wanted.phone is not None:
            people.set_phone(person.id, checked_phone(wanted.phone))
        found = _known(people.by_id(person.id), wanted.email).person
        if unit_id != person.unit_id or wanted.role not in ROLES_OF_UNITS:
            share_people.stop([person.id], now, by)
        if found.email != person.email:
            links.end_all(person.id, now)
            addresses.lift([person.id])
        touch_people([person.id], now)
        subscriptions.end_lost(found, now, by)
        _tell_correction(person, found, now, by)
    return found


def _tell_correction(before: Person, after: Person, now: datetime, by: Person | None) -> None:
    """Write a correction into the history, without copies of what erasing must reach."""
    fields = {
        "role": (before.role.value, after.role.value),
        "unit": (before.unit_name or "", after.unit_name or ""),
        "name": ("", "***" if after.name != before.name else ""),
        "email": ("", "***" if after.email != before.email else ""),
        "phone": ("", "***" if after.phone != before.phone else ""),
    }
    record_change("person.corrected", "person", after.id, now=now, person=by, unit_id=after.unit_id, fields=fields)


def sign_in(email: str, password: str, *, demo: bool = False) -> Credentials | None:
    """The account that address and password open, else None: unknown, closed and wrong take the same time and words.

    Outside the demonstration its public password opens nothing.
    """
    found = people.by_email(email)
    right, stale = passwords.verify(found.password_hash if found else "", password)
    if found is None or not right or not found.person.active:
        return None
    if password == passwords.DEMO_PASSWORD and not demo:
        return None
    if stale:
        with transaction():
            people.set_password(found.person.id, passwords.hash_password(password))
    return found


def set_password(email: str, password: str, *, now: datetime, demo: bool = False, by: Person | None = None) -> Person:
    """Give a person a new password and end every session; NotFound for an unknown address."""
    found = _known(people.by_email(email), email)
    passwords.check_new(password, demo=demo)
    hashed = passwords.hash_password(password)
    with transaction():
        people.set_password(found.person.id, hashed)
        sessions.end_all(found.person.id, now)
        links.end_all(found.person.id, now)
        own = by is not None and by.id == found.person.id
        what = "person.password_changed" if own else "person.password_set"
        record_change(what, "person", found.person.id, now=now, person=by)
    return found.person


def change_own_password(person: Person, current: str, new: str, *, now: datetime, demo: bool = False) -> None:
    """Replace one's own password, which must be given once more; ends every session."""
    ask_password(person, current)
    set_password(person.email, new, now=now, demo=demo, by=person)


def ask_password(person: Person, password: str) -> None:
    """Raise Refused unless that is the person's password, given once more."""
    found = _known(people.by_id(person.id), person.email)
    if not passwords.verify(found.password_hash, password)[0]:
        raise Refused(N_("Mật khẩu hiện tại không đúng. Hãy nhập lại."))


def has_password(person: Person) -> bool:
    """Whether the person has a password; who signs in by links alone has none."""
    return bool(_known(people.by_id(person.id), person.email).password_hash)


def set_active(email: str, active: bool, *, now: datetime, by: Person | None = None) -> Person:
    """Open or close an account; closing ends its sessions at once.

    NotFound for an unknown address, Refused for opening one whose data were erased.
    """
    found = _known(people.by_email(email), email)
    if active and person_data.is_erased(found.person.id):
        raise Refused(N_("Dữ liệu của người này đã được xóa."))
    with transaction():
        people.set_active(found.person.id, active)
        if not active:
            share_people.stop([found.person.id], now, by)
        sessions.end_all(found.person.id, now)
        links.end_all(found.person.id, now)
        subscriptions.end_lost(replace(found.person, active=active), now, by)
        what = "person.opened" if active else "person.closed"
        record_change(what, "person", found.person.id, now=now, person=by)
    return found.person


def choose_phone(person: Person, phone: str, *, now: datetime) -> None:
    """Keep a person's own telephone number, '' for none; Refused for what cannot be dialled."""
    with transaction():
        people.set_phone(person.id, checked_phone(phone))
        _tell_correction(person, _known(people.by_id(person.id), person.email).person, now, person)


def choose_locale(person: Person, locale: str) -> None:
    """Remember the language (vi or en) in which a person reads pages and mails."""
    if locale not in ("vi", "en"):
        raise Refused(N_("Chưa có ngôn ngữ “%(locale)s”; hãy chọn vi hoặc en."), locale=locale[:10])
    with transaction():
        people.set_locale(person.id, locale)


def _address(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refused(N_("“%(email)s” không phải địa chỉ thư điện tử. Hãy kiểm tra lại."), email=email[:80]) from None


def _check_name(name: str) -> None:
    if not name.strip():
        raise Refused(N_("Hãy ghi họ tên của người dùng."))
    if len(name.strip()) > LONGEST_NAME:
        raise Refused(N_("Họ tên dài quá %(most)s ký tự; hãy rút gọn."), most=str(LONGEST_NAME))


def _unit_id(code: str | None, role: Role) -> int | None:
    if not code:
        if role in ROLES_OF_UNITS:
            raise Refused(N_("Người của cơ quan theo dõi và của đơn vị cần một đơn vị. Hãy cho biết đơn vị nào."))
        return None
    unit = units.ref_by_code(code)
    if unit is None and (shipped := shipped_unit(code, units.directory())):
        units.add_directory(Directory([replace(shipped, parent=None)]))
        unit = units.ref_by_code(code)
    if unit is None:
        raise Refused(N_("Không có đơn vị với mã “%(code)s” trong danh bạ. Hãy chọn lại đơn vị."), code=code)
    return unit.id


def _known(found: Credentials | None, email: str) -> Credentials:
    if found is None:
        raise NotFound(N_("Không có tài khoản với địa chỉ %(email)s."), email=email)
    return found
