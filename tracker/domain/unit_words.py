"""What kinds and levels of units are called."""

from tracker.domain.words import N_

UNIT_KINDS = {
    "": N_("chưa rõ loại"),
    "people-committee": N_("ủy ban nhân dân"),
    "office": N_("văn phòng"),
    "department": N_("phòng, ban, sở"),
    "ministry": N_("bộ"),
    "school": N_("trường học"),
    "police": N_("công an"),
    "front": N_("mặt trận"),
    "mass-organisation": N_("tổ chức đoàn thể"),
    "steering-committee": N_("ban chỉ đạo"),
    "project-board": N_("ban quản lý dự án"),
    "centre": N_("trung tâm"),
    "council": N_("hội đồng"),
    "emulation-block": N_("khối thi đua"),
}
LEVELS = {
    "": N_("không có cấp"),
    "province": N_("tỉnh, thành phố"),
    "district": N_("quận, huyện"),
    "ward": N_("phường, xã"),
    "preschool": N_("mầm non"),
    "primary": N_("tiểu học"),
    "primary-lower-secondary": N_("tiểu học và trung học cơ sở"),
    "lower-secondary": N_("trung học cơ sở"),
    "upper-secondary": N_("trung học phổ thông"),
}
COUNTED_BY = {
    "rule": N_("theo quy tắc"),
    "list": N_("theo danh sách chọn tay"),
    "open": N_("để ngỏ"),
}
