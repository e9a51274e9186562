"""Pages are asked without the start of a reader's process, which other tests have."""

import pytest


@pytest.fixture(autouse=True)
def quick_reading(reading_here: None) -> None:
    """Documents that are uploaded are read in this process."""
