"""One box that finds tasks, units, lines of logs and documents, as Vietnamese is typed."""

from flask import Blueprint, render_template, request

from tracker.domain.searching import MOST_CHARACTERS, best_excerpt, marked, read_search
from tracker.domain.words import N_
from tracker.store import searches
from tracker.store.searches import Asking
from tracker.web.asked import one_of
from tracker.web.paging import Page, paged
from tracker.web.runtime import gettext, person, today

pages = Blueprint("search", __name__)

FIRST_OF_EACH, PAGE_SIZE = 5, 20
KIND_NAMES = {
    searches.TASKS: N_("Nhiệm vụ"),
    searches.UNITS: N_("Đơn vị"),
    searches.LOGS: N_("Nhật ký tiến độ"),
    searches.DOCUMENTS: N_("Văn bản"),
}


@pages.get("/search")
def index() -> str:
    """What `q` finds, the first few of each kind; with `kind`, all of that one, a page at a time."""
    q = request.args.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    search = read_search(q)
    asking = Asking(search, person(), today())
    counts = searches.counts(asking) if search else dict.fromkeys(searches.KINDS, 0)
    kind = one_of("kind", searches.KINDS)
    page: Page[int] | None = None
    if counts.get(kind):
        page = paged(range(counts[kind]), PAGE_SIZE)
        found = {kind: searches.READERS[kind](asking, page.first - 1, page.size)}
    else:
        kind = ""
        found = {each: searches.READERS[each](asking, 0, FIRST_OF_EACH) for each in searches.KINDS if counts[each]}
    return render_template(
        "pages/search.html",
        q=q,
        searched=bool(search),
        kind=kind,
        names={each: gettext(name) for each, name in KIND_NAMES.items()},
        counts=counts,
        total=sum(counts.values()),
        found=found,
        page=page,
        marked=lambda text: marked(text, search),
        finds=search.finds,
        excerpt=lambda texts: best_excerpt(texts, search),
    )
