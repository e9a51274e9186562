"""The page of one task, as the person asking may see it; forms that cannot be kept are answered with it too."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.amendment_lines import TaskChange, task_changes
from tracker.domain.amendments import Amendment
from tracker.domain.assignments import LEAD
from tracker.domain.checkpoints import Checkpoint
from tracker.domain.errors import TrackerError
from tracker.domain.extensions import Extension
from tracker.domain.people import Person
from tracker.domain.reporting import reporting
from tracker.domain.share_people import has_head
from tracker.domain.urging import Counted
from tracker.domain.views import MilestoneLine, ShareLine, UnitRef
from tracker.domain.work import CORRECTABLE, WORKING, Action, LoggedEntry, Origin
from tracker.store import amendments, corrections, share_extras, tasks, work
from tracker.store import logs as log_store
from tracker.store.amendments import TaskHistory
from tracker.store.confirming import Confirming
from tracker.store.facts import TaskLines, task_lines
from tracker.store.log_drafts import SavedDraft
from tracker.store.logs import TaskShares
from tracker.store.share_extras import ShareExtras
from tracker.store.tasks import AssignedParty, TaskHead
from tracker.store.unit_history import Standing, standing
from tracker.usecases.import_results import COLUMNS
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.doings import Doings, doings
from tracker.web.forms import code_of, whole_number
from tracker.web.giving import giving
from tracker.web.runtime import gettext, now, person, today
from tracker.web.urging import may_urge_now

MOST_LOG_LINES = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person sent and we could not keep: shown again in its form, so that nothing typed is lost.

    `form` names the form where it is not that of the log.
    """

    share_id: int
    texts: dict[str, str]
    problem: str
    had_files: bool = False
    form: str = ""


def task_page(task_id: int, sent: Sent | None = None) -> str:
    """The page; raises NotFound where the person asking may not see the task."""
    who, cut = person(), cut_off()
    task, shares = tasks.head(task_id), log_store.shares_of_task(task_id, cut)
    access.ask_to_see_task(who, shares.unit_ids)
    plan = plan_or_404(task.plan_id)
    history = amendments.of_task(plan, task_id, cut.held_on)
    task = tasks.as_held(task, history.then)
    found = task_lines(plan, [task_id], cut, history.then)
    stands = standing(cut.as_of)
    log_ids = _readable_logs(who, found, shares)
    extras = share_extras.of_shares(plan, set(log_ids.values()), list(shares.tenures), who, cut, today())
    logs = log_store.log_of_task(shares, cut, _read_in_full(who), MOST_LOG_LINES, who.unit_id)
    hanging = _hanging(extras, shares, log_ids)
    headed = has_head(extras.people.colleagues)
    may_do = doings(who, plan, cut.until > now(), _withdrawing(who, logs, headed), headed, extras.confirming)
    return render_template(
        "pages/task.html",
        task=task,
        plan=plan,
        lines=found.lines,
        partners=found.partners,
        logs=logs,
        cards=_cards(found, who, may_do, hanging, sent.share_id if sent else _number("share")),
        hanging=hanging,
        draft=sent,
        correcting=_correcting(logs, sent),
        correctable=CORRECTABLE,
        working=WORKING,
        may_amend=plan.state == "in_force" and access.may_amend(who, plan.monitor_unit_ids),
        amended=_amended(history, found),
        corrections=corrections.of_task(task_id, cut.until) if task.corrected else (),
        columns=COLUMNS,
        now_called=_now_called(task, stands),
        doings=may_do,
        confirming=_confirming_unit(extras.confirming, stands),
        may_read=lambda unit_id: access.may_see_log(who, unit_id),
        giving=giving(who, plan, extras.people, cut),
        urging=_urging(task_id, found, extras, log_ids, may_urge_now(plan, cut)),
    )


def _read_in_full(who: Person) -> frozenset[int] | None:
    """The units whose logs the person reads in full; None for all."""
    return None if access.oversees(who) else frozenset(filter(None, (who.unit_id,)))


def _number(name: str) -> int | None:
    """A number in the address; None for what is none."""
    return whole_number(request.args.get(name, ""))


def not_kept(
    task_id: int,
    share_id: int,
    texts: dict[str, str],
    problem: TrackerError,
    form: str = "",
    *,
    had_files: bool = False,
) -> tuple[str, int]:
    """The page with what was sent for a share, and why it was refused; and the code of that answer."""
    return task_page(task_id, Sent(share_id, texts, problem.text(gettext), had_files, form)), code_of(problem)


def back_to_task(share_id: int) -> Response:
    """To the page with the forms of a share; NotFound, as for a share that is none, where its task may not be seen."""
    share = work.share_now(share_id)
    access.ask_to_see_task(person(), share.task_unit_ids)
    return redirect(url_for("tasks.show", task_id=share.task_id, as_of=request.args.get("as_of")))


