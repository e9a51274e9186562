"""What a new database needs before the first plan: the directory, the days off, the reminder rules."""

from datetime import datetime

from tracker.adapters.seeds import load_days_off, load_directory
from tracker.store import units
from tracker.store.database import transaction
from tracker.usecases.reminders import ensure_rules


def prepare(now: datetime) -> None:
    """Seed what is missing; what people have changed since stays. `now` is aware, UTC."""
    with transaction():
        units.add_directory(load_directory())
        units.add_days_off(load_days_off())
    ensure_rules()
