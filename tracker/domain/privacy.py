"""The notice on personal data that everybody reads at the first sign-in."""

NOTICE_VERSION = 2
"""Raised whenever the notice says something new: everybody is then shown it again."""
