"""Plans of every shape, made by hypothesis: what a program writes and must understand again."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from tests.support.samples import directory
from tracker.domain.plan_document import Place, PlanDocument, ReadTask
from tracker.domain.reading.milestones import milestones
from tracker.domain.reading.parties import PartyReader, as_written
from tracker.domain.reading.periods import plan_year
from tracker.domain.reading.phrases import TimeContext

READER = PartyReader(directory())
CONTEXT = TimeContext(plan_year("2024-2025"), date(2024, 8, 9))

TOKENS = ("a", "Đề", "học;", '"kép"', "'đơn'", "=1+1", "+84", "-x", "@tên", '""', ";;", ",", "x,y", "|", "(1)", "“năm”")
TOKENS += ("2024-2025", "1/2", "&", "'=a", "''", ".", "tháng", "9/2024", "và", "Ế", "<b>", "_x0041_", "%s", "{x}")
cell = st.lists(st.sampled_from(TOKENS), max_size=4).map(lambda tokens: " ".join([*tokens, "chữ"]))
names = st.lists(st.sampled_from([each.name for each in directory().units]) | cell, min_size=1, max_size=4)
units = st.builds(lambda listed, mark: as_written(mark.join(listed)), names, st.sampled_from([", ", "\n", "; "]))
TIMES = ("", "Tháng 9/2024", "T12/2024; T5/2025", "Trước 30/6", "Thường xuyên", "15 ngày kể từ ngày ban hành")
TIMES += ("31/3/2025\nriêng khối A nộp sớm", "Quý III/2024", "Ngày 05/9/2024", "Theo kế hoạch của Sở")
times = st.sampled_from(TIMES)


@st.composite
def tasks(draw: st.DrawFn, number: int) -> ReadTask:
    """One task, its units and times understood from its words."""
    leads, partners = draw(units), draw(st.just("") | units)
    times_read, _ = milestones(draw(times), draw(times), CONTEXT)
    return ReadTask(
        number=str(number),
        group=draw(st.none() | cell),
        title=draw(cell),
        product=draw(st.none() | cell),
        leads_as_written=leads,
        partners_as_written=partners,
        leads=READER.read(leads).parties,
        partners=READER.read(partners).parties,
        milestones=times_read,
        place=Place(),
        extra=draw(st.just(()) | cell.map(lambda text: (("Ghi chú", text),))),
    )


@st.composite
def plans(draw: st.DrawFn) -> PlanDocument:
    """A plan of one to five tasks."""
    rows = [draw(tasks(number)) for number in range(1, draw(st.integers(1, 5)) + 1)]
    return PlanDocument(
        title=draw(cell),
        school_year="2024-2025",
        tasks=tuple(rows),
        number=draw(st.none() | st.just("12/KH-UBND")),
        issuer=draw(st.none() | cell),
        issued_on=date(2024, 8, 9),
    )


def without_places(plan: PlanDocument) -> PlanDocument:
    """What a plan says, wherever it stood and whatever was odd about it."""
    return replace(plan, findings=(), tasks=tuple(replace(task, place=Place()) for task in plan.tasks))
