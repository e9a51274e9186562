"""Which lines of a log have not left their unit: what waits for its head, and what the head sent back."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.work import Action, State
from tracker.store.tables import ProgressEntry

_NEXT, _BEFORE = aliased(ProgressEntry), aliased(ProgressEntry)
_ANSWERS = (Action.APPROVE.value, Action.SEND_BACK.value, Action.WITHDRAW.value)


def _answer() -> sa.ScalarSelect[str]:
    """What the unit did next with a report that waits for its head."""
    later = (
        _NEXT.share_id == ProgressEntry.share_id,
        _NEXT.version > ProgressEntry.version,
        _NEXT.action.in_(_ANSWERS),
    )
    return sa.select(_NEXT.action).where(*later).order_by(_NEXT.version).limit(1).scalar_subquery()


def _waited() -> sa.Exists:
    """Whether the line before it left a report waiting for the head."""
    before = (_BEFORE.share_id == ProgressEntry.share_id, _BEFORE.version == ProgressEntry.version - 1)
    return sa.exists().where(*before, _BEFORE.state == State.APPROVING.value)


WITHIN_UNIT = sa.or_(
    sa.and_(ProgressEntry.state == State.APPROVING.value, sa.func.coalesce(_answer(), "") != Action.APPROVE.value),
    ProgressEntry.action == Action.SEND_BACK.value,
    sa.and_(ProgressEntry.action == Action.WITHDRAW.value, _waited()),
)
"""That a line of ProgressEntry is the unit's own: a report leaves it, with its evidence, when the head approves."""
