"""What an import changes of a plan as a whole: its own particulars, and who watches it."""

from collections.abc import Sequence

from tracker.domain.differences import FieldChange
from tracker.domain.errors import Refused
from tracker.domain.plan_document import PlanDocument
from tracker.domain.words import N_
from tracker.store import imports as store
from tracker.store import units


def plan_changes_of(plan_id: int, document: PlanDocument) -> tuple[FieldChange, ...]:
    """What the document says otherwise of the plan itself; what it does not say stays."""
    stored = store.plan_fields(plan_id)
    said = {name: getattr(document, name) for name in store.HEAD_FIELDS}
    return tuple(
        FieldChange(name, str(stored[name] or ""), str(new))
        for name, new in said.items()
        if new and new != stored[name]
    )


def watch(plan_id: int, codes: Sequence[str] | None, *, is_new: bool) -> dict[str, tuple[object, object]]:
    """Set who watches the plan; what that was and is now, by the codes of the units, where it was said."""
    if codes is None:
        if is_new:
            store.set_monitors(plan_id, store.units_of_monitors())
        return {}
    known = units.ids_by_code()
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refused(N_("Không có đơn vị theo dõi với mã: %(codes)s."), codes=", ".join(unknown))
    wanted = [known[code] for code in codes]
    before = store.monitor_ids(plan_id)
    if wanted != before:
        store.set_monitors(plan_id, wanted)
    return {"monitors": ([code for code, unit_id in known.items() if unit_id in before], list(codes))}
