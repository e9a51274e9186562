"""What an import changed, as files a person keeps."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from tracker.adapters.documents.delimited import harmless
from tracker.domain.differences import FIELD_NAMES

_HEADINGS = ("Thay đổi", "Số TT", "Nội dung", "Mục", "Trước", "Sau")
_KINDS = {
    "added": "thêm",
    "changed": "đổi",
    "dropped": "bỏ",
    "restored": "đưa trở lại",
    "renumbered": "chỉ đổi số thứ tự",
}


def report_json(told: Mapping[str, Any]) -> bytes:
    """The result as it is kept, as readable JSON."""
    return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"


def report_csv(told: Mapping[str, Any]) -> bytes:
    """One line for each task added or dropped, field changed, row left out, cell corrected, unit and spelling learnt.

    UTF-8 with a byte order mark and semicolons, as Vietnamese spreadsheets open it.
    """
    lines = [list(_HEADINGS)]
    lines += [
        ["đổi", "", "kế hoạch", FIELD_NAMES[each["field"]], each["old"], each["new"]] for each in told["plan_changes"]
    ]
    for row in told["rows"]:
        said = [_KINDS[row["kind"]], row["number"], row["title"]]
        changes = [each for each in row["changes"] if each["field"] != "dropped_on"]
        lines += [
            [*said, FIELD_NAMES.get(each["field"], each["field"]), each["old"], each["new"]] for each in changes
        ] or [[*said, "", "", ""]]
    lines += [
        ["không nhập", each["number"], each["title"], "lý do", "", each["reason"]] for each in told.get("skipped", ())
    ]
    lines += [
        ["sửa khi nhập", each["number"], each["title"], FIELD_NAMES[each["column"]], each["written"], each["value"]]
        for each in told.get("corrected", ())
    ]
    learnt = told["learnt"]
    lines += [["thêm", "", each["name"], "đơn vị", "", each["code"]] for each in learnt["units"]]
    lines += [["thêm", "", each["name"], "nhóm đơn vị", "", each["code"]] for each in learnt["groups"]]
    lines += [["thêm", "", each["text"], "tên gọi khác", "", each["code"]] for each in learnt["spellings"]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in lines])
    return out.getvalue().encode("utf-8-sig")
