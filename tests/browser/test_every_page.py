"""What every page holds to, in both languages: its weight, its room, its motion, and the way of the focus."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.test_pages import PAGES, VARIANTS
from tests.support.browser import DESKTOP, assert_fits
from tests.support.runs import long

FIRST_VISIT, NEXT_VISIT = 120 * 1024, 25 * 1024  # octets, compressed
TWICE_AS_LARGE, NARROWEST = DESKTOP // 2, 320  # CSS pixels: WCAG 2.2, 1.4.4 and 1.4.10
Visited = Mapping[str, Sequence[str]]
ONE: Visited = {"monitor": ("/plans/1",)}
EVERY_PAGE: Visited = {
    "monitor": (*PAGES, *VARIANTS, "/tasks/7", "/tasks/25", "/waiting", "/urgings", "/notices"),
    "lead": ("/", "/my", "/tasks/7", "/units/phong-tckh", "/plans/1", "/overdue"),
    "partner": ("/", "/my"),
    "leader": ("/", "/waiting"),
    "admin": ("/", "/admin/", "/admin/people/4", "/groups/cac-truong-mam-non"),
}

# What moves although the reader asked for less motion.
MOVING = """() => [...document.querySelectorAll('*')].filter(each => {
    const style = getComputedStyle(each), seconds = text => Math.max(...text.split(',').map(parseFloat));
    const animated = style.animationName !== 'none' && seconds(style.animationDuration) > 0;
    return animated || seconds(style.transitionDuration) > 0;
}).map(each => each.outerHTML.slice(0, 120))"""

# What the keyboard reaches in another order than it is read, and what does not show that it was reached.
FOCUS = """() => {
    const faults = [], start = document.activeElement;
    const reached = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({visibilityProperty: true}));
    for (const each of reached) {
        const tell = what => faults.push(what + ': ' + each.outerHTML.slice(0, 120));
        if (each.tabIndex > 0) tell('out of turn');
        for (let at = each; at !== document.body; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (style.order !== '0' || /reverse/.test(style.flexDirection + style.flexWrap)) tell('moved');
        }
        each.focus({focusVisible: true, preventScroll: true});
        const style = getComputedStyle(each), box = each.getBoundingClientRect();
        if (document.activeElement !== each) tell('not reached');
        if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) tell('not shown');
        if (box.width < 1 || box.height < 1 || box.right <= 0 || box.bottom + scrollY <= 0) tell('out of sight');
    }
    start.focus?.();
    return faults;
}"""


def weights(page: Page, path: str) -> Iterator[int]:
    """How many octets come over the wire at the first visit of a page and at the next one."""
    wire, came = page.context.new_cdp_session(page), []
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    for _visit in range(2):
        came.clear()
        page.goto(path, wait_until="networkidle")
        yield sum(came)
    wire.detach()


def visits(sign_in: SignIn, locale: str, visited: Visited) -> Iterator[tuple[Page, str]]:
    """A page for each of the people, which opens each of their addresses in turn; with the address still to open."""
    for who, paths in visited.items():
        page = sign_in(who, locale=locale)
        for path in paths:
            yield page, path


in_both_languages = pytest.mark.parametrize(
    ("locale", "visited"), [("vi", ONE), long("vi", EVERY_PAGE), long("en", EVERY_PAGE)]
)


@in_both_languages
def test_a_page_is_light_at_the_first_visit_and_lighter_at_the_next(sign_in, locale, visited):
    heavy = []
    for page, path in visits(sign_in, locale, visited):
        first, following = weights(page, path)
        if first > FIRST_VISIT or following > NEXT_VISIT:
            heavy.append((path, first, following))
    assert heavy == []


@in_both_languages
def test_a_page_fits_at_twice_the_size_and_at_320_pixels(sign_in, locale, visited):
    for page, path in visits(sign_in, locale, visited):
        page.goto(path)
        for width in (TWICE_AS_LARGE, NARROWEST):
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)


@pytest.mark.long
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_nothing_moves_where_less_motion_is_asked_for(sign_in, locale):
    for page, path in visits(sign_in, locale, EVERY_PAGE):
        page.emulate_media(reduced_motion="reduce")
        page.goto(path)
        assert page.evaluate(MOVING) == [], path


@in_both_languages
def test_the_focus_goes_as_one_reads_and_is_seen(sign_in, locale, visited):
    for page, path in visits(sign_in, locale, visited):
        page.goto(path)
        assert page.evaluate(FOCUS) == [], path
