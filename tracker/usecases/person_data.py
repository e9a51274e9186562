"""What is kept about a person: handed out whole, and erased once the account is closed and owes nothing."""

from datetime import date, datetime
from typing import Any

from tracker.domain.errors import Refused
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.store import person_data
from tracker.store.database import transaction
from tracker.store.history import record_change
from tracker.usecases.leaving import owed


def export(person: Person, *, by: Person, now: datetime) -> dict[str, Any]:
    """Everything kept about the person, by table, in plain values; times in UTC. Told in the history."""
    with transaction():
        record_change("person.data_taken", "person", person.id, now=now, person=by)
        kept = person_data.kept_about(person.id)
    return {"person": person.email, "made_at": _plain(now), "kept": _plain(kept)}


def erase(person: Person, typed_address: str, *, by: Person, now: datetime, today: date) -> None:
    """Replace name and address by a number; the lines of the log stay.

    Refused while the account is open or owes work, where it was erased already, and unless its address was typed.
    """
    with transaction():
        if person.active:
            raise Refused(N_("Tài khoản đang mở; hãy đóng trước khi xóa dữ liệu."))
        if person_data.is_erased(person.id):
            raise Refused(N_("Dữ liệu của người này đã được xóa."))
        if owed(person, today).shares:
            raise Refused(N_("Người này còn phần việc chưa bàn giao; hãy giao cho người khác trước khi xóa."))
        if typed_address.strip().lower() != person.email:
            raise Refused(N_("Địa chỉ nhập vào không khớp; chưa xóa gì. Hãy nhập đúng thư điện tử của người này."))
        person_data.erase(person.id, now)
        record_change("person.erased", "person", person.id, now=now, person=by)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value
