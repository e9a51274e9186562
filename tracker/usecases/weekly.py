"""The weekly page of leaders: how each plan in force stands, who is late, who was urged. Once a week, never empty."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo

from tracker.adapters.mail_templates import Texts, render
from tracker.domain.calendar_days import DaysOff, day_end, day_start, local_day
from tracker.domain.names import search_key
from tracker.domain.people import Person, Role
from tracker.domain.plan_choice import running_plans
from tracker.domain.reminder_people import Cast, Office
from tracker.domain.reminder_rules import Event, Group
from tracker.domain.reminders import Reason
from tracker.domain.summaries import Tally, tally
from tracker.domain.urging import NEVER
from tracker.domain.views import PlanHead
from tracker.domain.weekly_pages import Reader, readers, week_of
from tracker.store import outbox, people, plans, preferences, reminder_rules, urgings
from tracker.store.amendments import held
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.unit_cells import unit_cells
from tracker.usecases.digests import message_id

KIND = "weekly"
WEEK = timedelta(days=7)
MOST_UNITS = 20


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """A unit that is late with `late` of the `of` shares that it leads, and was urged so often within the week."""

    name: str
    late: int
    of: int
    urged: int


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """How a plan stands: its milestones by official cell, and the units to be told of, the latest first."""

    plan: PlanHead
    cells: Tally
    units: tuple[UnitWeek, ...]


def drafts(now: datetime, zone: tzinfo, base_url: str, channels: Collection[str], off: DaysOff) -> list[outbox.Draft]:
    """The weekly pages that may go at `now` (aware), a moment at which reminders may go out, and are not there yet.

    From the rule's weekday on (Monday), on the first day of the week on which the reader is sent digests, at their
    hour. Who is away gets it once they are back within the week; who stands in for them has it meanwhile. Where none
    is owed: 3 queries, and 4 more while somebody stands in.
    """
    today = local_day(now, zone)
    rule = next(iter(reminder_rules.rules(of=Event.WEEKLY)), None)
    if rule is None or today.isoweekday() < (rule.weekday or 1):
        return []
    may = _readers(now, zone, channels, off)
    wanted = {key_of(reader.person, by, today): (reader, by) for reader, by in may}
    there = outbox.there(wanted) if wanted else set()
    missing = [key for key in wanted if key not in there]
    found = weeks(today, now, zone) if missing else []
    return [_draft(key, *wanted[key], found, today, base_url) for key in missing] if found else []


def key_of(person: Person, channel: str, day: date) -> str:
    """What makes a page the only one of its person, channel and week."""
    return f"{KIND}:{channel}:{person.id}:{week_of(day)}"


def had_in_week(day: date, zone: tzinfo) -> set[int]:
    """The ids of those who had a page, over whichever channel, in the week of `day` until then. 1 query."""
    monday = day - timedelta(days=day.weekday())
    return {person_id for person_id, _channel in outbox.recipients_since(KIND, day_start(monday, zone))}


def _readers(now: datetime, zone: tzinfo, channels: Collection[str], off: DaysOff) -> list[tuple[Reader, str]]:
    """Those who may have it now, with each channel of theirs that is there."""
    cast = _cast(now, zone)
    found = [(each, cast.preference(person_id)) for person_id, each in readers(cast).items()]
    ready = [(each, own) for each, own in found if own.next_moment(now, zone, off, had_today=False) <= now]
    return [(each, by) for each, own in ready for by in sorted(own.channels) if by in channels]


def _cast(now: datetime, zone: tzinfo) -> Cast:
    """The leaders of the day, with everybody where one of them is away and somebody may stand in."""
    today, leaders = local_day(now, zone), preferences.of_role(Role.LEADER)
    if any(own.pause and own.pause.stand_in and own.paused_on(today) for _, own in leaders):
        return Cast(preferences.office(today, zone), today)
    chosen = {each.id: own for each, own in leaders}
    return Cast(Office([each for each, _ in leaders], DaysOff(), zone, chosen), today)


def weeks(today: date, now: datetime, zone: tzinfo) -> list[PlanWeek]:
    """How each plan in force stands today; one in which all is done, and nobody was urged, is left out."""
    cut = CutOff(today, day_end(today, zone), zone)
    found = []
    for plan in running_plans(plans.heads(), today):
        cells = tally(line.status for line in milestone_lines(plan, cut, held(plan, cut.held_on)))
        urged = urgings.per_unit(plan.id, day_start(today - WEEK, zone), now, zone)
        lines = [
            UnitWeek(each.unit.name, each.lead.overdue, each.lead.total, urged.get(each.unit.id, NEVER).urged)
            for each in unit_cells(plan, cut)
        ]
        told = [each for each in lines if each.late or each.urged]
        told.sort(key=lambda each: (-each.late, -each.urged, search_key(each.name)))
        if cells.done < cells.total or told:
            found.append(PlanWeek(plan, cells, tuple(told)))
    return found


def words(reader: Reader, found: list[PlanWeek], today: date, base_url: str) -> Texts:
    """Subject and bodies in the person's language."""
    away = ", ".join(each.name for each in reader.instead_of)
    context = {"person": reader.person, "away": away, "today": today, "weeks": found, "most": MOST_UNITS}
    return render(KIND, reader.person.locale, base_url=base_url, **context)


def _draft(key: str, reader: Reader, channel: str, found: list[PlanWeek], today: date, base_url: str) -> outbox.Draft:
    person = reader.person
    return outbox.Draft(
        key=key,
        person_id=person.id,
        kind=KIND,
        channel=channel,
        to_address=person.email,
        locale=person.locale,
        message_id=message_id(key, base_url),
        items=[],
        **asdict(words(reader, found, today, base_url)),
    )


def last_look(claimed: outbox.Claimed, now: datetime, zone: tzinfo) -> outbox.Claimed | Reason:
    """The page as it was made, for it names its day; or the reason why it should not go: its week is over."""
    credentials = people.by_id(claimed.person_id)
    if credentials is None or not credentials.person.active:
        return Reason.ACCOUNT_CLOSED
    if credentials.person.role is not Role.LEADER and claimed.person_id not in readers(_cast(now, zone)):
        return Reason.UNWANTED
    own = preferences.of_person(claimed.person_id)
    if Group.WEEKLY in own.muted or claimed.channel not in own.channels:
        return Reason.UNWANTED
    over = week_of(local_day(claimed.created_at, zone)) != week_of(local_day(now, zone))
    return Reason.NEXT_DIGEST if over else claimed
