"""The directory that a document itself names, proposed to an installation that has none yet; a person corrects it."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from tracker.domain.names import bare, bare_key, fold, plain, squeeze, unit_key
from tracker.domain.plan_document import Party, PlanDocument
from tracker.domain.reading.lexicon import counted
from tracker.domain.units import Directory, Group, GroupRule, Unit

MAX_CODE = 80
# How the kinds of units begin, as `bare_key` writes them; the first that fits counts.
_KINDS = (
    ("uy ban mat tran|mat tran to quoc", "front"),
    ("hoi (?!dong)|doan thanh nien|doan tncs|lien doan|lien hiep", "mass-organisation"),
    ("uy ban nhan dan", "people-committee"),
    ("van phong", "office"),
    ("phong|so", "department"),
    ("bo(?! chi huy)", "ministry"),
    ("truong", "school"),
    ("cong an", "police"),
    ("ban chi dao", "steering-committee"),
    ("ban quan ly", "project-board"),
    ("trung tam|tram|benh vien", "centre"),
    ("hoi dong", "council"),
    ("khoi thi dua", "emulation-block"),
)
_SCHOOL_LEVELS = (
    ("tieu hoc.* trung hoc co so", "primary-lower-secondary"),
    ("mam non|mau giao", "preschool"),
    ("tieu hoc", "primary"),
    ("trung hoc co so", "lower-secondary"),
    ("trung hoc pho thong", "upper-secondary"),
)
_TIERS = (
    ("phường|xã(?! hội)|thị trấn", "ward"),
    ("quận|huyện|thị xã", "district"),
    ("tỉnh|thành phố|tp", "province"),
)  # with their marks: without them 'quản lý' would read like 'quận'
_COLLECTIVE = re.compile(r"\b(?:cac|nhung|mot so|toan bo) |^(?:nha )?truong(?: hoc)?$")
_ROLE = re.compile(r"^(?:cac )?(?:truong (?=khoi|ban)|chu tich |giam doc |thu truong |thuong truc (?!uy))")


def propose_directory(document: PlanDocument) -> Directory:
    """The units and groups that the cells of `document` name and no directory knows yet, with guessed kinds and codes.

    Spellings of one key are one unit: the most frequent is its name, the others are its aliases. Groups get a rule
    where their words tell one, else a list for a person to fill, as do those that count fewer units than the rule
    admits ('5 phường' of eight); open phrases stay open. A name that begins like no unit is left to a person.
    """
    units: list[Unit] = []
    named: list[tuple[str, str, tuple[str, ...]]] = []
    codes: set[str] = set()
    collective = {unit_key(party.name) for party in _unknown(document) if party.kind == "group"}
    for key, spellings in _spellings(document):
        name, *others = spellings
        code = free_code(name, codes)
        if key in collective or _COLLECTIVE.search(bare(key)):
            named.append((code, name, tuple(others)))
        elif kind := kind_of_name(name):
            units.append(Unit(code, name, kind=kind, level=level_of_name(name), aliases=tuple(others)))
        else:
            codes.discard(code)
    return Directory(units, [_group(*each, units) for each in named])


def _group(code: str, name: str, others: tuple[str, ...], units: Collection[Unit]) -> Group:
    said, rule = counted(plain(name)), _rule(name)
    if rule and said and said[1] is not None and sum(map(rule.admits, units)) > said[1]:
        rule = None
    return Group(code, name, "rule" if rule else "list", rule, (), others)


def is_of(document: PlanDocument, directory: Directory, titles: Collection[str]) -> bool:
    """Whether a document comes from the authority that `directory` describes.

    It says so by the authority's name in its title or its issuer, or at least half of its tasks are among `titles`,
    the folded titles of that authority's plans.
    """
    said = f" {fold(document.title)} {fold(document.issuer or '')} "
    authorities = [each for each in directory.units if each.kind == "people-committee" and each.parent is None]
    if any(f" {_own_name(each)} " in said for each in authorities):
        return True
    known = sum(fold(task.title) in titles for task in document.tasks)
    return 2 * known >= len(document.tasks) > 0


def _own_name(authority: Unit) -> str:
    """What tells an authority from others of its kind: quan hai an."""
    return fold(authority.name).removeprefix("uy ban nhan dan ")


def free_code(name: str, taken: set[str]) -> str:
    """A code for a new unit, made of its name and not among `taken`, to which it is added."""
    base = fold(name).replace(" ", "-")[:MAX_CODE].strip("-") or "don-vi"
    numbered = (f"{base[: MAX_CODE - 4]}-{n}" for n in range(2, 999))
    code = next(each for each in (base, *numbered) if each not in taken)
    taken.add(code)
    return code


def kind_of_name(name: str) -> str:
    """The kind of unit that a name tells ('' where it tells none)."""
    key = bare_key(name)
    return next((kind for words, kind in _KINDS if re.match(rf"(?:{words})\b", key)), "")


def level_of_name(name: str) -> str | None:
    """The school level of a school, else the tier, where the name tells it."""
    key = bare_key(name)
    if kind_of_name(name) == "school":
        return next((level for words, level in _SCHOOL_LEVELS if re.search(rf"\b(?:{words})\b", key)), None)
    if re.match(r"so\b", key):
        return "province"
    if re.match(r"(?:van phong|phong|ban|cong an|hoi dong|uy ban)\b", key):
        return next((tier for words, tier in _TIERS if re.search(rf"\b(?:{words})\b", plain(name))), None)
    return None


def _spellings(document: PlanDocument) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Folded name and its spellings, the most frequent first, of the unknown parties, in the document's order."""
    found: dict[str, Counter[str]] = {}
    for party in _unknown(document):
        name = squeeze(party.name)
        found.setdefault(unit_key(name), Counter())[name[:1].upper() + name[1:]] += 1
    for key, names in found.items():
        if key and not _ROLE.match(bare(key)):
            yield key, tuple(name for name, _count in names.most_common())


def _unknown(document: PlanDocument) -> Iterable[Party]:
    cells = (cell for task in document.tasks for cell in (task.leads, task.partners))
    return (party for cell in cells for party in cell if party.code is None and party.kind != "open")


def _rule(name: str) -> GroupRule | None:
    """The rule that a collective's words tell: 'các trường Tiểu học', 'UBND các phường'; None where they tell none."""
    said = counted(plain(name))
    words = re.sub(r"\b(?:các|những|một số|toàn bộ|nhà) ", "", said[0] if said else plain(name))
    if re.search(r"\b(?:ngoài công lập|bán trú|trên địa bàn|liên quan|thí điểm|thụ hưởng|cấp)\b", words):
        return None
    if re.fullmatch(r"cơ sở giáo dục|trường học|trường", words):
        return GroupRule(("school",))
    if re.match(r"(?:phường|xã)\b", words):
        return GroupRule(("people-committee",), ("ward",))
    kind, level = kind_of_name(words), level_of_name(words)
    if kind == "school" and level in ("primary", "lower-secondary"):
        return GroupRule((kind,), (level, "primary-lower-secondary"))
    return GroupRule((kind,), (level,)) if kind and level else None
