"""The one place that reads the time; everything below is handed `now`."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    frozen: datetime | None = None

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that stands still: demonstrations, dry runs and tests."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a frozen clock needs an aware time")
        self.frozen: datetime | None = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was frozen at, aware, in UTC."""
        assert self.frozen is not None
        return self.frozen

    def move(self, to: datetime) -> None:
        """Set the standing time to another moment."""
        self.frozen = to.astimezone(UTC)


Clock = SystemClock | FrozenClock
