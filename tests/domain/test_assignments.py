"""Whose work a task is."""

from tracker.domain.assignments import PlannedShare, only_known, planned_shares
from tracker.domain.plan_document import Party, Place, ReadTask

OFFICE = Party("Phòng GD&ĐT", "Phòng Giáo dục và Đào tạo", "unit", "phong-gddt")
WARD = Party("UBND phường Cát Bi", "Ủy ban nhân dân phường Cát Bi", "unit", "ubnd-phuong-cat-bi")
WARDS = Party("UBND các phường", "Ủy ban nhân dân các phường", "group", "ubnd-cac-phuong")
OTHERS = Party("các phòng liên quan", "các phòng, ban, đơn vị liên quan", "open", "cac-phong-ban-lien-quan")
STRANGER = Party("Đội Cờ đỏ", "Đội Cờ đỏ", "unit", None)
MEMBERS = {"ubnd-cac-phuong": ("ubnd-phuong-cat-bi", "ubnd-phuong-nam-hai")}


def expand(code: str) -> tuple[str, ...]:
    return MEMBERS.get(code, ())


def test_a_group_becomes_one_share_per_member() -> None:
    assert planned_shares([OFFICE], [WARDS], expand) == (
        PlannedShare("phong-gddt", "lead"),
        PlannedShare("ubnd-phuong-cat-bi", "partner", "ubnd-cac-phuong"),
        PlannedShare("ubnd-phuong-nam-hai", "partner", "ubnd-cac-phuong"),
    )


def test_a_unit_in_both_cells_has_the_lead_share_alone() -> None:
    assert {share.part for share in planned_shares([OFFICE, WARDS], [WARDS, OFFICE], expand)} == {"lead"}


def test_a_unit_named_itself_is_not_there_through_its_group() -> None:
    shares = planned_shares([], [WARDS, WARD], expand)
    assert [(share.unit_code, share.group_code) for share in shares] == [
        ("ubnd-phuong-cat-bi", None),
        ("ubnd-phuong-nam-hai", "ubnd-cac-phuong"),
    ]


def test_open_parties_and_groups_without_members_owe_nothing() -> None:
    assert planned_shares([OTHERS], [STRANGER, Party("x", "x", "group", "nobody")], expand) == ()


def test_what_the_directory_does_not_know_stays_as_an_open_party() -> None:
    task = ReadTask("1", None, "Việc", None, "", "", (OFFICE,), (WARDS, STRANGER), (), Place())
    assert only_known(task, {"phong-gddt", "ubnd-cac-phuong"}.__contains__).partners == (
        WARDS,
        Party("Đội Cờ đỏ", "Đội Cờ đỏ", "open", None),
    )
    assert only_known(task, lambda code: False).leads == (Party("Phòng GD&ĐT", OFFICE.name, "open", None),)