def _cards(
    found: TaskLines,
    who: Person,
    may_do: Callable[[ShareLine], Doings],
    hanging: Callable[[int], "Hanging"],
    asked_for: int | None,
) -> Callable[[MilestoneLine], list[ShareLine]]:
    """By milestone, the shares that stand in full, what the person does next first.

    One's own to do, others' that wait for an answer, the one asked for, one's own that waits or is done, and leads
    while they are few.
    """

    def wanted(share: ShareLine) -> bool:
        return share.id == asked_for or may_do(share).asked or hanging(share.id).asks

    def of(line: MilestoneLine) -> list[ShareLine]:
        everybody = (*line.leads, *found.partners.get(line.id, ()))
        own = [share for share in everybody if share.unit.id == who.unit_id]
        to_do = [share for share in own if may_do(share).log or may_do(share).approve]
        leads = () if line.led_by_many else line.leads
        return list(dict.fromkeys((*to_do, *filter(wanted, everybody), *own, *leads)))

    return of


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on one share beside its log: how it came to its unit, later dates, days of its own, one's draft."""

    origins: Sequence[Origin] = ()
    extensions: Sequence[Extension] = ()
    checkpoints: Sequence[Checkpoint] = ()
    draft: SavedDraft | None = None

    @property
    def asks(self) -> bool:
        """Whether a request waits for its decision."""
        return any(each.outcome is None for each in self.extensions)


@dataclass(frozen=True, slots=True)
class Urging:
    """How often the shares that one may read were urged, by id; whether the person may urge them, and all its leads."""

    task_id: int
    may: bool
    may_leads: bool
    counts: Mapping[int, Counted]


def _urging(task_id: int, found: TaskLines, extras: ShareExtras, readable: Collection[int], may_urge: bool) -> Urging:
    """Nobody is urged about a task that all have reported."""
    shares = [share for line in found.lines for share in (*line.leads, *found.partners.get(line.id, ()))]
    counts = {each: extras.urged[each] for each in readable if each in extras.urged}
    parts = {share.part for share in reporting(shares).missing} if may_urge else set()
    return Urging(task_id, bool(parts), LEAD in parts, counts)


def _confirming_unit(confirms: Confirming, stands: Standing) -> Callable[[ShareLine], UnitRef | None]:
    """The monitor that a share goes to, as it is called on the day shown; None where no monitor can answer it."""

    def of(share: ShareLine) -> UnitRef | None:
        goes_to = confirms.of(share.id, share.unit.id).goes_to
        return stands.refs.get(goes_to[0]) if goes_to else None

    return of


def _readable_logs(who: Person, found: TaskLines, shares: TaskShares) -> dict[int, int]:
    """The logs of the shares shown that the person may read, by share id."""
    shown: list[ShareLine] = [share for line in found.lines for share in line.leads]
    shown += [share for partners in found.partners.values() for share in partners]
    readable = {share.id for share in shown if access.may_see_log(who, share.unit.id)} & shares.tenures.keys()
    return {share_id: shares.tenures[share_id].log_id for share_id in readable}


def _hanging(extras: ShareExtras, shares: TaskShares, log_ids: dict[int, int]) -> Callable[[int], Hanging]:
    """By the id of a share, what the person may see of it and has typed for it."""

    def of(share_id: int) -> Hanging:
        log_id = log_ids.get(share_id, 0)
        return Hanging(
            shares.origins.get(share_id, ()),
            extras.extensions.get(log_id, ()),
            extras.checkpoints.get(log_id, ()),
            extras.drafts.get(share_id),
        )

    return of


def _withdrawing(who: Person, logs: dict[int, list[LoggedEntry]], headed: bool) -> Callable[[ShareLine], bool]:
    """Whether the person takes back what the unit of a share reported or asked; `headed` tells of their own unit."""

    def may(share: ShareLine) -> bool:
        moved = (entry.person_id for entry in logs.get(share.id, ()) if entry.action is not Action.CORRECT)
        return access.may_withdraw(who, share.unit.id, next(moved, None), headed)

    return may


def _correcting(logs: dict[int, list[LoggedEntry]], sent: Sent | None) -> LoggedEntry | None:
    """The entry that the form corrects, by `?correct=` or by what was sent; None for a further entry."""
    asked = whole_number(sent.texts.get("corrects", "") if sent else request.args.get("correct", ""))
    return next((entry for lines in logs.values() for entry in lines if entry.id == asked), None)


def _amended(history: TaskHistory, found: TaskLines) -> list[tuple[Amendment, TaskChange]]:
    """The decisions that changed a task, with what each replaced."""
    told = ((each, task_changes(changes, found.places)) for each, changes in history.decisions)
    return [(each, changes[0]) for each, changes in told if changes]


def _now_called(task: TaskHead, stands: Standing) -> list[tuple[AssignedParty, tuple[UnitRef, ...]]]:
    """The units of a task that are called otherwise on the day shown, or have heirs, with who stands for them then."""
    named = [(party, stands.now_called(party.unit_id)) for party in task.parties if party.unit_id]
    return [(party, units) for party, units in named if [unit.name for unit in units] != [party.name]]
