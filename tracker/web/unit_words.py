"""What kinds and levels of units are called, for the pages."""

from tracker.domain.unit_words import LEVELS, UNIT_KINDS

__all__ = ["LEVELS", "UNIT_KINDS"]
