"""How a person wants to be reminded: at which hour, on which days, over which channels, of what, and when not."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from tracker.domain.calendar_days import ONE_DAY, DaysOff
from tracker.domain.errors import Refused
from tracker.domain.people import Role
from tracker.domain.reminder_rules import Group
from tracker.domain.words import N_

FIRST_HOUR, LAST_HOUR = 7, 20
EVERY_DAY = frozenset(range(1, 8))
OFFICE_DAYS = frozenset(range(1, 6))
# The names of channels as the outbox has them. The last goes beside the others: it may end in a room of many.
MAIL, BELL, WEBHOOK = "mail", "bell", "webhook"
CHANNELS = (MAIL, BELL, WEBHOOK)
LONGEST_PAUSE = timedelta(days=366)
# So far a working day is looked for; an office that closes for longer is taken to work again.
_FAR = 60


@dataclass(frozen=True, slots=True)
class Pause:
    """Days (both included) on which a person is not reminded; `stand_in` is who is told in their place, by id."""

    from_on: date
    until_on: date
    stand_in: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.from_on <= day <= self.until_on


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who may stand in for a person during a pause."""

    id: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person chose. `hour` is local; `weekdays` are 1 (Monday) to 7, of which only working days count."""

    hour: int = FIRST_HOUR
    weekdays: frozenset[int] = EVERY_DAY
    channels: frozenset[str] = frozenset({MAIL, BELL})
    muted: frozenset[Group] = frozenset()
    pause: Pause | None = None

    def paused_on(self, day: date) -> bool:
        """Whether the person is not to be reminded on that day."""
        return self.pause is not None and self.pause.holds_on(day)

    def next_moment(self, now: datetime, zone: tzinfo, days_off: DaysOff, *, had_today: bool) -> datetime:
        """The first moment from `now` (aware) on at which their digest may go; on a later day where they `had_today`'s.

        In `zone`.
        """
        local = now.astimezone(zone)
        days, today = SendingDays(days_off, self.weekdays), local.date()
        at = time(self.hour, tzinfo=zone)
        if days.sends_on(today) and not had_today:
            return max(local, datetime.combine(today, at))
        return datetime.combine(days.after(today), at)

    def next_digest(self, now: datetime, zone: tzinfo, days_off: DaysOff, *, had_today: bool) -> datetime:
        """The same where a pause is kept as well: the first moment after it where it falls into one."""
        moment = self.next_moment(now, zone, days_off, had_today=had_today)
        if self.pause is None or not self.pause.holds_on(moment.date()):
            return moment
        back = datetime.combine(self.pause.until_on + ONE_DAY, time.min, zone)
        return self.next_moment(back, zone, days_off, had_today=False)


DEFAULT = Preference()


@dataclass(frozen=True, slots=True)
class SendingDays:
    """The days on which somebody is sent a digest: those of the office's working days that they chose."""

    office: DaysOff = field(hash=False)
    weekdays: frozenset[int] = EVERY_DAY

    def sends_on(self, day: date) -> bool:
        """Whether a digest may go on that day."""
        # Whoever chose no day of the working week has no choice left: they are reminded on all of it.
        chosen = self.weekdays if self.weekdays & OFFICE_DAYS else EVERY_DAY
        return day.isoweekday() in chosen and not self.office.is_off(day)

    def after(self, day: date) -> date:
        """The first such day after `day`."""
        return self._first(day, ONE_DAY)

    def on_or_before(self, day: date) -> date:
        """`day` itself, or the last such day before it."""
        return day if self.sends_on(day) else self._first(day, -ONE_DAY)

    def reach(self, today: date) -> date:
        """The last day that a digest of `today` has to speak for: the eve of the next one."""
        return self.after(today) - ONE_DAY

    def _first(self, day: date, step: timedelta) -> date:
        found = next((each for n in range(1, _FAR) if self.sends_on(each := day + n * step)), None)
        return found or day + step


def check_preference(
    wanted: Preference,
    person_id: int,
    colleagues: Collection[int],
    today: date,
    channels: Collection[str] = CHANNELS,
) -> None:
    """Refuse a choice that would silence somebody by mistake, with the place and the mend.

    `colleagues` are the ids of those who may stand in: people of the same unit with an open account. `channels` are
    those that the installation has.
    """
    if not FIRST_HOUR <= wanted.hour <= LAST_HOUR:
        raise Refused(N_("Giờ nhận thư phải từ %(first)s đến %(last)s giờ."), first=FIRST_HOUR, last=LAST_HOUR)
    if not wanted.weekdays & OFFICE_DAYS or not wanted.weekdays <= EVERY_DAY:
        raise Refused(N_("Hãy chọn ít nhất một ngày từ thứ Hai đến thứ Sáu."))
    if not wanted.channels & {MAIL, BELL} or not wanted.channels <= set(channels):
        raise Refused(N_("Hãy chọn ít nhất một cách nhận: thư điện tử hoặc chuông trong trang."))
    if wanted.pause:
        _check_pause(wanted.pause, person_id, colleagues, today)


def _check_pause(pause: Pause, person_id: int, colleagues: Collection[int], today: date) -> None:
    if pause.until_on < pause.from_on:
        raise Refused(N_("Ngày cuối của thời gian tạm dừng phải bằng hoặc sau ngày đầu."))
    if pause.until_on < today:
        raise Refused(N_("Thời gian tạm dừng đã qua; hãy chọn ngày khác hoặc bỏ tạm dừng."))
    if pause.until_on - pause.from_on > LONGEST_PAUSE:
        raise Refused(N_("Chỉ tạm dừng nhiều nhất một năm."))
    if pause.stand_in is not None and (pause.stand_in == person_id or pause.stand_in not in colleagues):
        raise Refused(N_("Người nhận thay phải là người khác trong đơn vị, có tài khoản đang mở."))
