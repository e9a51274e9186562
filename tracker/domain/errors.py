"""What can go wrong, in words for people. Nothing here knows of HTTP or of a terminal."""

from collections.abc import Callable
from typing import Self

from tracker.domain.words import filled, identity

UNITS, PLANS = "units", "plans"


class TrackerError(Exception):
    """A failure with a sentence for the person who caused or meets it.

    `message` is a Vietnamese template with `%(name)s` places, `params` fills them.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        self.listed = ""

    def see(self, listed: str) -> Self:
        """The same error, with the list that shows what there is: UNITS or PLANS. Each edge says how to open it."""
        self.listed = listed
        return self

    def text(self, translate: Callable[[str], str] = identity) -> str:
        """The sentence, its template first passed through `translate`."""
        return filled(self.message, self.params, translate)

    def __str__(self) -> str:
        return self.text()


class UnreadableDocument(TrackerError):
    """A file that cannot be read as a plan."""


class NotFound(TrackerError):
    """Something that does not exist, or that the asker may not know of."""


class Forbidden(TrackerError):
    """Something the asker may see and may not do."""


class Refused(TrackerError):
    """Input that breaks a rule."""


class StaleState(TrackerError):
    """The thing changed since the asker last looked at it."""


class Overtaken(StaleState):
    """Somebody wrote in between, whoever it was; what was to be done could still be done."""
