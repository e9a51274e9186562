"""What a new database needs before the first plan: the days off and the reminder rules.

Its directory comes with the first plan: see `usecases.first_directory`.
"""

from datetime import datetime

from tracker.adapters.seeds import load_days_off
from tracker.store import units
from tracker.store.database import transaction
from tracker.usecases.reminders import ensure_rules


def prepare(now: datetime) -> None:
    """Seed what is missing; what people have changed since stays. `now` is aware, UTC."""
    with transaction():
        units.add_days_off(load_days_off())
    ensure_rules()
