"""What a form's fields say: numbers, days, texts, files; and how forms are answered."""

import re
from datetime import date

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.adapters.files import MAX_FILE_OCTETS, Upload
from tracker.domain.calendar_days import iso_day
from tracker.domain.errors import Refused, StaleState, TrackerError
from tracker.domain.texts import paragraphs
from tracker.domain.words import N_
from tracker.web.runtime import gettext

WRITTEN_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}", re.ASCII)


def whole_number(text: str) -> int | None:
    """A number of up to eight digits; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def percent_of(text: str) -> int | None:
    """A percentage as people type it, None where nothing is; Refused for what is no whole number."""
    text = text.strip().removesuffix("%").strip()
    if not text:
        return None
    number = whole_number(text.removeprefix("-"))
    if number is None:
        raise Refused(N_("Tỷ lệ hoàn thành phải là số nguyên từ 0 đến 100; bạn đã nhập “%(text)s”."), text=text[:20])
    return -number if text.startswith("-") else number


def typed_day(text: str, place: str) -> date | None:
    """The day in a field, None where it is empty; Refused for what is no day. `place` is the field's label.

    As browsers send it (2024-12-16), or as people write it where a browser has no field for days (16/12/2024).
    """
    text = text.strip()
    if not text:
        return None
    try:
        return date(*map(int, reversed(text.split("/")))) if WRITTEN_DAY.fullmatch(text) else iso_day(text)
    except ValueError:
        raise Refused(
            N_("Ô “%(place)s”: “%(text)s” không phải một ngày. Hãy chọn lại, hoặc ghi ngày/tháng/năm như 16/12/2024."),
            place=gettext(place),
            text=text[:40],
        ) from None


def required_day(text: str, place: str) -> date:
    """The same for a field that must not be empty: Refused where it is."""
    day = typed_day(text, place)
    if day is None:
        raise Refused(N_("Ô “%(place)s” còn trống. Hãy chọn một ngày."), place=gettext(place))
    return day


def texts_of(*names: str) -> dict[str, str]:
    """The texts of the form's fields as people typed them, without controls."""
    return {name: paragraphs(request.form.get(name, "")) for name in names}


def uploads_of(name: str) -> list[Upload]:
    """The files sent with the form, each read no further than it takes to see that it is too large."""
    found = []
    for each in request.files.getlist(name):
        with each.stream:
            data = each.stream.read(MAX_FILE_OCTETS + 1)
        if each.filename or data:
            found.append(Upload(each.filename or "", data))
    return found


def to_share(task_id: int, share_id: int) -> Response:
    """To the card of a share on the page of its task: where a form of the share leads once it is kept."""
    return redirect(url_for("tasks.show", task_id=task_id, share=share_id, _anchor=f"share-{share_id}"), code=303)


def code_of(problem: TrackerError) -> int:
    """409 where the thing has changed since, 422 where the input is refused."""
    return 409 if isinstance(problem, StaleState) else 422
