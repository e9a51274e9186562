"""The directory by hand: names learnt once, new units and groups, who is in a group."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.support.samples import read
from tests.support.worlds import ANNEX, NOW
from tracker.adapters.documents import read_plan
from tracker.domain.errors import NotFound, Refused
from tracker.domain.proposals import propose_directory
from tracker.domain.units import Group, GroupRule, Unit
from tracker.store import units
from tracker.store.database import transaction
from tracker.usecases.imports import import_plan
from tracker.usecases.units import create_group, create_unit, decide_name, edit_unit, set_group

pytestmark = pytest.mark.usefixtures("inside")

BRANCH = Unit(
    "chi-cuc-thue", "Chi cục Thuế khu vực Hải An", "Chi cục Thuế", "department", "district", "ubnd-quan-hai-an"
)


def found(text: str) -> str | None:
    named = units.directory().find(text)
    return named.code if named else None


def test_a_decided_name_is_learnt_once_and_found_from_then_on():
    assert found("Phòng Giáo dục quận nhà") is None
    assert decide_name("Phòng Giáo dục  quận nhà", "phong-gddt", person=None, now=NOW)
    assert found("PHÒNG GIÁO DỤC QUẬN NHÀ") == "phong-gddt"
    assert not decide_name("phòng giáo dục quận nhà", "phong-gddt", person=None, now=NOW)
    assert decide_name("các trường có bếp ăn", "cac-truong-hoc", person=None, now=NOW)
    assert found("Các trường có bếp ăn") == "cac-truong-hoc"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("Phòng Nội vụ", "phong-gddt", "“Phòng Nội vụ” đã là tên gọi của “Phòng Nội vụ”"),
        ("Phòng lạ", "khong-co", "Không có đơn vị hay nhóm với mã “khong-co”"),
        ("  ", "phong-gddt", "để trống"),
    ],
)
def test_a_name_that_cannot_be_learnt_is_refused(text, code, sentence):
    with pytest.raises(Refused) as refused:
        decide_name(text, code, person=None, now=NOW)
    assert sentence in refused.value.text()


def test_a_unit_is_created_with_its_place_and_its_spellings():
    create_unit(replace(BRANCH, aliases=("CCT Hải An",)), now=NOW)
    known = units.directory().get("chi-cuc-thue")
    assert known == replace(BRANCH, aliases=("CCT Hải An",))
    assert found("CCT HẢI AN") == "chi-cuc-thue"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        (replace(BRANCH, code="phong-gddt"), "đã có trong danh bạ"),
        (replace(BRANCH, code="Chi cục"), "chữ thường không dấu"),
        (replace(BRANCH, code="x" * 81), "chữ thường không dấu"),
        (replace(BRANCH, name=" "), "Hãy ghi tên đơn vị"),
        (replace(BRANCH, name="x" * 301), "tối đa 300"),
        (replace(BRANCH, short_name="x" * 121), "Tên ngắn dài quá 120"),
        (replace(BRANCH, name="Phòng nội vụ"), "đã là tên gọi của “Phòng Nội vụ”"),
        (replace(BRANCH, short_name="Phòng GD&ĐT"), "đã là tên gọi"),
        (replace(BRANCH, parent="khong-co"), "cấp trên với mã “khong-co”"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_with_nothing_written(unit, sentence):
    before = len(units.directory().units)
    with pytest.raises(Refused) as refused:
        create_unit(unit, now=NOW)
    assert sentence in refused.value.text()
    assert len(units.directory().units) == before


def test_a_group_is_counted_by_hand_by_rule_or_not_at_all():
    create_group(Group("truong-ban-tru", "các trường có bếp ăn bán trú", "list"), now=NOW)
    set_group("truong-ban-tru", "list", members=("truong-mn-cat-bi", "truong-th-thanh-to"), now=NOW)
    assert units.directory().expand("truong-ban-tru") == ("truong-mn-cat-bi", "truong-th-thanh-to")
    set_group("truong-ban-tru", "rule", rule=GroupRule(("school",), ("preschool",)), now=NOW)
    assert set(units.directory().expand("truong-ban-tru")) == {
        f"truong-mn-{n}" for n in ("cat-bi", "nam-hai", "thanh-to")
    }
    set_group("truong-ban-tru", "open", now=NOW)
    assert units.directory().expand("truong-ban-tru") == ()


@pytest.mark.one_database
def test_a_group_that_cannot_be_is_refused():
    with pytest.raises(Refused, match="ít nhất một loại"):
        set_group("cac-truong-hoc", "rule", rule=GroupRule(()), now=NOW)
    with pytest.raises(Refused, match="Không có đơn vị với mã: la, cac-truong-hoc"):
        set_group("cac-truong-hoc", "list", members=("la", "phong-gddt", "cac-truong-hoc"), now=NOW)
    with pytest.raises(NotFound, match="Không có nhóm"):
        set_group("phong-gddt", "open", now=NOW)
    with pytest.raises(Refused, match="đã có trong danh bạ"):
        create_group(Group("cac-truong-hoc", "nhóm khác", "open"), now=NOW)
    with pytest.raises(Refused, match="đã là tên gọi"):
        create_group(Group("khac", "các trường", "open"), now=NOW)


def test_short_name_and_spellings_are_corrected_all_at_once():
    changed = edit_unit(
        "phong-gddt", short_name="Phòng GD-ĐT", aliases=("PGD", "pgd ", "", "Phòng Giáo dục cũ"), now=NOW
    )
    assert changed.short_name == "Phòng GD-ĐT"
    assert changed.aliases == ("PGD", "pgd", "Phòng Giáo dục cũ")
    assert found("PGD") == "phong-gddt"
    with pytest.raises(Refused, match="đã là tên gọi của “Phòng Nội vụ”"):
        edit_unit("phong-gddt", short_name="", aliases=("Phòng Nội vụ",), now=NOW)
    with pytest.raises(Refused, match="tối đa 120"):
        edit_unit("phong-gddt", short_name="x" * 121, aliases=(), now=NOW)
    with pytest.raises(NotFound):
        edit_unit("cac-truong-hoc", short_name="", aliases=(), now=NOW)


@pytest.mark.long
def test_an_empty_installation_takes_the_directory_that_a_document_proposes(app: Flask):
    with app.app_context():
        document = read(ANNEX.name, known=False)
        with transaction():
            units.add_directory(propose_directory(document))
        again = read_plan(ANNEX.read_bytes(), ANNEX.name, units.directory())
        result = import_plan(again, now=NOW, monitors=("phong-giao-duc-va-dao-tao",), accept_defaults=True)
        assert result.counts["added"] == 41
        assert result.shares > 60
