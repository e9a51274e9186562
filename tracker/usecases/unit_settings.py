"""What a unit settles for itself."""

from datetime import datetime

from tracker.domain import access
from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.store import unit_settings
from tracker.store.database import transaction
from tracker.store.history import record_change


def set_approval(person: Person, code: str, *, wanted: bool, now: datetime) -> None:
    """Let a unit's head read its reports before they leave it, or no longer; Refused for a unit without a head."""
    with transaction():
        found = unit_settings.of_unit(code)
        if found is None:
            raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
        access.ask_to_set_approval(person, found.unit_id)
        if wanted and not found.has_head:
            raise Refused(
                N_("Đơn vị chưa có thủ trưởng nào có tài khoản, nên chưa đặt được bước duyệt. Hãy thêm trước.")
            )
        unit_settings.set_approval(found.unit_id, wanted=wanted)
        fields = {"head_approves": (found.head_approves, wanted)}
        record_change("setting.changed", "unit", found.unit_id, now=now, person=person, label=found.name, fields=fields)
