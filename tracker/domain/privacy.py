"""The notice on personal data that everybody reads at the first sign-in."""

NOTICE_VERSION = 1
"""Raised whenever the notice says something new: everybody is then shown it again."""
