"""README tells of every setting, and of none that is not there."""

import re

from dev import ROOT
from tracker.config import SETTINGS

# Read by the tests, not by the product.
FOR_TESTS = {"TEST_DATABASE_URL"}


def test_the_readme_tells_of_every_setting_and_no_other() -> None:
    named = set(re.findall(r"\b(?:TRACKER|TEST)_[A-Z_]+\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named - FOR_TESTS == {setting.name for setting in SETTINGS}
