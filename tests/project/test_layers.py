"""The imports check forbids every arrow that is not in docs/design.md, and no other."""

import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dev

MAY_IMPORT = {
    "cli": "scheduler config clock app web usecases store adapters domain",
    "scheduler": "cli config clock app web usecases store adapters domain",
    "app": "config clock web usecases store adapters domain",
    "web": "clock usecases store adapters domain",
    "usecases": "store adapters domain",
    "store": "domain",
    "adapters": "domain",
    "domain": "",
    "config": "clock domain",
    "clock": "config domain",
}
BROKEN = re.compile(r"tracker\.(\w+)\.to_\w+ -> tracker\.(\w+)")


def check_imports(tree: Path) -> str:
    """What the check of `dev.py test` prints about a tree."""
    command = [sys.executable, *dict(dev.CHECKS)["import-linter"]]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False).stdout


def make_tree(tree: Path) -> None:
    """A package in which every part imports every other part."""
    shutil.copy(dev.ROOT / "pyproject.toml", tree)
    (tree / "tracker").mkdir()
    (tree / "tracker" / "__init__.py").touch()
    (tree / "tracker" / "__main__.py").touch()
    for part in MAY_IMPORT:
        (tree / "tracker" / part).mkdir()
        (tree / "tracker" / part / "__init__.py").touch()
    for part, other in itertools.permutations(MAY_IMPORT, 2):
        (tree / "tracker" / part / f"to_{other}.py").write_text(f"import tracker.{other}\n")


def test_every_import_against_the_direction_is_found_and_no_other(tmp_path: Path) -> None:
    make_tree(tmp_path)
    forbidden = {pair for pair in itertools.permutations(MAY_IMPORT, 2) if pair[1] not in MAY_IMPORT[pair[0]].split()}
    assert set(BROKEN.findall(check_imports(tmp_path))) == forbidden


def test_a_new_part_must_be_given_its_place(tmp_path: Path) -> None:
    make_tree(tmp_path)
    (tmp_path / "tracker" / "helpers.py").touch()
    assert "tracker.helpers" in check_imports(tmp_path)
